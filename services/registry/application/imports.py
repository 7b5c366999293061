"""To import a dossier: everything is checked first, then entered step by step."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson

from services.registry.decree.refusals import DecreeOnHold
from services.registry.importing import Step, department_steps, find_conflicts, phases
from services.registry.importing.conflicts import department_conflicts
from services.registry.permissions import PERMISSIONS
from shared.dossier.checking import check
from shared.dossier.form import DepartmentsForm, Dossier
from shared.dossier.problems import refuse
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

AT_ONCE = 50
"""Steps in flight together: one group commit takes them all."""

Answer = dict[str, Any]


class Imports:
    """Use cases of imports. Repeating an import, whole or cut off, gives no event a second time."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def departments(self, by: Instruction, form: DepartmentsForm) -> Answer:
        """Register departments alone, so that other services know them before the rest is sent."""
        PERMISSIONS.check(by.actor, "dossier.import")
        steps = department_steps(form)
        await self._preflight(by, lambda turn: refuse(department_conflicts(form, turn)), steps)
        created, known = Counter[str](), Counter[str]()
        await self._take(by, steps, created, known)
        return {"created": dict(created), "known": dict(known)}

    async def dossier(self, by: Instruction, dossier: Dossier) -> Answer:
        """Import a whole dossier.

        Refuses with every problem (`DossierRefused`) before anything is stored. A measure that a hold
        covers stays listed, to be ordered by a person once the hold is lifted.
        """
        PERMISSIONS.check(by.actor, "dossier.import")
        refuse(check(dossier))
        planned = list(phases(dossier))
        every = [step for steps in planned for step in steps]
        await self._preflight(by, lambda turn: refuse(find_conflicts(dossier, turn)), every)
        created, known, measures = Counter[str](), Counter[str](), Counter[str]()
        for steps in planned:
            for answer in await self._take(by, steps, created, known):
                if "state" in answer:
                    measures[answer["state"]] += 1
        return {
            "decree": dossier.decree.id,
            "created": dict(created),
            "known": dict(known),
            "measures": dict(measures),
        }

    async def _preflight(
        self, by: Instruction, decide: Callable[[Turn], None], steps: Iterable[Step]
    ) -> None:
        """Look at everything as of one moment; the command records nothing."""
        asking = Instruction(id=by.id, actor=by.actor)
        reads = tuple(dict.fromkeys((step.kind, step.id) for step in steps))
        await self._store.execute(Command("check-import", asking, decide, reads))

    async def _take(
        self, by: Instruction, steps: Sequence[Step], created: Counter[str], known: Counter[str]
    ) -> list[Answer]:
        answers = []
        for start in range(0, len(steps), AT_ONCE):
            chunk = steps[start : start + AT_ONCE]
            for step, outcome in zip(chunk, await self._together(by, chunk), strict=True):
                if outcome is None:
                    answers.append({"state": "listed"})
                    continue
                if step.enters:
                    (created if outcome.events else known)[step.kind.kind] += 1
                answers.append(orjson.loads(outcome.answer or b"{}"))
        return answers

    async def _together(self, by: Instruction, steps: Sequence[Step]) -> list[Outcome[Answer] | None]:
        outcomes = await asyncio.gather(*(self._step(by, step) for step in steps), return_exceptions=True)
        taken: list[Outcome[Answer] | None] = []
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome
            taken.append(outcome)
        return taken

    async def _step(self, by: Instruction, step: Step) -> Outcome[Answer] | None:
        """Take one step; None where a hold keeps a measure from being ordered."""
        instruction = replace(
            by,
            id=step.command_id,
            effective_at=step.effective_at or by.effective_at,
            correlation=by.correlation or by.id,
            expected=None,
            fingerprint=sha256(step.content).digest(),
            answer=_answer,
        )
        try:
            return await self._store.execute(
                Command(f"import-{step.name}", instruction, step.decide, ((step.kind, step.id),))
            )
        except DecreeOnHold:
            return None


def _answer(outcome: Outcome[Any]) -> bytes:
    return orjson.dumps(outcome.value)
