"""How a ledger takes entries, and until when."""

from services.registry.handover import refusals
from services.registry.handover.acts import Entry, entry_of
from services.registry.handover.handover import Handover
from services.registry.handover.signing import void_signatures
from services.registry.mission import Mission, MissionState
from shared.contracts.event import Event
from shared.contracts.registry import HandoverEmployeeSettled
from shared.domain import Moment, Text

ACCOUNTED = (MissionState.SETTLED, MissionState.ARCHIVED)
"""The accounts of the mission are audited: what is entered now nobody has looked at."""

CHANGED = Text(
    en="The ledger was changed after they were given ({entry}).", ar="تغيّر السجل بعد إعطائها ({entry})."
)


def check_takes_entries(mission: Mission) -> Mission:
    """Return the mission; refuse where there is none, or its accounts are closed."""
    mission.must_exist()
    if mission.state in ACCOUNTED:
        raise refusals.LedgerClosed(mission=mission.id, state=mission.state.value)
    return mission


def enter(handover: Handover, mission: Mission, act: Event, moment: Moment) -> None:
    """Record an act in the ledger of a mission; it is of no moment before the last act on the same entry.

    What was held from destruction is so not destroyed before its release. Nor is it of one before the mission
    was opened again, since when the ledger is another. The minutes are of the ledger as it stands: until the
    mission is closed a change voids what was signed, and after that there is none but for what the closing
    left to settle.
    """
    entry = entry_of(act)
    assert entry is not None, "signatures are no entries"
    check_takes_entries(mission)
    if mission.state is MissionState.CLOSED:
        _check_left_to_settle(mission, entry, act)
    for last, of in ((handover.acted_at.get(entry.name), entry.name), (handover.begun_anew_at, mission.id)):
        moment.must_not_precede(last, of)
    handover.record(act, moment)
    if mission.state is not MissionState.CLOSED:
        void_signatures(handover, mission.id, CHANGED.format(entry=entry.name), moment)


def _check_left_to_settle(mission: Mission, entry: Entry, act: Event) -> None:
    """Refuse what neither a reservation left nor condition 6, by which a claim may outlast a closing."""
    if entry.condition in mission.reserved or isinstance(act, HandoverEmployeeSettled):
        return
    if not mission.reserved:
        raise refusals.LedgerClosed(mission=mission.id, state=mission.state.value)
    raise refusals.NotLeftToSettle(
        mission=mission.id, condition=entry.condition, reserved=", ".join(map(str, mission.reserved))
    )
