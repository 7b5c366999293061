"""Fenced publishing into one stream: batches whose every message is stored right after the one before it.

A batch is JetStream's fast ingest (its ADR-50): the server ends it at the first message that is missing or
refused, and stores none that follows. Decision 0037 tells why it need not be atomic.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import nats.errors
import orjson
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contracts.envelope import header_lines, subject_of
from shared.eventstore.lineage import Lineage, LogSpan
from shared.eventstore.record import Record
from shared.telemetry.tracing import Span, Tracer, contexts_in

MAX_BATCH = 500
"""Messages in one batch; no acknowledgement is waited for before its last."""

MAX_BATCH_BYTES = 4 * 1024 * 1024

PATIENCE = 5.0
"""Seconds that the server gets to acknowledge a batch."""

_PREAMBLE = b"NATS/1.0\r\n"

_OPENS, _GOES_ON, _COMMITS = 0, 1, 2
"""What a message is to its batch, as its reply subject says."""

_SO_FAR = "ack"
"""The type of an answer that only says how far the server has come."""


class NotAccepted(Exception):
    """The stream did not take a batch, or it cannot be known whether it did: look at the stream again."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Rendered events on their way: where the stream and the log stand once it is stored."""

    frames: bytes
    token: str
    sequence: int
    position: int
    oldest: datetime
    """When its first event was recorded."""
    events: int = 1
    contexts: Sequence[str] = ()
    """The traces that its events belong to, where traces are made."""


def first_batch(records: Sequence[Record]) -> Sequence[Record]:
    """The longest beginning of `records` that one batch may hold; at least one record."""
    size = 0
    for count, record in enumerate(records[:MAX_BATCH]):
        size += len(record.data) + len(record.meta)
        if size > MAX_BATCH_BYTES and count:
            return records[:count]
    return records[:MAX_BATCH]


def render(records: Sequence[Record], logs: Lineage, sequence: int, reply: str) -> bytes:
    """Render a batch as the client protocol writes it, ready to be sent.

    Built here and not by the client, whose publishing of the same headers takes three times as long
    and would leave the server waiting. A single record goes as a plain message.

    Args:
        records: the batch, in order.
        logs: the logs of their store; their positions count in the current one.
        sequence: the stream's last sequence, right after which the batch must land.
        reply: where answers go; its last token is the batch's id, which no other batch has.
    """
    parts: list[bytes] = []
    last = len(records)
    for number, record in enumerate(records, 1):
        older = None if record.position >= logs.first else logs.log_id_at(record.position)
        headers = b"%bNats-Expected-Last-Sequence: %d\r\n%b\r\n" % (
            _PREAMBLE,
            sequence + number - 1,
            header_lines(record, logs.current, older),
        )
        to = f"{subject_of(record)} {reply}{_place(number, last)}"
        size = len(headers)
        parts += (
            b"HPUB %b %d %d\r\n" % (to.encode(), size, size + len(record.data)),
            headers,
            record.data,
            b"\r\n",
        )
    return b"".join(parts)


def _place(number: int, last: int) -> str:
    """Say in a reply subject where a message stands in its batch, and that a gap ends the batch."""
    if last == 1:
        return ""
    operation = _COMMITS if number == last else _OPENS if number == 1 else _GOES_ON
    return f".{MAX_BATCH}.fail.{number}.{operation}.$FI"


class Publisher:
    """Publishes into one stream over one connection.

    Args:
        nc: a connected client.
        stream: its name.
        logs: the logs of the store; or the id of its only one.
        tracer: traces batches, where traces are made.
    """

    def __init__(self, nc: Client, stream: str, logs: Lineage | UUID, tracer: Tracer | None = None) -> None:
        self._nc = nc
        self._stream = stream
        self._logs = Lineage([LogSpan(logs, 1, 0)]) if isinstance(logs, UUID) else logs
        self._inbox = nc.new_inbox()
        self._unique = self._inbox.rpartition(".")[2]
        self._count = 0
        self._answers: dict[str, asyncio.Future[dict[str, Any]]] = {}
        self._tracer = tracer
        self._spans: dict[str, Span] = {}

    async def __aenter__(self) -> "Publisher":
        self._subscription = await self._nc.subscribe(f"{self._inbox}.>", cb=self._answered)
        return self

    async def __aexit__(self, *_: object) -> None:
        for span in self._spans.values():
            span.end("Abandoned")  # nobody waited for what became of it
        if self._nc.is_connected:
            await self._subscription.unsubscribe()

    def prepare(self, records: Sequence[Record], sequence: int) -> Batch:
        """Render `records` as a batch that is to land right after `sequence`."""
        self._count += 1
        token = f"{self._unique}-{self._count}"
        frames = render(records, self._logs, sequence, self.reply_of(token))
        contexts = contexts_in(record.meta for record in records) if self._tracer is not None else ()
        return Batch(
            frames,
            token,
            sequence + len(records),
            records[-1].position,
            records[0].recorded_at,
            len(records),
            contexts,
        )

    def reply_of(self, token: str) -> str:
        """The subject, or its beginning, on which the server answers a batch."""
        return f"{self._inbox}.{token}"

    async def send(self, batch: Batch) -> None:
        """Hand a batch over to the network; `accepted` says what became of it.

        This writes into the client's own queue: its `publish` takes one message, with a dict of headers. It
        does not wait for the flush, where the client swallows cancellations; it lets the flusher begin.
        """
        if not self._nc.is_connected:
            raise NotAccepted("there is no connection to NATS")
        self._answers[batch.token] = asyncio.get_running_loop().create_future()
        if batch.contexts and self._tracer is not None:
            self._trace(self._tracer, batch)
        await self._nc._send_command(batch.frames)
        await self._nc._flush_pending()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def accepted(self, batch: Batch) -> None:
        """Wait until a batch that was sent is stored, all of it, where it was meant to land.

        Raises:
            NotAccepted: the stream stands elsewhere, does not exist, or did not answer.
        """
        span = self._spans.pop(batch.token, None)
        try:
            await self._taken(batch)
        except BaseException as error:
            if span is not None:
                span.end(type(error).__name__)
            raise
        if span is not None:
            span.end(position=batch.position)

    def _trace(self, tracer: Tracer, batch: Batch) -> None:
        span = tracer.follow(
            batch.contexts,
            f"publish {self._stream}",
            "producer",
            messaging_system="nats",
            messaging_destination=self._stream,
            messaging_count=batch.events,
        )
        if span is not None:
            self._spans[batch.token] = span

    async def _taken(self, batch: Batch) -> None:
        try:
            told = await asyncio.wait_for(self._answers[batch.token], PATIENCE)
        except (TimeoutError, nats.errors.Error) as error:
            raise NotAccepted(f"no acknowledgement from {self._stream}") from error
        finally:
            del self._answers[batch.token]
        if not told:
            raise NotAccepted(f"there is no stream {self._stream}")
        if "error" in told:
            raise NotAccepted(f"{self._stream} refused a batch: {told['error'].get('description')}")
        if told.get("stream") != self._stream or told.get("seq") != batch.sequence:
            raise NotAccepted(f"{self._stream} acknowledged {told}, not sequence {batch.sequence}")

    async def _answered(self, message: Msg) -> None:
        token = message.subject[len(self._inbox) + 1 :].partition(".")[0]
        answer = self._answers.get(token)
        if answer is None or answer.done():
            return
        told: dict[str, Any] = orjson.loads(message.data) if message.data else {}
        if told.get("type") != _SO_FAR:
            answer.set_result(told)
