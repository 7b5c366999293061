"""Comparing a stream with the log that it is a copy of, message by message, in bounded memory."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from shared.eventstore.lineage import Lineage
from shared.eventstore.record import Record
from shared.messaging.held import Held, HeldMessages
from shared.messaging.likeness import Fault, Likeness

Read = Callable[[int, int], Awaitable[list[Record]]]
"""Returns at most so many records after a position, in order, as the database has them."""


class Log(Protocol):
    """What has to be known of the store."""

    @property
    def service(self) -> str: ...  # noqa: D102 - see EventStore
    @property
    def log_id(self) -> UUID: ...  # noqa: D102
    @property
    def head(self) -> int: ...  # noqa: D102
    async def record_at(self, position: int) -> Record | None: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Compared:
    """A run of sequences, both ends included, and what is wrong in it, in order."""

    first: int
    last: int
    faults: tuple[Fault, ...]


class Comparison:
    """Compares messages with the records at whose positions they stand.

    A stream that is a copy has the event of position *n* at sequence *n*, and nothing else.

    Args:
        messages: of the service's stream.
        log: its store.
        read: reads pages of it.
        logs: the logs of the store.
        carried: the log that the stream carries; by default the one in force.
    """

    def __init__(
        self, messages: HeldMessages, log: Log, read: Read, logs: Lineage, carried: UUID | None = None
    ) -> None:
        self._messages = messages
        self._log = log
        self._read = read
        self._logs = logs
        self._carried = carried or log.log_id

    async def pages(self, first: int, last: int) -> AsyncGenerator[Compared]:
        """Compare from a sequence to another, both included.

        Raises:
            JetStreamRefused, nats.errors.Error: the stream cannot be read.
            Exception: whatever reading the store raises.
        """
        async for page in self._messages.pages(first, last):
            # The messages first: what is in the stream was committed before.
            records = {record.position: record for record in await self._read(min(page) - 1, len(page))}
            like = Likeness(self._log.service, self._carried, self._logs, self._log.head)
            found = [await self._fault(like, at, message, records) for at, message in page.items()]
            yield Compared(min(page), max(page), tuple(fault for fault in found if fault is not None))

    async def _fault(
        self, like: Likeness, sequence: int, message: Held | None, records: dict[int, Record]
    ) -> Fault | None:
        record = records.get(sequence)
        if message is None:
            return like.missing(sequence, record)
        if record is not None and like.is_copy(message, record):
            return None
        at = message.position
        return like.fault(message, await self._log.record_at(at) if at is not None else None)
