"""How the steps of an import are taken: many at once, each a command of its own."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, TypeVar

import orjson

from services.registry.importing import Step
from shared.domain import Aggregate, Conflicting
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

AT_ONCE = 50
"""Steps in flight together: one group commit takes them all."""

Answer = dict[str, Any]
T = TypeVar("T")
Read = tuple[type[Aggregate], str]


@dataclass
class Counted:
    """How many aggregates of each kind an import brought into being, and how many were there before."""

    created: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)
    recorded: int = 0
    """Steps besides, that recorded anything."""

    def note(self, step: Step, outcome: Outcome[Answer]) -> None:
        """Count what became of a step."""
        if step.enters:
            (self.created if outcome.events else self.known)[step.kind.kind] += 1
        else:
            self.recorded += bool(outcome.events)

    def as_json(self) -> Answer:
        """Render it for answers."""
        return {"created": dict(self.created), "known": dict(self.known)}


class Entering:
    """Takes steps. Taking them again, all or some, gives no event a second time."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def _preflight(
        self, by: Instruction, decide: Callable[[Turn], None], steps: Iterable[Step]
    ) -> None:
        """Look at everything as of one moment; the command records nothing."""
        asking = Instruction(
            id=by.id,
            actor=by.actor,
            effective_at=by.effective_at,
            traceparent=by.traceparent,
            condition=by.condition,
        )
        reads = tuple(dict.fromkeys((step.kind, step.id) for step in steps))
        await self._store.execute(Command("check-import", asking, decide, reads))

    async def _look(self, by: Instruction, look: Callable[[Turn], T], reads: Iterable[Read]) -> T:
        """Look at what is stored in the writer's turn, as of one moment; nothing is recorded."""
        asking = Instruction(id=by.id, actor=by.actor, traceparent=by.traceparent)
        outcome = await self._store.execute(Command("look-at-import", asking, look, tuple(reads)))
        assert outcome.value is not None, "it keeps no answer to repeat"
        return outcome.value

    async def _enter(self, by: Instruction, planned: Sequence[Sequence[Step]]) -> Counted:
        """Take the steps phase by phase, up to the first that is refused."""
        counted = Counted()
        for steps in planned:
            for refusal in (await self._take(by, steps, counted)).values():
                raise refusal
        return counted

    async def _take(self, by: Instruction, steps: Sequence[Step], counted: Counted) -> dict[str, Conflicting]:
        """Take steps that do not need each other; the conflict of one keeps none of the others back.

        Returns the conflicts by the id of what they were about.
        """
        conflicts = {}
        for start in range(0, len(steps), AT_ONCE):
            chunk = steps[start : start + AT_ONCE]
            taken = await asyncio.gather(*(self._step(by, step) for step in chunk), return_exceptions=True)
            for step, outcome in zip(chunk, taken, strict=True):
                if isinstance(outcome, Conflicting):
                    conflicts[step.id] = outcome
                elif isinstance(outcome, BaseException):
                    raise outcome
                else:
                    counted.note(step, outcome)
        return conflicts

    async def _step(self, by: Instruction, step: Step) -> Outcome[Answer]:
        instruction = replace(
            by,
            id=step.command_id,
            effective_at=step.effective_at(by.effective_at),
            correlation=by.correlation or by.id,
            expected=None,
            fingerprint=sha256(step.content).digest(),
            answer=_answer,
        )
        return await self._store.execute(
            Command(f"import-{step.name}", instruction, step.decide, ((step.kind, step.id),))
        )


def _answer(outcome: Outcome[Any]) -> bytes:
    return orjson.dumps(outcome.value)
