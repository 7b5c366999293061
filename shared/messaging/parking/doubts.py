"""Which parked events are not what the log says that they are; of those nothing is taken in.

What is wrong as a reader begins is found by `shared.messaging.parking.taking_up`. While it goes on, rows may
be changed under it: those that are gone, and those that wait for a person without having been given up, are
compared with the log when they are met.
"""

from collections.abc import Mapping

import structlog
from nats.aio.client import Client

from shared.eventstore.store import EventStore
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.parking.refusals import NotAsParked
from shared.messaging.parking.shelf import Shelf
from shared.messaging.parking.taking_up import (
    TakenUp,
    Unproven,
    given_up_unsaid,
    load_parked,
    told_by_stream,
    wrong,
)

log = structlog.get_logger()


class Doubts:
    """The doubts of the reader of one source. Each raises an alarm, until it is retried or has left."""

    def __init__(self, store: EventStore, source: str, shelf: Shelf, kind: type[ParkedEvents]) -> None:
        self._store = store
        self._source = source
        self._shelf = shelf
        self._kind = kind
        self._found: dict[int, NotAsParked] = {}
        self._unproven: Mapping[int, Unproven] = {}
        self._given_up_as_said: set[int] = set()
        self._log = log.bind(service=store.service, source=source)

    @property
    def alarm(self) -> str | None:
        """The first of them, and how many more there are."""
        if not self._found:
            return None
        first = str(self._found[min(self._found)])
        more = len(self._found) - 1
        return f"{first} (and {more} more)" if more else first

    def holds(self, position: int) -> bool:
        """Whether an event is doubted, or nothing proves yet that it is as it was parked."""
        return position in self._found or not self._shelf.is_proven(position)

    def begin(self, taken_up: TakenUp) -> None:
        """Begin with what was found as the reader began; what was doubted before is not said again."""
        before, self._found = self._found, {}
        for one in taken_up.wrong.values():
            self.doubt(one, silent=one.position in before)
        self._unproven = taken_up.unproven

    def doubt(self, found: NotAsParked, *, silent: bool = False) -> None:
        """Take nothing in of a position until it is retried, and raise an alarm."""
        self._found[found.position] = found
        if not silent:
            about = {"position": found.position, "stream": found.stream, "event_id": str(found.event)}
            self._log.critical("inbox.not-as-parked", **about, reason=str(found))

    async def ask_stream(self, nc: Client, position: int) -> None:
        """Prove what was parked when leaves were not told yet, as far as the source's stream still has it.

        Args:
            nc: a connected client.
            position: that of the inbox, to which the stream must reach.

        Raises as `told_by_stream`.
        """
        async for at, leaf in told_by_stream(nc, self._source, self._unproven, position):
            waiting, stored = self._unproven[at]
            if leaf is None:
                self.doubt(NotAsParked.lost(self._source, at, waiting.stream, waiting.event))
                continue
            if stored not in (None, leaf):
                self.doubt(wrong(self._source, at, waiting))
            self._shelf.prove(at, leaf)

    async def ask_log_for(self, absent: set[int]) -> set[int]:
        """Doubt what is parked by the log and stored no more; return what is parked no more."""
        asked = absent - self._found.keys()
        if not asked:
            return set()
        parked = await load_parked(self._store, self._kind, self._source)
        for position in sorted(asked & parked.waiting.keys()):
            self.doubt(wrong(self._source, position, parked.waiting[position], gone=True))
        return asked - parked.waiting.keys()

    async def compare_given_up(self, rows: set[int]) -> None:
        """Doubt what its row gives up and the log does not: nobody was told that it waits for a person."""
        asked = rows - self._found.keys() - self._given_up_as_said
        if not asked:
            return
        unsaid = await given_up_unsaid(self._store, self._kind, self._source, asked)
        self._given_up_as_said |= asked - unsaid.keys()
        for position, waiting in unsaid.items():
            self.doubt(NotAsParked.given_up(self._source, position, waiting.stream, waiting.event))

    def retried(self, position: int) -> None:
        """Compare it anew where that is possible; what nothing proves is not proven by a retry."""
        self._given_up_as_said.discard(position)
        if self._shelf.is_proven(position):
            self._found.pop(position, None)

    def forget(self, position: int) -> None:
        """Drop what is known of an event that has left."""
        self._found.pop(position, None)
        self._given_up_as_said.discard(position)

    def clear(self) -> None:
        """Drop everything: another replica reads."""
        self._found.clear()
        self._unproven = {}
        self._given_up_as_said.clear()
