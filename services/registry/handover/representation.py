"""Who represents in the States that a mission leaves, and who looks after its district and its cases."""

from services.registry.handover import refusals
from services.registry.handover.entering import enter
from services.registry.handover.entries import StateSettled
from services.registry.handover.handover import Handover
from services.registry.handover.keeping import must_be_another
from services.registry.mission import Mission
from shared.contracts.registry import (
    HandoverCasesAssigned,
    HandoverCasesCounted,
    HandoverDistrictTransferred,
    HandoverStateSettled,
    Succession,
)
from shared.domain import Moment


def settle_state(
    handover: Handover,
    mission: Mission,
    state: str,
    succession: Succession,
    successor: Mission | None,
    power: str | None,
    reference: str,
    moment: Moment,
) -> None:
    """Give a State a successor, a protecting power, or the decision for a gap; a later one replaces it.

    The same again changes nothing.
    """
    if state not in mission.states:
        raise refusals.NotAccreditedThere(mission=mission.id, state=state)
    if (succession is Succession.SUCCESSOR) != (successor is not None):
        raise refusals.SuccessionUnclear(state=state)
    if (succession is Succession.PROTECTING_POWER) != (power is not None) or power == state:
        raise refusals.SuccessionUnclear(state=state)
    if successor is not None:
        must_be_another(mission, successor)
    heir = None if successor is None else successor.id
    if handover.states.get(state) == StateSettled(succession, heir, power, reference):
        return
    settled = HandoverStateSettled(
        mission=mission.id,
        state=state,
        succession=succession,
        successor=heir,
        power=power,
        reference=reference,
    )
    enter(handover, mission, settled, moment)


def transfer_district(
    handover: Handover, mission: Mission, to: Mission, consent: str, moment: Moment
) -> None:
    """Give the consular district to another mission, by consent of the host State."""
    must_be_another(mission, to)
    if handover.district == to.id:
        return
    enter(
        handover, mission, HandoverDistrictTransferred(mission=mission.id, to=to.id, consent=consent), moment
    )


def count_cases(handover: Handover, mission: Mission, group: str, open: int, moment: Moment) -> None:
    """Count the open cases of a group; there are not fewer than have an owner already."""
    mission.must_exist()
    known = handover.cases.get(group)
    if known is not None and open < known.owned:
        raise refusals.FewerThanAccounted(what=group, counted=open, accounted=known.owned)
    if known is None or known.open != open:
        enter(handover, mission, HandoverCasesCounted(mission=mission.id, group=group, open=open), moment)


def assign_cases(
    handover: Handover,
    mission: Mission,
    group: str,
    count: int,
    owner: str,
    reference: str,
    moment: Moment,
) -> None:
    """Give open cases an owner; not more than have none."""
    known = handover.cases.get(group)
    if known is None:
        raise refusals.NotListed(mission=mission.id, what=group)
    if count > known.unowned:
        raise refusals.MoreThanThere(what=group, given=count, left=known.unowned)
    assigned = HandoverCasesAssigned(
        mission=mission.id, group=group, count=count, owner=owner, reference=reference
    )
    enter(handover, mission, assigned, moment)
