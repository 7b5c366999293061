"""A receiver of webhooks: it answers at once, and counts how often each one came."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

ANSWER = b"HTTP/1.1 204 Taken\r\ncontent-length: 0\r\n\r\n"


class Receiver:
    """Counts webhooks by their id."""

    def __init__(self) -> None:
        self.came: Counter[str] = Counter()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                pairs = (line.split(": ", 1) for line in head.decode("latin-1").split("\r\n")[1:-2])
                headers = {name.lower(): value for name, value in pairs}
                await reader.readexactly(int(headers["content-length"]))
                self.came[headers["webhook-id"]] += 1
                writer.write(ANSWER)
        except (asyncio.IncompleteReadError, OSError):
            return
        finally:
            writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
