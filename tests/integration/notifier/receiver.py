"""A receiver of webhooks on this machine: keeps what came, and answers as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from standardwebhooks import Webhook

from shared.contracts.notifier import Channel


@dataclass
class Delivery:
    """A request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = orjson.loads(self.body)
        return told

    def verified(self, secret: str) -> dict[str, Any]:
        """The body, when the signature is good; the library's own judgement."""
        told: dict[str, Any] = Webhook(secret).verify(self.body, self.headers)
        return told


@dataclass
class Receiver:
    """Answers with the next of `answers`, or with 204; `held` lets requests wait for an answer.

    An answer is a status, or the bytes of a whole answer.
    """

    port: int = 0
    answers: list[int | bytes] = field(default_factory=list)
    came: list[Delivery] = field(default_factory=list)
    held: asyncio.Event | None = None
    on_arrival: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        self._arrived = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"

    async def arrivals(self, count: int, within: float = 60) -> list[Delivery]:
        """Wait until so many requests came, and return them."""
        async with asyncio.timeout(within):
            while len(self.came) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return self.came

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                line, *rest = head.decode().split("\r\n")[:-2]
                headers = {name.lower(): value for name, value in (one.split(": ", 1) for one in rest)}
                body = await reader.readexactly(int(headers["content-length"]))
                self.came.append(Delivery(line, headers, body))
                self._arrived.set()
                if self.on_arrival is not None:
                    self.on_arrival()
                if self.held is not None:
                    await self.held.wait()
                answer = self.answers.pop(0) if self.answers else 204
                writer.write(answer if isinstance(answer, bytes) else plain(answer))
                await writer.drain()
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            writer.close()


def plain(status: int, *lines: str, body: bytes = b"") -> bytes:
    """An answer of a status."""
    headers = "".join(f"{line}\r\n" for line in (*lines, f"content-length: {len(body)}"))
    return f"HTTP/1.1 {status} Said\r\n{headers}\r\n".encode() + body


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Listen on a free port."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        if receiver.held is not None:
            receiver.held.set()
        server.close()
        await server.wait_closed()


WEBHOOK = Channel.WEBHOOK.value
