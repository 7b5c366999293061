"""The base of every aggregate: the library's, without its clock, its drawn ids and its topics."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar, Self

from eventsourcing.domain import BaseAggregate, CanMutateAggregate, OriginatorVersionError

from shared.contracts.event import Event
from shared.contracts.identity import check_token, stream_of
from shared.domain.lifecycle import Lifecycle
from shared.domain.moment import Moment
from shared.domain.refusal import NotFound

NEVER = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Change(CanMutateAggregate[str]):
    """One event at its place in a stream, as the library folds it.

    `cause` is another of the same command from which it followed, where it has one of its own.
    """

    originator_id: str
    originator_version: int
    timestamp: datetime
    effective_at: datetime
    event: Event
    cause: "Change | None" = None

    def apply(self, aggregate: Any) -> None:
        """Let the aggregate evolve; called by the library between its checks of id and version."""
        aggregate.last_effective_at = self.effective_at
        aggregate.evolve(self.event)


class Aggregate(BaseAggregate[str]):
    """A unit of consistency: guards first, then `record`; `evolve` alone changes state.

    Version 0 is an aggregate that does not exist yet. It can be read (the read is checked when the
    command commits) and its first event brings it to version 1. State lives in annotated fields,
    each with a default, of types that pydantic can turn into JSON and back (that is its snapshot).
    An aggregate with a `lifecycle` has a `state`, and records no event that its lifecycle does not know.
    `last_effective_at` is the effective moment of its last event; while it evolves, of the event by which it
    does.
    """

    kind: ClassVar[str]
    lifecycle: ClassVar[Lifecycle | None] = None
    snapshot_version: ClassVar[int] = 1
    # Not annotated: what is would be a part of the state.
    last_effective_at = NEVER

    @classmethod
    def blank(cls, id: str) -> Self:
        """Return the aggregate `id` as it is before anything happened to it."""
        aggregate = cls.__new__(cls)
        aggregate.__base_init__(check_token(id), 0, NEVER)
        aggregate.__init__()  # type: ignore[misc]  # sets the fields' defaults on what __new__ made
        return aggregate

    @property
    def stream(self) -> str:
        """The name of this aggregate's stream."""
        return stream_of(self.kind, self.id)

    @property
    def exists(self) -> bool:
        """Whether anything has happened to it."""
        return self.version > 0

    def must_exist(self) -> Self:
        """Return self, or refuse as not found."""
        if not self.exists:
            raise NotFound(kind=self.kind, id=self.id)
        return self

    def recorded_now(self, *kinds: type[Event]) -> Change | None:
        """The last event, of some kinds or of any, that the present command recorded of this aggregate."""
        for change in reversed(self.pending_events):
            assert isinstance(change, Change)
            if not kinds or isinstance(change.event, kinds):
                return change
        return None

    def record(self, event: Event, moment: Moment, cause: Change | None = None) -> None:
        """Add `event` as this aggregate's next, and evolve by it.

        `cause` is an event of the same command from which it follows; where nothing is said, it follows from
        what the command does.

        The library's `trigger_event` does the same but for the clock that it may read. The event is pending
        before anything evolves: whoever fails in between leaves an aggregate that is seen to be spoilt.

        Raises:
            IllegalStep: the lifecycle does not know the event in this state: an error of the code.
        """
        change = Change(self.id, self.version + 1, moment.recorded_at, moment.effective_at, event, cause)
        self.pending_events.append(change)
        if self.lifecycle is None:
            change.mutate(self)
        else:
            before = self._state()
            change.mutate(self)
            self.lifecycle.check(event, before, self._state())

    def replay(self, event: Event, version: int, recorded_at: datetime, effective_at: datetime) -> None:
        """Evolve by an event that is stored already; as `Change.mutate`, which a long history need not build.

        Raises:
            OriginatorVersionError: the event is not the next one.
        """
        if version != self.version + 1:
            raise OriginatorVersionError(version, self.version + 1)
        self.last_effective_at = effective_at
        self.evolve(event)
        self.version, self.modified_on = version, recorded_at

    def _state(self) -> StrEnum:
        state: StrEnum = self.state  # type: ignore[attr-defined]  # whoever has a lifecycle has one
        return state

    @abstractmethod
    def evolve(self, event: Event) -> None:
        """Change state by one event. Decides nothing, refuses nothing, ignores what it does not know."""
