"""Keeping a service's stream what it is meant to be: a copy of its log, event by event (decision 0039)."""

import asyncio
from contextlib import aclosing

import nats.errors
import structlog
from nats.aio.client import Client

from shared.contracts.envelope import stream_name
from shared.eventstore.lineage import read_lineage
from shared.eventstore.store import EventStore
from shared.messaging.comparing import Comparison
from shared.messaging.held import HeldMessages
from shared.messaging.likeness import RESTORE, Fault, Kind
from shared.messaging.provision import ProvisioningRefused, StreamFound, verify_stream
from shared.messaging.refill import delete_stream
from shared.messaging.tail import Tail
from shared.messaging.under_way import BEHIND

REST = 9
"""How much longer than comparing a page the pause after it is, while all of a stream is looked through."""

AT_ONCE = 16_000
"""Messages of another relay that are compared before the first is published: about a second's."""

log = structlog.get_logger()


class ForeignMessage(Exception):
    """The stream holds something that this store did not publish at that place."""


class StoreBehindStream(Exception):
    """The stream goes further than the store: the store was restored from a backup, or lost its end."""


class HoleInStream(Exception):
    """Messages are missing that the log has.

    Attributes:
        sequence: where one was not found; 0 where only the server's count shows it.
    """

    def __init__(self, told: str, sequence: int = 0) -> None:
        self.sequence = sequence
        super().__init__(told)


class StreamKeeper:
    """Compares a stream with the log wherever this relay did not write it itself.

    `verified` is the sequence up to which the relay goes on without looking again: it wrote or compared that,
    or another one did before it, and then all of it is looked through beside the publishing.

    Args:
        nc: a connected client, with the right to read the stream, and to delete it.
        store: whose log.
        remakes: whether a stream with holes is made anew; without it that is an alarm.
    """

    def __init__(self, nc: Client, store: EventStore, remakes: bool) -> None:
        self.verified = 0
        self.remade = 0
        """How often a stream with holes was deleted, to be made anew."""
        self._nc = nc
        self._store = store
        self._remakes = remakes
        self._stream = stream_name(store.service)
        self._created: str | None = None
        self._begins = True
        self._suspect: int | None = None
        self._connections = 0

    @property
    def reconnected(self) -> bool:
        """Whether the connection was lost since: a server may have come back with less than it had."""
        return bool(self._nc.stats["reconnects"] != self._connections)

    def check_whole(self, stream: StreamFound) -> None:
        """Raise HoleInStream where the server's own count shows that messages are missing."""
        if stream.hole is not None:
            raise HoleInStream(f"{self._stream} has holes: {stream.hole}")

    def begin(self) -> None:
        """Begin to publish, after others may have: what is much of theirs is looked through beside that."""
        self._begins = True

    async def take_up(self, stream: StreamFound) -> Tail:
        """Compare what comes after `verified`; return where the stream ends.

        Of what a relay does not know, that is at least what another may have had stored behind a message of
        somebody else, and that message. Where something was wrong, it begins there until that is well again.

        Raises:
            HoleInStream: messages are missing.
            ForeignMessage, StoreBehindStream: publishing behind it would make two histories.
        """
        last, self._connections = stream.last_sequence, self._nc.stats["reconnects"]
        if stream.created != self._created:
            # A stream made anew since was written by somebody else; one that was there before, by a relay.
            self.verified = 0 if self._created is not None else last - 1 - BEHIND
            self._created = stream.created
        if self._begins and last - self.verified > AT_ONCE:
            self.verified = last - 1 - BEHIND
        self._begins = False
        self.check_whole(stream)
        first = max(1, min(self.verified + 1, last))
        self.verified = min(self.verified, last)
        await self._compare(min(first, self._suspect or first), last)
        self.verified, self._suspect = last, None
        return Tail(last, last)

    async def look_through(self, last: int) -> None:
        """Compare everything up to a sequence, in a tenth of the time that there is.

        Raises as `take_up`; the place is looked at first when the stream is taken up again.
        """
        if last > 0:
            await self._compare(1, last, REST)
            log.info("relay.compared", service=self._store.service, messages=last)

    async def make_anew(self, hole: HoleInStream) -> bool:
        """Delete a stream with holes; tell whether it was: it may have none any more.

        Nothing of it is lost, since all that it holds is compared before.

        Raises:
            ForeignMessage, StoreBehindStream: it holds something that the log has not; it is left as it is.
            ProvisioningRefused: it may not be deleted here.
        """
        if not self._remakes:
            raise ProvisioningRefused(f"{hole}; nothing is published; {RESTORE}")
        stream = await verify_stream(self._nc, self._store.service, self._store.log_id)
        if hole.sequence > stream.last_sequence:
            return False  # a new leader never had what the old one had counted
        missing = await self._compare(1, stream.last_sequence, passing=True)
        again = await verify_stream(self._nc, self._store.service, self._store.log_id)
        if again != stream or not (missing or stream.hole):
            return False
        log.error(
            "relay.makes-anew",
            service=self._store.service,
            stream=self._stream,
            reason=str(hole),
            missing=missing,
            held=stream.messages,
        )
        try:
            await delete_stream(self._nc, self._store.service)
        except nats.errors.TimeoutError as error:
            raise ProvisioningRefused(f"{hole}, and cannot be deleted from here; {RESTORE}") from error
        self.remade += 1
        self.verified, self._created, self._suspect = 0, None, None
        return True

    async def _compare(self, first: int, last: int, rest: int = 0, passing: bool = False) -> int:
        """Compare; raise for the first fault, or pass over what is missing. Return how much that was."""
        missing, loop = 0, asyncio.get_running_loop()
        logs = await read_lineage(self._store.pool)
        async with HeldMessages(self._nc, self._store.service) as messages:
            comparison = Comparison(messages, self._store, self._store.stored, logs)
            began = loop.time()
            async with aclosing(comparison.pages(first, last)) as pages:
                async for page in pages:
                    for fault in page.faults:
                        if not (passing and _can_be_filled(fault)):
                            self._raise(fault)
                    missing += len(page.faults)
                    if rest:
                        await asyncio.sleep(rest * (loop.time() - began))
                    began = loop.time()
        return missing

    def _raise(self, fault: Fault) -> None:
        self._suspect = min(self._suspect or fault.sequence, fault.sequence)
        told = fault.told(self._store.service)
        if _can_be_filled(fault):
            raise HoleInStream(told, fault.sequence)
        kind = StoreBehindStream if fault.kind in (Kind.BEYOND, Kind.MISSING) else ForeignMessage
        raise kind(f"{told}; nothing is published; {RESTORE}")


def _can_be_filled(fault: Fault) -> bool:
    """Whether the log has what is missing; what it has not may be all that is left of its own end."""
    return fault.kind is Kind.MISSING and fault.subject is not None
