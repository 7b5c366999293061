"""What is parked of one source, in the order of each stream, and the rules about it."""

from bisect import insort
from dataclasses import field
from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.event import Event
from shared.contracts.inbox import Failure, GivenUp, OfParked, Parked, Retried, Skipped, TakenIn
from shared.contracts.text import Text
from shared.domain import Aggregate, Moment
from shared.messaging.parking.refusals import AlreadyParked, NotBehind, NotFirst, NotParked


class Waiting(BaseModel):
    """A parked event; `given_up` where no attempt is left and it waits for a person."""

    event: UUID
    log: UUID
    stream: str
    given_up: bool = False


class ParkedEvents(Aggregate):
    """The parked events of one source, whose name is the id.

    A service that reacts has a class of its own of it, which names its five events. Of each stream of the
    source only the first event can be taken in, tried again or skipped: order within a stream is kept.
    Whether an event is still parked is decided on this aggregate alone, so that it is taken in once.
    """

    kind: ClassVar[str] = "inbox"
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

    def first(self, stream: str) -> int | None:
        """The position of the first parked event of a stream of the source; None where none is."""
        queue = self.queues.get(stream)
        return queue[0] if queue else None

    def park(self, of: OfParked, log: UUID, event_type: str, failure: Failure | None, moment: Moment) -> None:
        """Park an event that failed, or without a failure one that waits behind others of its stream.

        Raises:
            NotBehind: it did not fail, and nothing of its stream is parked: it is to be taken in.
            AlreadyParked: another event is, under the same position of an older log.
        """
        if (there := self.waiting.get(of.of_position)) is not None:
            raise AlreadyParked(source=self.id, position=of.of_position, log=str(there.log))
        first = self.first(of.of_stream)
        if failure is None and first is None:
            raise NotBehind(of.of_stream)
        told = Parked(**of.model_dump(), of_log=log, of_type=event_type, failure=failure, behind=first)
        self.record(self.parked_as(**told.model_dump()), moment)

    def take_in(self, position: int, moment: Moment) -> None:
        """Let an event go, whose effects are recorded by the same command."""
        told = TakenIn(**self._first_at(position).model_dump())
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
                waits = Waiting(event=event.of_event, log=event.of_log, stream=event.of_stream)
                self.waiting[event.of_position] = waits
                insort(self.queues.setdefault(event.of_stream, []), event.of_position)
            case GivenUp():
                self.waiting[event.of_position].given_up = True
            case Retried():
                self.waiting[event.of_position].given_up = False
            case TakenIn() | Skipped():
                self._let_go(event.of_position, event.of_stream)

    def _let_go(self, position: int, stream: str) -> None:
        del self.waiting[position]
        self.queues[stream].remove(position)
        if not self.queues[stream]:
            del self.queues[stream]

    def _first_at(self, position: int) -> OfParked:
        """Name a parked event; refuse where it is none, or not the first of its stream."""
        known = self.waiting.get(position)
        if known is None:
            raise NotParked(source=self.id, position=position)
        first = self.first(known.stream)
        if first != position:
            raise NotFirst(source=self.id, position=position, first=first, stream=known.stream)
        return OfParked(source=self.id, of_position=position, of_stream=known.stream, of_event=known.event)
