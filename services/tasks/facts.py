"""What earlier releases of this service did not note of the registry (decision 0036)."""

from typing import Any

from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.reacting import command_of
from shared.contracts import registry
from shared.eventstore.command import Command, Turn
from shared.messaging.looking_back import Fact
from shared.messaging.received import Received


def note_execution(received: Received) -> Command[Any]:
    """The command by which the plan of a measure notes that this is executed."""

    def decide(turn: Turn) -> None:
        turn.get(Plan, received.id).note_execution(turn.moment.at_latest_now)

    return command_of(received, "note-execution", decide, ((Plan, received.id),))


def note_reopening(received: Received) -> Command[Any]:
    """The command that notes a reopening of before, and leaves the plans as they are."""
    reopened = received.event
    assert isinstance(reopened, registry.MissionReopened), "it is asked for reopenings alone"
    by = reopened.measure

    def decide(turn: Turn) -> None:
        turn.get(Mission, received.id).note_reopening(by, turn.moment.at_latest_now)

    return command_of(received, "note-reopening", decide, ((Mission, received.id),))


REGISTERED = Fact(registry.MissionRegistered, Mission, lambda mission, told: mission.noted)
"""Missions that were registered before this service noted any."""

EXECUTED = Fact(
    registry.MeasureExecuted, Plan, lambda plan, told: plan.executed_at is not None, note_execution
)
"""Measures that were executed before plans noted it: nothing is planned of them any more (decision 0025)."""

REOPENED = Fact(
    registry.MissionReopened,
    Mission,
    lambda mission, told: told.effective_at in mission.reopened,
    note_reopening,
)
"""Missions that were opened again before that was noted: what had closed them is over (decision 0025)."""

FACTS = (REGISTERED, EXECUTED, REOPENED)
