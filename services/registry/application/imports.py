"""To import a dossier: everything is checked first, then entered step by step."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import orjson

from services.registry.importing import Step, department_steps, find_conflicts, order_steps, phases
from services.registry.importing.conflicts import department_conflicts
from services.registry.importing.facts import measures_of
from services.registry.measure import Measure
from services.registry.permissions import PERMITS
from shared.domain import Conflicting
from shared.dossier.checking import check
from shared.dossier.form import DepartmentsForm, Dossier
from shared.dossier.problems import refuse
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

AT_ONCE = 50
"""Steps in flight together: one group commit takes them all."""

Answer = dict[str, Any]


@dataclass
class Counted:
    """How many aggregates of each kind an import brought into being, and how many were there before."""

    created: Counter[str] = field(default_factory=Counter)
    known: Counter[str] = field(default_factory=Counter)

    def note(self, step: Step, outcome: Outcome[Answer]) -> None:
        """Count what became of a step."""
        (self.created if outcome.events else self.known)[step.kind.kind] += 1

    def as_json(self) -> Answer:
        """Render it for answers."""
        return {"created": dict(self.created), "known": dict(self.known)}


class Imports:
    """Use cases of imports. Repeating an import, whole or cut off, gives no event a second time."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def departments(self, by: Instruction, form: DepartmentsForm) -> Answer:
        """Register departments alone, so that other services know them before the rest is sent."""
        by = PERMITS.ask(by, "dossier.import")
        steps = department_steps(form)
        await self._preflight(by, lambda turn: refuse(department_conflicts(form, turn)), steps)
        return (await self._enter(by, [steps])).as_json()

    async def dossier(self, by: Instruction, dossier: Dossier) -> Answer:
        """Import a whole dossier, and tell how its measures stand now.

        Refuses with every problem (`DossierRefused`) before anything is stored. Afterwards a row that
        cannot be ordered (a hold covers it, or another import came between) stays as it is and is named
        in `not_ordered` with the reason; the others go on. Repeating the import orders what then can be.
        """
        by = PERMITS.ask(by, "dossier.import")
        refuse(check(dossier))
        planned = list(phases(dossier))
        every = [step for steps in planned for step in steps]
        await self._preflight(by, lambda turn: refuse(find_conflicts(dossier, turn)), every)
        *entering, listing = planned
        counted = await self._enter(by, entering)
        refused = await self._take(by, listing, counted) | await self._order(by, dossier, counted)
        states = {id: state for id, (state, _) in (await self._measures(by, dossier)).items()}
        return {
            "decree": dossier.decree.id,
            **counted.as_json(),
            "measures": dict(Counter(states.values())),
            "not_ordered": [
                {"measure": id, "state": states[id], "reason": why.slug, "detail": why.told().model_dump()}
                for id, why in refused.items()
            ],
        }

    async def _preflight(
        self, by: Instruction, decide: Callable[[Turn], None], steps: Iterable[Step]
    ) -> None:
        """Look at everything as of one moment; the command records nothing."""
        asking = Instruction(id=by.id, actor=by.actor, traceparent=by.traceparent)
        reads = tuple(dict.fromkeys((step.kind, step.id) for step in steps))
        await self._store.execute(Command("check-import", asking, decide, reads))

    async def _measures(self, by: Instruction, dossier: Dossier) -> dict[str, tuple[str, int]]:
        """Tell the state and version of every measure of the dossier, as of one moment."""
        ids = [id for id, _ in measures_of(dossier)]

        def decide(turn: Turn) -> dict[str, tuple[str, int]]:
            measures = [turn.get(Measure, id) for id in ids]
            return {measure.id: (measure.state.value, measure.version) for measure in measures}

        asking = Instruction(id=by.id, actor=by.actor, traceparent=by.traceparent)
        reads = tuple((Measure, id) for id in ids)
        outcome = await self._store.execute(Command("look-at-measures", asking, decide, reads))
        assert outcome.value is not None, "it keeps no answer to repeat"
        return outcome.value

    async def _enter(self, by: Instruction, planned: Sequence[Sequence[Step]]) -> Counted:
        """Take the steps phase by phase, up to the first that is refused."""
        counted = Counted()
        for steps in planned:
            for refusal in (await self._take(by, steps, counted)).values():
                raise refusal
        return counted

    async def _order(self, by: Instruction, dossier: Dossier, counted: Counted) -> dict[str, Conflicting]:
        """Order every row that can be; return why the others cannot, by measure."""
        seen = {id: version for id, (_, version) in (await self._measures(by, dossier)).items()}
        return await self._take(by, order_steps(dossier, seen), counted)

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
                elif step.enters:
                    counted.note(step, outcome)
        return conflicts

    async def _step(self, by: Instruction, step: Step) -> Outcome[Answer]:
        instruction = replace(
            by,
            id=step.command_id,
            effective_at=step.effective_at or by.effective_at,
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
