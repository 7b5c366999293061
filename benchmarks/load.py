"""An HTTP load: keep-alive connections over plain sockets, each with one request in flight.

A process of its own, and written by hand: a client library would be slower than the servers.
"""

import argparse
import asyncio
import json
import time
from functools import partial
from typing import cast
from uuid import uuid4

import uvloop

FILES = 10
"""Files that a connection writes to by turns; no two connections share one, and the warm-up touches all."""

BODY = json.dumps(
    {"subject": {"en": "Closing minutes", "ar": "محضر إقفال"}, "sha256": "9f86d081884c7d65" * 4},
    ensure_ascii=False,
).encode()


class Connection(asyncio.Protocol):
    """Sends the next request when an answer is complete, until told to stop."""

    def __init__(self, number: int, token: str, done: asyncio.Future[None]) -> None:
        self.latencies: list[float] = []
        self.refused: list[bytes] = []
        self.running = True
        self._run = uuid4().hex[:12]
        self._number = number
        self._count = 0
        self._done = done
        self._rest = b"".join(
            (
                b"Host: 127.0.0.1\r\nContent-Type: application/json\r\n",
                b"Authorization: Bearer %b\r\n" % token.encode() if token else b"",
                b"Content-Length: %d\r\n\r\n" % len(BODY),
                BODY,
            )
        )
        self._received = b""
        self._sent = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast(asyncio.Transport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        """Collect an answer; send the next request when it is whole."""
        self._received += data
        head, found, body = self._received.partition(b"\r\n\r\n")
        if not found:
            return
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if len(body) < int(length):
            return
        if head[9:10] == b"2":
            self.latencies.append(time.perf_counter() - self._sent)
        else:
            self.refused.append(self._received)
        self._received = b""
        if self.running:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        """End, well or not."""
        if error is not None or self.running:
            self.refused.append(b"the connection was lost")
        if not self._done.done():
            self._done.set_result(None)

    def _send(self) -> None:
        self._count += 1
        self._sent = time.perf_counter()
        self._transport.write(
            b"POST /files/f-%d-%d/letters HTTP/1.1\r\nIdempotency-Key: %b-%d-%d\r\n%b"
            % (
                self._number,
                self._count % FILES,
                self._run.encode(),
                self._number,
                self._count,
                self._rest,
            )
        )


async def load(port: int, token: str, connections: int, seconds: float) -> dict[str, float]:
    """Return requests a second, and the median and 99th percentile of latency in milliseconds."""
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(connections)]
    made = [
        (await loop.create_connection(partial(Connection, n, token, ends[n]), "127.0.0.1", port))[1]
        for n in range(connections)
    ]
    await asyncio.sleep(1.0)  # a warm-up whose answers do not count
    for each in made:
        each.latencies.clear()
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    latencies = sorted(latency for each in made for latency in each.latencies)
    elapsed = time.perf_counter() - started
    for each in made:
        each.running = False
    await asyncio.wait_for(asyncio.gather(*ends), timeout=20)
    refused = [answer for each in made for answer in each.refused]
    if refused or not latencies:
        raise SystemExit(f"{len(refused)} requests failed, for example: {refused[:1]}")
    return {
        "rate": len(latencies) / elapsed,
        "p50": latencies[len(latencies) // 2] * 1e3,
        "p99": latencies[len(latencies) * 99 // 100] * 1e3,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("--token", default="")
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=4.0)
    given = parser.parse_args()
    told = uvloop.run(load(given.port, given.token, given.connections, given.seconds))
    print(json.dumps(told))
