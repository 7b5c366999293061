"""Two small services: letters are written in one, and copied in the other."""

from dataclasses import field
from typing import Any, ClassVar
from uuid import UUID, uuid4, uuid5

from shared.contracts.event import Event
from shared.contracts.inbox import GivenUp, Parked, Retried, Skipped, TakenIn
from shared.domain import Actor, Aggregate, Conflicting, Moment
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.received import Received

CLERK = Actor(subject="clerk", role="admin")
COPYIST = Actor(subject="service:copies", role="service")


class LetterEvent(Event, service="letters"):
    pass


class LetterWritten(LetterEvent, type="letter.written"):
    text: str


class LetterRead(LetterEvent, type="letter.read"):
    pass


class CopyEvent(Event, service="copies"):
    pass


class CopiesEventParked(CopyEvent, Parked, type="inbox.event-parked"):
    pass


class CopiesEventGivenUp(CopyEvent, GivenUp, type="inbox.event-given-up"):
    pass


class CopiesEventRetried(CopyEvent, Retried, type="inbox.event-retried"):
    pass


class CopiesEventSkipped(CopyEvent, Skipped, type="inbox.event-skipped"):
    pass


class CopiesEventTakenIn(CopyEvent, TakenIn, type="inbox.event-taken-in"):
    pass


class CopiesParked(ParkedEvents):
    parked_as: ClassVar[type[Event]] = CopiesEventParked
    given_up_as: ClassVar[type[Event]] = CopiesEventGivenUp
    retried_as: ClassVar[type[Event]] = CopiesEventRetried
    skipped_as: ClassVar[type[Event]] = CopiesEventSkipped
    taken_in_as: ClassVar[type[Event]] = CopiesEventTakenIn


class CopyMade(CopyEvent, type="copy.made"):
    text: str


class Letter(Aggregate):
    kind: ClassVar[str] = "letter"
    texts: list[str] = field(default_factory=list)

    def write(self, text: str, moment: Moment) -> None:
        self.record(LetterWritten(text=text), moment)

    def read(self, moment: Moment) -> None:
        self.record(LetterRead(), moment)

    def evolve(self, event: Event) -> None:
        if isinstance(event, LetterWritten):
            self.texts.append(event.text)


class Illegible(Conflicting):
    slug = "illegible"


class Copy(Aggregate):
    kind: ClassVar[str] = "copy"
    texts: list[str] = field(default_factory=list)

    def make(self, text: str, moment: Moment) -> None:
        if text == "illegible":
            raise Illegible()
        self.record(CopyMade(text=text), moment)

    def evolve(self, event: Event) -> None:
        if isinstance(event, CopyMade):
            self.texts.append(event.text)


async def write(store: EventStore, *texts: str, id: str = "one") -> Outcome[Any]:
    """Write letters, all in one command."""

    def decide(turn: Turn) -> None:
        letter = turn.get(Letter, id)
        for text in texts:
            letter.write(text, turn.moment)

    return await store.execute(
        Command("write", Instruction(id=uuid4(), actor=CLERK), decide, ((Letter, id),))
    )


async def read(store: EventStore, id: str = "one") -> Outcome[Any]:
    """Read a letter, which nobody reacts to."""
    return await store.execute(
        Command(
            "read",
            Instruction(id=uuid4(), actor=CLERK),
            lambda turn: turn.get(Letter, id).read(turn.moment),
        )
    )


def copy(received: Received) -> Command[Any] | None:
    """React to a letter that was written."""
    event = received.event
    if not isinstance(event, LetterWritten):
        return None
    by = Instruction(
        id=uuid5(received.event_id, "copies.copy"),
        actor=COPYIST,
        correlation=received.correlation,
        causation=received.event_id,
    )
    text = event.text

    def decide(turn: Turn) -> None:
        turn.get(Copy, received.id).make(text, turn.moment)

    return Command("copy", by, decide, ((Copy, received.id),))


async def copied(store: EventStore, id: str = "one") -> list[str]:
    """The texts that were copied."""
    return (await store.load(Copy, id)).texts


def causes(records: list[Any]) -> list[UUID]:
    return [UUID(record.about.fields["causation"]) for record in records]
