"""The assembly of a group commit: commands decide one after the other, their events are rendered once."""

from asyncio import Future
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from shared.domain import Actor, Aggregate, Moment
from shared.eventstore.cache import Cache, Entry, Wanted
from shared.eventstore.command import Command, InboxStep, Outcome
from shared.eventstore.errors import IdempotencyMismatch, InboxMoved, PreconditionFailed
from shared.eventstore.log.tree import Edge, Tile
from shared.eventstore.rendering import Renderer, Row

A = TypeVar("A", bound=Aggregate)


class _Missing(BaseException):
    """A decision asked for an aggregate that is not in memory; not for its `except` clauses."""

    def __init__(self, wanted: Wanted | None) -> None:
        self.wanted = wanted


class Pending:
    """A command on its way: its decision, and who waits for its outcome."""

    __slots__ = ("command", "future", "since", "wants")

    def __init__(self, command: Command[Any], future: "Future[Outcome[Any]]", since: float) -> None:
        self.command = command
        self.future = future
        self.since = since
        self.wants: set[Wanted] = set(command.reads)


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer that is already stored."""

    fingerprint: bytes
    position: int
    answer: bytes


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
            raise _Missing((kind, id))
        if stream in self._spoiled:
            raise _Missing(None)
        self.got[stream] = entry
        return cast(A, entry.aggregate)


class Batch:
    """What one group commit will store, decided on the state in memory plus its own earlier commands."""

    def __init__(
        self,
        cache: Cache,
        edge: Edge,
        renderer: Renderer,
        inboxes: dict[str, int],
        answered: dict[UUID, Answered],
        recorded_at: datetime,
    ) -> None:
        self.recorded_at = recorded_at
        self.edge = edge
        self.rows: list[Row] = []
        self.tiles: list[Tile] = []
        self.answers: dict[UUID, Answered] = {}
        self.steps: dict[str, int] = {}
        self.settled: list[tuple[Pending, Outcome[Any] | BaseException]] = []
        self.postponed: list[Pending] = []
        self.changed: dict[str, Entry] = {}
        self.spoiled: set[str] = set()
        self._cache = cache
        self._renderer = renderer
        self._inboxes = inboxes
        self._answered = answered

    @property
    def stores(self) -> bool:
        """Whether there is anything to commit; a batch of refusals only has nothing."""
        return bool(self.rows or self.answers or self.steps)

    def decide(self, pending: Pending) -> None:
        """Let one command decide; settle, refuse or postpone it."""
        command = pending.command
        by = command.by
        if by.id in self.answers:
            self.postponed.append(pending)
            return
        known = self._answered.get(by.id)
        if known is not None:
            self.settled.append((pending, _repeated(known, by.fingerprint)))
            return
        moment = Moment(self.recorded_at, by.effective_at or self.recorded_at)
        turn = _Turn(self._cache, self.spoiled, by.actor, moment)
        try:
            if by.inbox is not None:
                self._check_step(by.inbox)
            if by.expected is not None:
                _check_expected(turn, command)
            value = command.decide(turn)
            rows = self._renderer.render(command, turn.got, len(self.rows))
            outcome: Outcome[Any] = Outcome(
                value,
                self._renderer.position + len(self.rows) + len(rows),
                len(rows),
                {stream: entry.aggregate.version for stream, entry in turn.got.items()},
            )
            if by.answer is not None:
                outcome = replace(outcome, answer=by.answer(outcome))
        except _Missing as missing:
            self._spoil(turn)
            if missing.wanted is not None:
                pending.wants.add(missing.wanted)
            self.postponed.append(pending)
        except Exception as refusal:
            self._spoil(turn)
            self.settled.append((pending, refusal))
        else:
            self._take(pending, turn, rows, outcome)

    def resolve(self) -> None:
        """Tell everybody who still waits what became of the command."""
        for pending, outcome in self.settled:
            if pending.future.done():
                continue
            if isinstance(outcome, BaseException):
                pending.future.set_exception(outcome)
            else:
                pending.future.set_result(outcome)

    def _take(self, pending: Pending, turn: _Turn, rows: list[Row], outcome: Outcome[Any]) -> None:
        by = pending.command.by
        for entry in turn.got.values():
            entry.aggregate.pending_events.clear()
        for row in rows:
            entry = turn.got[row.stream]
            leaf = self._renderer.leaf(row, entry.leaf)
            entry.leaf = leaf
            self.tiles += self.edge.append(leaf)
            self.changed[row.stream] = entry
        self.rows += rows
        if by.inbox is not None:
            self.steps[by.inbox.inbox] = by.inbox.upto
        if outcome.answer is not None:
            self.answers[by.id] = Answered(by.fingerprint, outcome.position, outcome.answer)
        self.settled.append((pending, outcome))

    def _spoil(self, turn: _Turn) -> None:
        """Bar aggregates that a failed decision had already changed; they are loaded anew afterwards."""
        for stream, entry in turn.got.items():
            if entry.aggregate.pending_events:
                self.spoiled.add(stream)

    def _check_step(self, step: InboxStep) -> None:
        stands = self.steps.get(step.inbox, self._inboxes.get(step.inbox))
        if stands != step.after:
            raise InboxMoved(f"inbox {step.inbox} stands at {stands}, the step starts at {step.after}")


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
