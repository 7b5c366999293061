"""What can be asked of decrees."""

from collections.abc import Mapping, Sequence

from services.registry.application.executing import Answer, execute
from services.registry.decree import Decree
from services.registry.department import Department
from services.registry.measure import Measure, MeasureState
from services.registry.permissions import PERMISSIONS
from shared.contracts.registry import HoldCondition
from shared.domain import Actor, Text
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore


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
        PERMISSIONS.check(by.actor, "decree.hold")
        holder = _holder(by.actor)

        def decide(turn: Turn) -> Answer:
            held = turn.get(Decree, decree)
            turn.get(Department, authority).must_exist()
            held.hold(hold, authority, holder, reason, conditions, turn.moment, article, measure)
            return {"decree": decree, "state": held.state.value, "holds": sorted(held.holds)}

        return await execute(self._store, "hold-decree", by, decide, Decree, decree)

    async def resume(
        self, by: Instruction, decree: str, hold: str, met: Mapping[str, tuple[str, ...]], reason: Text
    ) -> Outcome[Answer]:
        """Lift a hold; an administrator may lift that of anybody."""
        PERMISSIONS.check(by.actor, "decree.resume")
        holder = None if by.actor.role == "admin" else _holder(by.actor)

        def decide(turn: Turn) -> Answer:
            held = turn.get(Decree, decree)
            held.resume(hold, holder, met, reason, turn.moment)
            return {"decree": decree, "state": held.state.value, "holds": sorted(held.holds)}

        return await execute(self._store, "resume-decree", by, decide, Decree, decree)

    async def execute(self, by: Instruction, decree: str) -> Outcome[Answer]:
        """Declare a decree executed; every measure of it is read in the same command."""
        PERMISSIONS.check(by.actor, "decree.execute")

        def decide(turn: Turn) -> Answer:
            executed = turn.get(Decree, decree)
            states = {id: turn.get(Measure, id).state for id in executed.measures}
            executed.execute({id: s is MeasureState.EXECUTED for id, s in states.items()}, turn.moment)
            return {"decree": decree, "state": executed.state.value}

        return await execute(self._store, "execute-decree", by, decide, Decree, decree)


def _holder(actor: Actor) -> str:
    return actor.department or actor.subject
