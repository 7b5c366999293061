"""What can be asked of measures."""

from services.registry.application.executing import Answer, execute
from services.registry.changing import carry_out
from services.registry.decree import Decree
from services.registry.measure import Measure
from services.registry.measure.identifying import identify
from services.registry.measure.ordering import order
from services.registry.permissions import PERMITS
from shared.contracts.registry import Confidence, Feasibility, Target
from shared.domain import Text
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore


class Measures:
    """Use cases of measures."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def order(self, by: Instruction, measure: str) -> Outcome[Answer]:
        """Order a measure, or block it with its reason."""
        by = PERMITS.ask(by, "measure.order")

        def decide(turn: Turn) -> Answer:
            ordered = turn.get(Measure, measure)
            order(turn, ordered, turn.moment)
            return _measure(ordered)

        return await execute(self._store, "order-measure", by, decide, Measure, measure)

    async def identify(
        self,
        by: Instruction,
        measure: str,
        mission: str | None,
        receiver: str | None,
        confidence: Confidence,
        source: str,
        target: Target | None = None,
    ) -> Outcome[Answer]:
        """Name what a row left unknown, with its source."""
        by = PERMITS.ask(by, "measure.identify")

        def decide(turn: Turn) -> Answer:
            identified = turn.get(Measure, measure)
            identify(turn, identified, mission, receiver, confidence, source, turn.moment, target)
            return _measure(identified)

        return await execute(self._store, "identify-measure", by, decide, Measure, measure)

    async def assess(
        self, by: Instruction, measure: str, feasibility: Feasibility, note: Text
    ) -> Outcome[Answer]:
        """Say whether law and custom let a measure be carried out."""
        by = PERMITS.ask(by, "measure.assess")

        def decide(turn: Turn) -> Answer:
            assessed = turn.get(Measure, measure)
            turn.get(Decree, assessed.listed.decree).must_be_announced_by(turn.moment)
            assessed.assess(feasibility, note, turn.moment)
            return _measure(assessed)

        return await execute(self._store, "assess-measure", by, decide, Measure, measure)

    async def execute(self, by: Instruction, measure: str, evidence: tuple[str, ...]) -> Outcome[Answer]:
        """Declare a measure executed that closes no mission."""
        by = PERMITS.ask(by, "measure.execute")

        def decide(turn: Turn) -> Answer:
            executed = turn.get(Measure, measure)
            row = executed.listed
            turn.get(Decree, row.decree).check_executable(row.article, measure, turn.moment)
            executed.execute(evidence, turn.moment)
            carry_out(turn, executed, turn.moment)
            return _measure(executed)

        return await execute(self._store, "execute-measure", by, decide, Measure, measure)


def _measure(measure: Measure) -> Answer:
    return {
        "measure": measure.id,
        "state": measure.state.value,
        "mission": measure.mission,
        "receiver": measure.receiver,
        "feasibility": measure.feasibility.value,
        "blocked_by": None if measure.blocked_by is None else measure.blocked_by.value,
    }
