"""What can be asked of decrees: holds on them, their execution, their report."""

from collections.abc import Callable, Mapping, Sequence

from services.registry.application.executing import Answer, execute
from services.registry.decree import Decree, holding, reporting
from services.registry.department import Department
from services.registry.measure import Measure
from services.registry.permissions import PERMITS
from shared.contracts.registry import HoldCondition
from shared.domain import Actor, Text
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Change = Callable[[Decree, Turn], None]


class Decrees:
    """Use cases of decrees."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def hold(
        self,
        by: Instruction,
        decree: str,
        hold: str,
        authority: str,
        reason: Text,
        conditions: Sequence[HoldCondition],
        article: str | None,
        measure: str | None,
    ) -> Outcome[Answer]:
        """Hold the execution of a decree, an article or a measure."""
        by = PERMITS.ask(by, "decree.hold")
        holding.check_own_name(by.actor, authority)
        holder = _holder(by.actor)

        def change(held: Decree, turn: Turn) -> None:
            turn.get(Department, authority).must_exist()
            given = (authority, holder, reason, conditions, turn.moment, article, measure)
            holding.hold(held, hold, *given, in_person=_in_person(by.actor))

        return await self._change("hold-decree", by, decree, change)

    async def fulfil(
        self, by: Instruction, decree: str, hold: str, condition: str, evidence: tuple[str, ...]
    ) -> Outcome[Answer]:
        """Note that a condition of a hold is fulfilled."""
        by = PERMITS.ask(by, "decree.fulfil-condition")

        def change(held: Decree, turn: Turn) -> None:
            holding.fulfil(held, hold, condition, evidence, turn.moment)

        return await self._change("fulfil-hold-condition", by, decree, change)

    async def waive(
        self, by: Instruction, decree: str, hold: str, condition: str, reason: Text
    ) -> Outcome[Answer]:
        """Do without a condition of one's own hold."""
        by = PERMITS.ask(by, "decree.waive-condition")

        def change(held: Decree, turn: Turn) -> None:
            holder, in_person = _holder(by.actor), _in_person(by.actor)
            holding.waive(held, hold, condition, holder, reason, turn.moment, in_person=in_person)

        return await self._change("waive-hold-condition", by, decree, change)

    async def resume(
        self, by: Instruction, decree: str, hold: str, met: Mapping[str, tuple[str, ...]], reason: Text
    ) -> Outcome[Answer]:
        """Lift a hold; an administrator may lift that of anybody."""
        by = PERMITS.ask(by, "decree.resume")
        holder = None if by.actor.role == "admin" else _holder(by.actor)

        def change(held: Decree, turn: Turn) -> None:
            holding.lift(held, hold, holder, met, reason, turn.moment, in_person=_in_person(by.actor))

        return await self._change("resume-decree", by, decree, change)

    async def execute(self, by: Instruction, decree: str) -> Outcome[Answer]:
        """Declare a decree executed; every measure of it is read in the same command."""
        by = PERMITS.ask(by, "decree.execute")

        def change(executed: Decree, turn: Turn) -> None:
            measures = turn.get_all(Measure, executed.measures)
            for measure in measures:
                turn.moment.must_not_precede(measure.executed_at, measure.id)
            executed.execute({measure.id: not measure.open for measure in measures}, turn.moment)

        return await self._change("execute-decree", by, decree, change)

    async def submit_report(
        self, by: Instruction, decree: str, reference: str, sha256: str
    ) -> Outcome[Answer]:
        """Hand in the final report."""
        by = PERMITS.ask(by, "decree.report")

        def change(reported: Decree, turn: Turn) -> None:
            reporting.submit_report(reported, reference, sha256, by.actor, turn.moment)

        return await self._change("submit-final-report", by, decree, change)

    async def approve_report(self, by: Instruction, decree: str) -> Outcome[Answer]:
        """Approve the final report, as somebody other than the reporter."""
        by = PERMITS.ask(by, "decree.approve-report")

        def change(reported: Decree, turn: Turn) -> None:
            reporting.approve_report(reported, by.actor, turn.moment)

        return await self._change("approve-final-report", by, decree, change)

    async def return_report(self, by: Instruction, decree: str, reason: Text) -> Outcome[Answer]:
        """Give the final report back."""
        by = PERMITS.ask(by, "decree.approve-report")

        def change(reported: Decree, turn: Turn) -> None:
            reporting.return_report(reported, reason, by.actor, turn.moment)

        return await self._change("return-final-report", by, decree, change)

    async def remove(self, by: Instruction, decree: str, reference: str | None) -> Outcome[Answer]:
        """Remove an executed decree from control."""
        by = PERMITS.ask(by, "decree.remove-from-control")

        def change(reported: Decree, turn: Turn) -> None:
            reporting.remove_from_control(reported, reference, by.actor, turn.moment)

        return await self._change("remove-decree-from-control", by, decree, change)

    async def _change(self, name: str, by: Instruction, decree: str, change: Change) -> Outcome[Answer]:
        def decide(turn: Turn) -> Answer:
            changed = turn.get(Decree, decree)
            change(changed, turn)
            return {"decree": decree, "state": changed.state.value, "holds": sorted(changed.holds)}

        return await execute(self._store, name, by, decide, Decree, decree)


def _holder(actor: Actor) -> str:
    return actor.department or actor.subject


def _in_person(actor: Actor) -> bool:
    return actor.department is None
