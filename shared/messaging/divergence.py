"""Where a store and its stream part: all that the stream has and the store does not, and the other way."""

from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

from nats.aio.client import Client

from shared.eventstore.stored import StoredLog
from shared.messaging.comparing import Compared, Comparison
from shared.messaging.held import HeldMessages
from shared.messaging.likeness import Fault, Kind
from shared.messaging.provision import Missing, verify_stream
from shared.messaging.received import Received

SHOWN = 50
"""What is told one by one; the rest is counted."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """What a stream holds, compared with the store.

    Attributes:
        log_id: the log that the stream says it carries.
        matched: the last position at which both have the same event, wherever in the stream; 0 where there is
            none.
        lost: the events after it that the store does not have, in order.
        missing: sequences without a message, in order: the first and last of each run, up to `SHOWN` runs.
        faults: what else is wrong, in order, up to `SHOWN` of it.
        counts: how many of each kind there are, of all that is wrong.
    """

    log_id: UUID
    matched: int
    lost: tuple[Received, ...]
    missing: tuple[tuple[int, int], ...] = ()
    faults: tuple[Fault, ...] = ()
    counts: Mapping[Kind, int] = field(default_factory=dict)

    @property
    def faulty(self) -> bool:
        """Whether the stream holds something else than the events of a log, in order and without gaps."""
        return bool(self.counts)

    @property
    def unreadable(self) -> int:
        """How many messages are no events of ours."""
        return self.counts.get(Kind.FOREIGN, 0)


async def compare(nc: Client, log: StoredLog) -> Divergence | None:
    """Compare every message of the stream with the store's event at its place; None where there is no stream.

    What comes after the last event in common and is an event, the store has lost. A message that differs
    before that was changed or put there: the store, which has gone on since, never had it.

    Raises:
        ProvisioningRefused: the stream under that name is not as it should be.
    """
    try:
        stream = await verify_stream(nc, log.service)
    except Missing:
        return None
    found = _Sorting()
    async with HeldMessages(nc, log.service) as messages:
        comparison = Comparison(messages, log, log.read, log.lineage, stream.log_id)
        async with aclosing(comparison.pages(1, stream.last_sequence)) as pages:
            async for page in pages:
                found.add(page)
    return found.result(stream.log_id)


class _Sorting:
    """Sorts faults as they are found: an event may be lost as long as nothing in common comes after it.

    An event of the log that others moved, by what they put before it, is in common all the same, by its own
    position; the copy of one that came before says nothing.
    """

    def __init__(self) -> None:
        self.matched = 0
        self.missing: list[tuple[int, int]] = []
        self.faults: list[Fault] = []
        self.counts: dict[Kind, int] = {}
        self._common = 0
        self._events: list[Fault] = []

    def add(self, page: Compared) -> None:
        """Take in what comes next."""
        wrong = {fault.sequence: fault for fault in page.faults}
        for sequence in range(page.first, page.last + 1):
            self._match(sequence, wrong.get(sequence))
        for fault in page.faults:
            if fault.kind in (Kind.OTHER, Kind.BEYOND):
                self._events.append(fault)
            else:
                self._note(fault)
        if self._common >= page.first:
            for fault in [event for event in self._events if event.sequence < self._common]:
                self._note(fault)
            self._events = [event for event in self._events if event.sequence > self._common]

    def _match(self, sequence: int, fault: Fault | None) -> None:
        if fault is None:
            self._common, self.matched = sequence, max(self.matched, sequence)
        elif fault.kind is Kind.COPIED and fault.event is not None and fault.event.position > self.matched:
            self._common, self.matched = sequence, fault.event.position

    def result(self, log_id: UUID) -> Divergence:
        """Tell what was found."""
        lost = tuple(fault.event for fault in self._events if fault.event is not None)
        faults = tuple(sorted(self.faults, key=lambda fault: fault.sequence))
        return Divergence(log_id, self.matched, lost, tuple(self.missing), faults, self.counts)

    def _note(self, fault: Fault) -> None:
        self.counts[fault.kind] = self.counts.get(fault.kind, 0) + 1
        if fault.kind is not Kind.MISSING:
            if len(self.faults) < SHOWN:
                self.faults.append(fault)
        elif self.missing and self.missing[-1][1] == fault.sequence - 1:
            self.missing[-1] = (self.missing[-1][0], fault.sequence)
        elif len(self.missing) < SHOWN:
            self.missing.append((fault.sequence, fault.sequence))
