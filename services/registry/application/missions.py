"""What can be asked of missions: the dates, the phases and the conditions of their closing."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import uuid4

from services.registry.application.executing import Answer, execute
from services.registry.closing import close, examine, gather
from services.registry.mission import Mission, phases
from services.registry.mission.dates import set_dates
from services.registry.mission.evidencing import waive
from services.registry.permissions import PERMITS
from services.registry.reading import Reading
from shared.domain import Actor, Text
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.service.past import judged

Change = Callable[[Turn, Mission], None]


class Missions:
    """Use cases of missions."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def set_dates(
        self, by: Instruction, mission: str, public_on: date, official_on: date
    ) -> Outcome[Answer]:
        """Set both closing dates of a mission."""
        by = PERMITS.ask(by, "mission.set-dates")

        def decide(turn: Turn) -> Answer:
            set_dates(turn, turn.get(Mission, mission), public_on, official_on, turn.moment)
            return {
                "mission": mission,
                "public_on": public_on.isoformat(),
                "official_on": official_on.isoformat(),
            }

        return await execute(self._store, "set-closing-dates", by, decide, Mission, mission)

    async def announce(self, by: Instruction, mission: str, reference: str) -> Outcome[Answer]:
        """Announce a closing to the public."""
        by = PERMITS.ask(by, "mission.announce")

        def change(turn: Turn, announced: Mission) -> None:
            phases.announce(turn, announced, reference, turn.moment)

        return await self._change("announce-closing", by, mission, change)

    async def stop_services(self, by: Instruction, mission: str, reference: str) -> Outcome[Answer]:
        """Stop the services of a closing mission."""
        by = PERMITS.ask(by, "mission.stop-services", missions=(mission,))

        def change(turn: Turn, stopped: Mission) -> None:
            phases.stop_services(turn, stopped, reference, turn.moment)

        return await self._change("stop-services", by, mission, change)

    async def waive(
        self, by: Instruction, mission: str, condition: int, reference: str, reason: Text
    ) -> Outcome[Answer]:
        """Answer for it that a mission closes though a condition is not met."""
        by = PERMITS.ask(by, "mission.waive-condition")

        def change(turn: Turn, waived: Mission) -> None:
            waive(waived, condition, reference, reason, by.actor, turn.moment)

        return await self._change("waive-closing-condition", by, mission, change)

    async def close(self, by: Instruction, mission: str, with_reservations: bool = False) -> Outcome[Answer]:
        """Close a mission and execute its measure, when every condition holds, or is waived."""
        by = PERMITS.ask(by, "mission.close")

        def decide(turn: Turn) -> Answer:
            facts = gather(turn, turn.get(Mission, mission))
            reservations = close(facts, turn.moment, with_reservations=with_reservations)
            return {
                "mission": mission,
                "state": facts.mission.state.value,
                "measure": facts.measure.id,
                "successor": None if facts.receiver is None else facts.receiver.id,
                "reservations": [reservation.model_dump() for reservation in reservations],
            }

        return await execute(self._store, "close-mission", by, decide, Mission, mission)

    async def settle(self, by: Instruction, mission: str, reference: str) -> Outcome[Answer]:
        """Note the final audit of a closed mission."""
        by = PERMITS.ask(by, "mission.settle")

        def change(turn: Turn, settled: Mission) -> None:
            phases.settle(settled, reference, turn.moment)

        return await self._change("settle-mission", by, mission, change)

    async def archive(self, by: Instruction, mission: str, reference: str) -> Outcome[Answer]:
        """Close the file of a settled mission."""
        by = PERMITS.ask(by, "mission.archive")

        def change(turn: Turn, archived: Mission) -> None:
            phases.archive(archived, reference, turn.moment)

        return await self._change("archive-mission", by, mission, change)

    async def _change(self, name: str, by: Instruction, mission: str, change: Change) -> Outcome[Answer]:
        def decide(turn: Turn) -> Answer:
            changed = turn.get(Mission, mission).must_exist()
            change(turn, changed)
            phase = None if changed.phase is None else changed.phase.value
            return {"mission": mission, "state": changed.state.value, "phase": phase}

        return await execute(self._store, name, by, decide, Mission, mission)

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
    findings, dates = examine(facts), facts.mission.dates
    return {
        "mission": mission,
        "state": facts.mission.state.value,
        "measure": facts.measure.id,
        "official_on": None if dates is None else dates.official_on.isoformat(),
        "closable": all(finding.holds for finding in findings),
        "conditions": [finding.as_json() for finding in findings],
    }
