"""The assembly of a group commit: commands decide one after the other, their events are rendered once."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

from shared.domain import Actor, Aggregate, Moment, check_token
from shared.domain.refusal import Refusal
from shared.eventstore.cache import Cache, Entry, Wanted
from shared.eventstore.command import Command, InboxStep, Instruction, Outcome
from shared.eventstore.errors import IdempotencyMismatch, InboxMoved, PreconditionFailed
from shared.eventstore.log.tree import Edge, Tile
from shared.eventstore.parking import ParkingChanges
from shared.eventstore.pending import Answered, Pending
from shared.eventstore.rendering import Renderer, Row

MAX_BATCH = 256
"""Commands of a batch."""
MAX_ROWS = 2_000
"""Events from which on a batch takes no further command: they are prepared for PostgreSQL in one go."""

A = TypeVar("A", bound=Aggregate)


class _Missing(BaseException):
    """A decision asked for aggregates that are not in memory; not for its `except` clauses.

    Where it wants none, one that it asked for rests until another batch.
    """

    def __init__(self, wanted: Iterable[Wanted] = ()) -> None:
        self.wanted = set(wanted)


class _Turn:
    __slots__ = ("_cache", "_spoiled", "actor", "got", "moment")

    def __init__(self, cache: Cache, spoiled: set[str], actor: Actor, moment: Moment) -> None:
        self._cache = cache
        self._spoiled = spoiled
        self.actor = actor
        self.moment = moment
        self.got: dict[str, Entry] = {}

    def get(self, kind: type[A], id: str) -> A:
        stream = f"{kind.kind}.{id}"
        entry = self._cache.get(stream)
        if entry is None:
            check_token(id)
            raise _Missing([(kind, id)])
        if stream in self._spoiled:
            raise _Missing()
        self.got[stream] = entry
        return cast(A, entry.aggregate)

    def get_all(self, kind: type[A], ids: Iterable[str]) -> list[A]:
        wanted = [check_token(id) for id in ids]
        if missing := [(kind, id) for id in wanted if f"{kind.kind}.{id}" not in self._cache]:
            raise _Missing(missing)
        return [self.get(kind, id) for id in wanted]


class Batch:
    """What one group commit will store, decided on the state in memory: the head's, plus what the batch
    under way changes, plus this batch's own earlier commands."""

    def __init__(
        self, cache: Cache, edge: Edge, renderer: Renderer, recorded_at: datetime, turn: int
    ) -> None:
        self.recorded_at = recorded_at
        self.turn = turn
        self.mark = uuid4()
        self.edge = edge
        self.inboxes: dict[str, int] = {}
        self.under_way: Batch | None = None
        self.taken: list[Pending] = []
        self.settled: list[tuple[Pending, Outcome[Any] | BaseException]] = []
        self.postponed: list[Pending] = []
        self.rows: list[Row] = []
        self.tiles: list[Tile] = []
        self.answers: dict[UUID, Answered] = {}
        self.steps: dict[str, int] = {}
        self.parking = ParkingChanges()
        self.changed: dict[str, Entry] = {}
        self.spoiled: set[str] = set()
        self._cache = cache
        self._renderer = renderer

    @property
    def stores(self) -> bool:
        """Whether there is anything to commit; a batch of refusals only has nothing."""
        return bool(self.rows or self.answers or self.steps)

    @property
    def full(self) -> bool:
        """Whether it takes no further command."""
        return len(self.taken) >= MAX_BATCH or len(self.rows) >= MAX_ROWS

    def decide(self, pending: Pending) -> bool:
        """Let one command decide; return False when it must first be fetched for."""
        by = pending.command.by
        if self._must_wait(by):
            self._postpone(pending)
            return True
        if pending.answered is not None:
            pending.decided = True
            self._settle(pending, _repeated(pending.answered, by.fingerprint))
            return True
        turn = _Turn(
            self._cache, self.spoiled, by.actor, Moment(self.recorded_at, by.effective_at or self.recorded_at)
        )
        try:
            rows, outcome = self._run(pending.command, turn)
        except _Missing as missing:
            self._spoil(turn)
            if not missing.wanted:
                self._postpone(pending)
                return True
            pending.wants |= missing.wanted
            return False
        except Exception as refusal:
            self._spoil(turn)
            if by.answer is not None and not pending.looked_up:
                # A repetition may be refused for what the first did: look before refusing.
                pending.suspect = True
                return False
            pending.decided = pending.in_lane  # so that the next has its turn
            self._settle(pending, refusal.without_frames() if isinstance(refusal, Refusal) else refusal)
        else:
            self._take(by, turn, rows, outcome)
            pending.decided = True
            self._settle(pending, outcome)
        return True

    def resolve(self) -> None:
        """Tell everybody who still waits what became of the command."""
        for pending, outcome in self.settled:
            pending.settle(outcome)

    def release(self) -> None:
        """Forget aggregates that only a failed decision had changed; they are loaded anew."""
        done = self.spoiled - self.changed.keys()
        self._cache.drop(done)
        self.spoiled -= done

    def take_postponed(self) -> list[Pending]:
        """Give back the commands that waited for another batch."""
        postponed, self.postponed = self.postponed, []
        waited = set(map(id, postponed))
        self.taken = [pending for pending in self.taken if id(pending) not in waited]
        return postponed

    def _must_wait(self, by: Instruction) -> bool:
        """Whether the same command is still on its way, so that its answer is."""
        if by.answer is None:
            return False
        return by.id in self.answers or (self.under_way is not None and by.id in self.under_way.answers)

    def _run(self, command: Command[Any], turn: _Turn) -> tuple[list[Row], Outcome[Any]]:
        by = command.by
        if by.inbox is not None:
            self._check_step(by.inbox)
        if by.expected is not None:
            _check_expected(turn, command)
        if by.condition is not None:
            if command.reads:
                turn.get(*command.reads[0])  # of the first that is got ETag speaks
            by.condition(turn)
        value = command.decide(turn)
        rows = self._renderer.render(command, turn.got, len(self.rows))
        outcome: Outcome[Any] = Outcome(
            value,
            self._renderer.position + len(self.rows) + len(rows),
            len(rows),
            {stream: entry.aggregate.version for stream, entry in turn.got.items()},
        )
        outcome.created = _created(outcome, rows)
        if by.answer is not None:
            outcome.answer = by.answer(outcome)
        return rows, outcome

    def _settle(self, pending: Pending, outcome: Outcome[Any] | BaseException) -> None:
        self.taken.append(pending)
        self.settled.append((pending, outcome))
        if pending.span is not None:
            pending.span.note("decided")

    def _postpone(self, pending: Pending) -> None:
        self.taken.append(pending)
        self.postponed.append(pending)

    def _take(self, by: Instruction, turn: _Turn, rows: list[Row], outcome: Outcome[Any]) -> None:
        for entry in turn.got.values():
            entry.aggregate.pending_events.clear()
        for row in rows:
            entry = turn.got[row.stream]
            entry.leaf, entry.version = self._renderer.leaf(row, entry.leaf), row.version
            self.tiles += self.edge.append(entry.leaf)
            self.changed[row.stream] = entry
        self.rows += rows
        if by.inbox is not None:
            self.steps[by.inbox.inbox] = by.inbox.upto
        if by.parking is not None:
            self.parking.add(by.parking)
        if outcome.answer is not None:
            self.answers[by.id] = Answered(by.fingerprint, outcome.position, outcome.answer)

    def _spoil(self, turn: _Turn) -> None:
        """Bar aggregates that a failed decision had begun to change.

        What nothing uncommitted has changed before is dropped at once; else the last good state is in
        memory only, and the aggregate rests until that is committed.
        """
        for stream, entry in turn.got.items():
            if not entry.aggregate.pending_events:
                continue
            if stream in self.changed or (self.under_way is not None and stream in self.under_way.changed):
                self.spoiled.add(stream)
            else:
                self._cache.drop((stream,))

    def _check_step(self, step: InboxStep) -> None:
        stands = self.steps.get(step.inbox, self.inboxes.get(step.inbox))
        if stands != step.after:
            raise InboxMoved(f"inbox {step.inbox} stands at {stands}, the step starts at {step.after}")


def _created(outcome: Outcome[Any], rows: list[Row]) -> bool:
    """Whether the first aggregate has its first event now; one that was read only is no newer for that."""
    stream, version = next(iter(outcome.versions.items()), ("", 0))
    return version == 1 and any(row.stream == stream for row in rows)


def _check_expected(turn: _Turn, command: Command[Any]) -> None:
    kind, id = command.reads[0]
    aggregate = turn.get(kind, id)
    if aggregate.version != command.by.expected:
        raise PreconditionFailed(
            stream=aggregate.stream, version=aggregate.version, expected=command.by.expected
        )


def _repeated(known: Answered, fingerprint: bytes) -> Outcome[Any] | BaseException:
    if known.fingerprint != fingerprint:
        return IdempotencyMismatch()
    return Outcome(None, known.position, 0, answer=known.answer, repeated=True)
