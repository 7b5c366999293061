"""What is parked of one source, in the order of each queue, and the rules about it."""

from collections.abc import Iterable
from dataclasses import field
from typing import ClassVar, NamedTuple
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.event import Event
from shared.contracts.inbox import Failure, GivenUp, OfParked, Parked, Retried, Skipped, TakenIn
from shared.contracts.text import Text
from shared.domain import Aggregate, Moment
from shared.messaging.parking.queues import Queues
from shared.messaging.parking.refusals import AlreadyParked, NotAsParked, NotBehind, NotFirst, NotParked
from shared.messaging.parking.strands import Strands


class AsStored(NamedTuple):
    """By what a parked event is known again as it is taken in."""

    event: UUID
    stream: str
    leaf: bytes


class Waiting(BaseModel):
    """A parked event; `given_up` where no attempt is left and it waits for a person.

    `strand` is its own one (see `shared.messaging.parking.strands`), and `leaf` that of the event as it came,
    None where it was parked before that was told.
    """

    event: UUID
    log: UUID
    stream: str
    strand: str
    leaf: str | None = None
    given_up: bool = False

    def is_stored_as(self, stored: AsStored) -> bool:
        """Whether that is the event that was parked, as far as the log tells."""
        same = (stored.event, stored.stream) == (self.event, self.stream)
        return same and self.leaf in (None, stored.leaf.hex())


class ParkedEvents(Aggregate):
    """The parked events of one source, whose name is the id.

    A service that reacts has a class of its own of it, which names its five events. Of each queue only the
    first event can be taken in, tried again or skipped: order is kept within a stream, and between what rests
    on one another. Whether an event is still parked is decided on this aggregate alone, so that it is taken
    in once. `queues`, `strands` and `held` are those of `shared.messaging.parking.queues`.
    """

    kind: ClassVar[str] = "inbox"
    snapshot_version: ClassVar[int] = 2
    parked_as: ClassVar[type[Event]]
    """The service's own event of `Parked`."""
    given_up_as: ClassVar[type[Event]]
    """The service's own event of `GivenUp`."""
    retried_as: ClassVar[type[Event]]
    """The service's own event of `Retried`."""
    skipped_as: ClassVar[type[Event]]
    """The service's own event of `Skipped`."""
    taken_in_as: ClassVar[type[Event]]
    """The service's own event of `TakenIn`."""

    waiting: dict[int, Waiting] = field(default_factory=dict)
    queues: dict[str, list[int]] = field(default_factory=dict)
    strands: dict[str, list[str]] = field(default_factory=dict)
    held: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def strands_of_before(cls, stream: str, event_type: str) -> Strands:
        """The strands of an event that tells none: they go without saying, or it was parked before."""
        return Strands(stream)

    def first(self, *strands: str) -> int | None:
        """The position of the first parked event on any of these strands; None where none is."""
        return self._queues.first(strands)

    def before(self, position: int) -> int | None:
        """The position of the first parked event that this one waits behind; None where it is the first."""
        known = self.waiting.get(position)
        first = None if known is None else self.first(known.strand)
        return None if first == position else first

    def park(
        self,
        of: OfParked,
        log: UUID,
        event_type: str,
        failure: Failure | None,
        moment: Moment,
        strands: Strands | None = None,
        leaf: bytes | None = None,
    ) -> None:
        """Park an event that failed, or without a failure one that waits behind others.

        `strands` are the event's; where nothing is said, those that go without saying. `leaf` is what it is
        known by when it is taken in.

        Raises:
            NotBehind: it did not fail, and nothing that it would wait for is parked: it is to be taken in.
            AlreadyParked: another event is, under the same position of an older log.
        """
        if (there := self.waiting.get(of.of_position)) is not None:
            raise AlreadyParked(source=self.id, position=of.of_position, log=str(there.log))
        usual = self.strands_of_before(of.of_stream, event_type)
        strands = strands or usual
        first = self.first(*strands.asked)
        if failure is None and first is None:
            raise NotBehind(of.of_stream)
        told = Parked(
            **of.model_dump(),
            of_log=log,
            of_type=event_type,
            failure=failure,
            behind=first,
            strands=() if strands.held == usual.held else strands.held,
            joins=tuple(strand for strand in strands.rests_on if strand in self.strands),
            of_leaf=None if leaf is None else leaf.hex(),
        )
        self.record(self.parked_as(**told.model_dump()), moment)

    def take_in(
        self,
        position: int,
        moment: Moment,
        stored: AsStored | None = None,
        strands: Strands | None = None,
    ) -> None:
        """Let an event go, whose effects are recorded by the same command; `stored` is what is taken in.

        `strands` are the event's as this release tells them. The release that parked it may have known fewer,
        or could not read it, so that it has a queue of its own; it waits all the same for what it rests on.

        Raises:
            NotAsParked: that is not the event that was parked.
        """
        of, parked = self._first_at(position), self.waiting[position]
        first = None if strands is None else self.first(*strands.asked)
        if first is not None and first < position:  # what came later holds up nothing: no circle
            raise self._not_first(position, first)
        if stored is not None and not parked.is_stored_as(stored):
            raise NotAsParked(self.id, position, parked.stream, parked.event)
        told = TakenIn(**of.model_dump())
        self.record(self.taken_in_as(**told.model_dump()), moment)

    def give_up(self, position: int, attempts: int, failure: Failure, moment: Moment) -> None:
        """Let an event wait for a person, after the last attempt; once."""
        of = self._first_at(position)
        if self.waiting[position].given_up:
            return
        told = GivenUp(**of.model_dump(), attempts=attempts, failure=failure)
        self.record(self.given_up_as(**told.model_dump()), moment)

    def retry(self, position: int, reason: Text | None, by: str, moment: Moment) -> None:
        """Have an event tried again at once, with all attempts before it."""
        told = Retried(**self._first_at(position).model_dump(), by=by, reason=reason)
        self.record(self.retried_as(**told.model_dump()), moment)

    def skip(self, position: int, reason: Text, by: str, moment: Moment) -> None:
        """Let an event go without effects; what waits behind it is taken in next."""
        told = Skipped(**self._first_at(position).model_dump(), by=by, reason=reason)
        self.record(self.skipped_as(**told.model_dump()), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case Parked():
                self._wait(event)
            case GivenUp():
                self.waiting[event.of_position].given_up = True
            case Retried():
                self.waiting[event.of_position].given_up = False
            case TakenIn() | Skipped():
                self._queues.remove(event.of_position, self.waiting.pop(event.of_position).strand)

    @property
    def _queues(self) -> Queues:
        return Queues(self.queues, self.strands, self.held)

    def _wait(self, event: Parked) -> None:
        held = event.strands or self.strands_of_before(event.of_stream, event.of_type).held
        self.waiting[event.of_position] = Waiting(
            event=event.of_event,
            log=event.of_log,
            stream=event.of_stream,
            strand=held[0],
            leaf=event.of_leaf,
        )
        asked: Iterable[str] = (held[0], *event.joins)
        self._queues.add(event.of_position, held, asked)

    def _first_at(self, position: int) -> OfParked:
        """Name a parked event; refuse where it is none, or not the first of its queue."""
        known = self.waiting.get(position)
        if known is None:
            raise NotParked(source=self.id, position=position)
        first = self.before(position)
        if first is not None:
            raise self._not_first(position, first)
        return OfParked(source=self.id, of_position=position, of_stream=known.stream, of_event=known.event)

    def _not_first(self, position: int, first: int) -> NotFirst:
        return NotFirst(source=self.id, position=position, first=first, stream=self.waiting[first].stream)
