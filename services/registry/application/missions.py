"""What can be asked of missions."""

from datetime import date
from functools import partial
from uuid import uuid4

from services.registry.application.executing import Answer, execute
from services.registry.mission import Mission
from services.registry.mission.closing import close, examine, gather
from services.registry.mission.dates import set_dates
from services.registry.permissions import PERMISSIONS
from services.registry.reading import Reading
from shared.domain import Actor
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.service.past import judged


class Missions:
    """Use cases of missions."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def set_dates(
        self, by: Instruction, mission: str, public_on: date, official_on: date
    ) -> Outcome[Answer]:
        """Set both closing dates of a mission."""
        PERMISSIONS.check(by.actor, "mission.set-dates")

        def decide(turn: Turn) -> Answer:
            set_dates(turn, turn.get(Mission, mission), public_on, official_on, turn.moment)
            return {
                "mission": mission,
                "public_on": public_on.isoformat(),
                "official_on": official_on.isoformat(),
            }

        return await execute(self._store, "set-closing-dates", by, decide, Mission, mission)

    async def close(self, by: Instruction, mission: str) -> Outcome[Answer]:
        """Close a mission and execute its measure, when every condition holds."""
        PERMISSIONS.check(by.actor, "mission.close")

        def decide(turn: Turn) -> Answer:
            facts = gather(turn, turn.get(Mission, mission))
            close(facts, turn.moment)
            return {
                "mission": mission,
                "state": facts.mission.state.value,
                "measure": facts.measure.id,
                "successor": None if facts.receiver is None else facts.receiver.id,
            }

        return await execute(self._store, "close-mission", by, decide, Mission, mission)

    async def closing_conditions(self, actor: Actor, mission: str) -> Outcome[Answer]:
        """Judge each closing condition as of one moment, by the decision that closes, recording nothing."""

        by = Instruction(id=uuid4(), actor=actor)
        decide = partial(_judge, mission=mission)
        return await execute(self._store, "judge-closing-conditions", by, decide, Mission, mission)

    async def closing_conditions_as_of(self, position: int, mission: str) -> Answer:
        """Judge each closing condition as it was at a position of the log, by the same rules."""
        return await judged(self._store, position, partial(_judge, mission=mission))


def _judge(reading: Reading, mission: str) -> Answer:
    facts = gather(reading, reading.get(Mission, mission))
    findings = examine(facts)
    return {
        "mission": mission,
        "state": facts.mission.state.value,
        "measure": facts.measure.id,
        "closable": all(finding.holds for finding in findings),
        "conditions": [finding.as_json() for finding in findings],
    }
