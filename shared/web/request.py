"""A request whose body is read once and within a limit, and the base of every body that is JSON."""

from pydantic import BaseModel, ConfigDict
from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive, Scope

from shared.contracts.text import Text
from shared.web.refusals import BadHeader, BodyTooLarge

DEFAULT_LIMIT = 1_000_000
"""Bytes of a body, where an endpoint says nothing else (`max_body_size` of its decorator)."""

READ = "tanfidh.read"
"""Set in the scope of a request whose body was read to its end."""

ONCE = Text(en="sent once", ar="مرسلة مرة واحدة")


class RequestModel(BaseModel):
    """A request body: what it does not know it refuses, so that a misspelt field is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class LimitedRequest(Request):
    """A request that reads at most `limit` bytes of body."""

    def __init__(self, scope: Scope, receive: Receive, limit: int) -> None:
        super().__init__(scope, receive)
        self._source = receive
        self._limit = limit
        self._read: bytes | None = None
        self._values: dict[bytes, bytes] | None = None
        self._repeated = False

    def header(self, name: bytes) -> str | None:
        """Return the value of a header by its name in lower case.

        Faster than `headers` for several: the list is turned into a dictionary once. A header that
        was sent twice is refused, since it would be anybody's guess which one counts.
        """
        if self._values is None:
            given = self.scope["headers"]
            self._values = dict(given)
            self._repeated = len(self._values) != len(given)
        value = self._values.get(name)
        if value is None:
            return None
        if self._repeated and self._count(name) > 1:
            raise BadHeader(header=name.decode(), expected=ONCE)
        return value.decode("latin-1")

    def _count(self, name: bytes) -> int:
        return sum(1 for given, _ in self.scope["headers"] if given == name)

    async def body(self) -> bytes:
        """Return the body; refuse as too large what is announced or turns out to be so."""
        if self._read is None:
            self._read = await self._within_limit()
            self.scope[READ] = True
        return self._read

    async def _within_limit(self) -> bytes:
        announced = self.header(b"content-length")
        if announced is not None and announced.isdecimal() and int(announced[:19]) > self._limit:
            raise BodyTooLarge(limit=self._limit)
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self._source()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect()
            part: bytes = message.get("body", b"")
            size += len(part)
            if size > self._limit:
                raise BodyTooLarge(limit=self._limit)
            parts.append(part)
            if not message.get("more_body", False):
                return part if len(parts) == 1 else b"".join(parts)
