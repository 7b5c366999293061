"""A rehearsal: the steps of an import decide on copies of what is stored, and nothing is stored."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from copy import copy
from datetime import datetime
from typing import Any, Self, TypeVar, cast

from services.registry.importing import Step
from services.registry.reading import Reading
from shared.domain import Actor, Aggregate, Conflicting, Moment
from shared.dossier.problems import Problem
from shared.eventstore.store import EventStore

A = TypeVar("A", bound=Aggregate)
T = TypeVar("T")
Key = tuple[str, str]

AT_ONCE = 20
"""Steps decided without letting anybody else come between."""


class _NotLoaded(BaseException):
    """A decision asked for what is not loaded yet; not for its `except` clauses."""

    def __init__(self, kind: type[Aggregate], id: str) -> None:
        self.wanted = (kind, id)


class _Turn:
    """What one decision sees: copies, which count only where it does not refuse."""

    def __init__(self, known: dict[Key, Aggregate], actor: Actor, moment: Moment) -> None:
        self._known = known
        self.actor = actor
        self.moment = moment
        self.got: dict[Key, Aggregate] = {}

    def get(self, kind: type[A], id: str) -> A:
        key = (kind.kind, id)
        if key not in self._known:
            raise _NotLoaded(kind, id)
        if key not in self.got:
            self.got[key] = _copied(self._known[key])
        return cast(A, self.got[key])

    def get_all(self, kind: type[A], ids: Iterable[str]) -> list[A]:
        return [self.get(kind, id) for id in ids]


def _copied(aggregate: A) -> A:
    """Copy an aggregate with the containers of its state; what these hold is frozen, and is shared."""
    copied = copy(aggregate)
    copied.__dict__.update({name: _container(value) for name, value in vars(aggregate).items()})
    return copied


def _container(value: Any) -> Any:
    match value:
        case dict():
            return {key: _container(held) for key, held in value.items()}
        case list():
            return [_container(held) for held in value]
        case set():
            return set(value)
        case _:
            return value


class _Read:
    """Reads without copies, for what changes nothing."""

    def __init__(self, known: dict[Key, Aggregate]) -> None:
        self._known = known

    def get(self, kind: type[A], id: str) -> A:
        found = self._known.get((kind.kind, id))
        if found is None:
            raise _NotLoaded(kind, id)
        return cast(A, found)


class Rehearsal:
    """Steps on what was stored at one position of the log, each on top of the ones before, at one moment."""

    def __init__(self, store: EventStore, actor: Actor, said: datetime | None = None) -> None:
        self._store = store
        self._actor = actor
        self._said = said
        now = store.clock()
        self.moment = Moment(now, said or now)
        self.moment.must_not_be_ahead()
        self.position = store.head
        self._known: dict[Key, Aggregate] = {}
        self._before: dict[Key, int] = {}
        self._entered: dict[Key, None] = {}

    @classmethod
    async def begin(cls, store: EventStore, actor: Actor, said: datetime | None = None) -> Self:
        """Begin at the head of the log, with what other replicas have committed.

        `said` is what the import is said to be of, where that is said.
        """
        await store.look()
        return cls(store, actor, said)

    async def judge(
        self, judge: Callable[[Reading], T], reads: Collection[tuple[type[Aggregate], str]] = ()
    ) -> T:
        """Let a pure function judge how things stand now; `reads` are loaded together."""
        await self._load(reads)
        while True:
            try:
                return judge(_Read(self._known))
            except _NotLoaded as missing:
                await self._load([missing.wanted])

    async def every(self, kind: type[A], ids: Sequence[str]) -> list[A]:
        """Return aggregates as they stand now."""
        return await self.judge(
            lambda reading: [reading.get(kind, id) for id in ids], [(kind, i) for i in ids]
        )

    async def take(self, steps: Sequence[Step]) -> dict[str, Conflicting]:
        """Take steps in order; return the conflicts by the id of what they were about."""
        await self._load([(step.kind, step.id) for step in steps])
        conflicts: dict[str, Conflicting] = {}
        for number, step in enumerate(steps):
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)  # others are answered meanwhile
            try:
                await self._decide(step)
            except Conflicting as conflict:
                conflicts[step.id] = conflict
        return conflicts

    def count_known(self, kind: type[Aggregate], ids: Sequence[str]) -> None:
        """Count these as known where they were there before, though no step was needed for them."""
        self._entered |= dict.fromkeys((kind.kind, id) for id in ids)

    def told(self, problems: Sequence[Problem]) -> dict[str, Any]:
        """Tell the problems, and by kind what would be created, changed, or is known as it is."""
        counts: dict[str, Counter[str]] = {"created": Counter(), "known": Counter(), "changed": Counter()}
        for (kind, id), before in self._before.items():
            if self._known[kind, id].version > before:
                counts["changed" if before else "created"][kind] += 1
            elif before and (kind, id) in self._entered:
                counts["known"][kind] += 1
        return {
            "position": self.position,
            "problems": [problem.model_dump(mode="json") for problem in problems],
            **{name: dict(sorted(counted.items())) for name, counted in counts.items()},
        }

    async def _decide(self, step: Step) -> None:
        while True:
            now = self.moment.recorded_at
            turn = _Turn(self._known, self._actor, Moment(now, step.effective_at(self._said) or now))
            try:
                step.decide(turn)
            except _NotLoaded as missing:
                await self._load([missing.wanted])
                continue
            for key, aggregate in turn.got.items():
                aggregate.pending_events.clear()
                self._known[key] = aggregate
            if step.enters:
                self._entered[step.kind.kind, step.id] = None
            return

    async def _load(self, wanted: Collection[tuple[type[Aggregate], str]]) -> None:
        new = list(dict.fromkeys((kind, id) for kind, id in wanted if (kind.kind, id) not in self._known))
        if new:
            for (kind, id), found in zip(new, await self._store.load_all(new, self.position), strict=True):
                self._known[kind.kind, id] = found
                self._before[kind.kind, id] = found.version
