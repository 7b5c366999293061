"""How a ledger takes entries, and until when."""

from services.registry.handover import refusals
from services.registry.handover.acts import entry_of
from services.registry.handover.handover import Handover
from services.registry.mission import Mission, MissionState
from shared.contracts.event import Event
from shared.domain import Moment

ACCOUNTED = (MissionState.SETTLED, MissionState.ARCHIVED)
"""The accounts of the mission are audited: what is entered now nobody has looked at."""


def check_takes_entries(mission: Mission) -> Mission:
    """Return the mission; refuse where there is none, or its accounts are closed."""
    mission.must_exist()
    if mission.state in ACCOUNTED:
        raise refusals.LedgerClosed(mission=mission.id, state=mission.state.value)
    return mission


def enter(handover: Handover, mission: Mission, act: Event, moment: Moment) -> None:
    """Record an act in the ledger of a mission; it is of no moment before the last act on the same entry.

    What was held from destruction is so not destroyed before its release.
    """
    entry = entry_of(act)
    assert entry is not None, "signatures are no entries"
    moment.must_not_precede(handover.acted_at.get(entry.name), entry.name)
    handover.record(act, moment)
