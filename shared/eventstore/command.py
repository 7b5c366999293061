"""How a command is declared: who asks, and a decision that reads and changes aggregates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from shared.domain import Actor, Aggregate, Moment
from shared.eventstore.parking import ParkingStep

T = TypeVar("T")
A = TypeVar("A", bound=Aggregate)


class Turn(Protocol):
    """What a decision sees while it is the one that decides.

    Everything it gets is part of what the command read, and is checked when the command commits.
    """

    @property
    def moment(self) -> Moment:
        """The moment that the command's events will carry; `recorded_at` is final."""

    @property
    def actor(self) -> Actor:
        """Who asks."""

    def get(self, kind: type[A], id: str) -> A:
        """Return the aggregate as of now, version 0 where it does not exist.

        Changes that the decision records on it are stored when the decision returns. Call it for all
        that is needed before recording anything: a decision may be run again from its beginning.
        """

    def get_all(self, kind: type[A], ids: Iterable[str]) -> list[A]:
        """Return several aggregates in the order of their ids, as `get` does, loaded together."""


@dataclass(frozen=True, slots=True)
class InboxStep:
    """The move of an inbox from one position of its source to a later one."""

    inbox: str
    after: int
    upto: int


@dataclass(slots=True)
class Outcome(Generic[T]):
    """What became of a command.

    `position` is that of its last event, or the head of the log when it stored none; `versions` are
    the versions after it of all aggregates that it got; `created` says that the first of them came into
    being by it. `answer` is the stored answer where the command has one; `repeated` says that it is that
    of an earlier command of the same id, in which case `value` is None and `versions` is empty.
    """

    value: T | None
    position: int
    events: int
    versions: dict[str, int] = field(default_factory=dict)
    answer: bytes | None = None
    repeated: bool = False
    created: bool = False


@dataclass(slots=True, kw_only=True)
class Instruction:
    """Who asks, under which id and on what condition: what HTTP, imports and reactions have in common.

    Args:
        id: identifies the command for ever; its events' ids follow from it.
        actor: who asks.
        effective_at: when it is so in law or fact; the recording moment where nothing is said.
        correlation: the id of the command with which the chain began; its own where nothing is said.
        causation: the id of the event that is reacted to.
        traceparent: W3C trace context.
        expected: the version that the command's first aggregate must have (If-Match), or None.
        fingerprint: digest of the request; a repetition of the id with another one is refused.
        answer: renders the answer to keep for repetitions of the same id; None keeps none.
        inbox: the inbox position to move in the same transaction.
        parking: what becomes of a parked event in the same transaction.
        condition: refuses in the turn, before the decision, what the actor must not do then; it may read.
    """

    id: UUID
    actor: Actor
    effective_at: datetime | None = None
    correlation: UUID | None = None
    causation: UUID | None = None
    traceparent: str | None = None
    expected: int | None = None
    fingerprint: bytes = b""
    answer: Callable[[Outcome[Any]], bytes] | None = None
    inbox: InboxStep | None = None
    parking: ParkingStep | None = None
    condition: Callable[["Turn"], None] | None = None


@dataclass(slots=True)
class Command(Generic[T]):
    """An instruction with its decision.

    Args:
        name: for logs and metrics, for example ``close-mission``.
        by: who asks, under which id and on what condition.
        decide: reads and changes aggregates through its `Turn`; raises a `Refusal` to refuse. Pure
            but for the turn; may be run more than once, on fresher state.
        reads: aggregates that the decision is known to need, as a hint, so that they are loaded
            together; those that it gets besides are found out. `by.expected` speaks of the first.
    """

    name: str
    by: Instruction
    decide: Callable[[Turn], T]
    reads: tuple[tuple[type[Aggregate], str], ...] = ()
