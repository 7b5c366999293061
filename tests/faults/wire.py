"""HTTP as many clients send it at once: written by hand, or the clients would be slower than the service."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

LOST = (OSError, EOFError)
"""How it shows that the process at the other end is dead."""


@dataclass(frozen=True)
class Answer:
    """A response as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def replayed(self) -> bool:
        """Whether it is the stored answer to an earlier request of the same key."""
        return self.headers.get("idempotency-replayed") == "true"


class Wire:
    """One connection that is kept; one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, token: str) -> None:
        self._reader, self._writer = reader, writer
        self._common = f"Host: tanfidh\r\nAuthorization: Bearer {token}\r\n"

    async def post(self, path: str, key: str, body: object, *more: str, method: str = "POST") -> Answer:
        """Send a command and wait for its answer; `more` are further header lines. Raises one of LOST."""
        line = f"{method} {path}".encode()
        return await self.send(line, orjson.dumps(body), f"Idempotency-Key: {key}", *more)

    async def send(self, line: bytes, body: bytes = b"", *more: str) -> Answer:
        """Send any request line, before its ` HTTP/1.1`, as it is."""
        headers = "".join(f"{header}\r\n" for header in more)
        head = f"{self._common}{headers}Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._writer.write(line + b" HTTP/1.1\r\n" + head.encode() + body)
        return await self._read()

    async def send_half(self, line: bytes, announced: int, *more: str) -> Answer:
        """Announce a body and send none of it; return the answer all the same."""
        headers = "".join(f"{header}\r\n" for header in more)
        head = f"{self._common}{headers}Content-Type: application/json\r\nContent-Length: {announced}\r\n\r\n"
        self._writer.write(line + b" HTTP/1.1\r\n" + head.encode())
        return await self._read()

    async def close(self) -> None:
        self._writer.close()
        try:
            await self._writer.wait_closed()
        except OSError:
            return

    async def _read(self) -> Answer:
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
        pairs = (line.split(": ", 1) for line in lines)
        headers = {name.lower(): value for name, value in pairs}
        body = await self._reader.readexactly(int(headers.get("content-length", "0")))
        return Answer(int(first.split(" ")[1]), headers, body)


@asynccontextmanager
async def wires(urls: Iterable[str], token: str) -> AsyncIterator[list[Wire]]:
    """Open one connection to each of `urls`, which may name a process many times."""
    opened: list[Wire] = []
    try:
        for url in urls:
            parts = urlsplit(url)
            opened.append(Wire(*await asyncio.open_connection(parts.hostname, parts.port), token))
        yield opened
    finally:
        await asyncio.gather(*(wire.close() for wire in opened))
