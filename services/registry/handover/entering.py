"""Until when a handover takes entries."""

from services.registry.handover import refusals
from services.registry.mission import Mission, MissionState

ACCOUNTED = (MissionState.SETTLED, MissionState.ARCHIVED)
"""The accounts of the mission are audited: what is entered now nobody has looked at."""


def check_takes_entries(mission: Mission) -> Mission:
    """Return the mission; refuse where there is none, or its accounts are closed."""
    mission.must_exist()
    if mission.state in ACCOUNTED:
        raise refusals.LedgerClosed(mission=mission.id, state=mission.state.value)
    return mission
