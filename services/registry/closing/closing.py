"""To close a mission: every condition holds, or somebody answers for each that does not."""

from dataclasses import replace

from services.registry.closing.facts import ClosingFacts
from services.registry.closing.judging import examine
from services.registry.closing.since import must_not_precede_its_conditions
from services.registry.mission import MissionState
from services.registry.mission.dates import check_its_day_has_come
from services.registry.mission.refusals import (
    ClosesWithoutReservations,
    ClosingConditionsUnmet,
    DatesFirst,
    MissionNotClosing,
)
from shared.contracts.registry import MissionAccredited, Reservation
from shared.domain import Moment


def close(facts: ClosingFacts, moment: Moment, *, with_reservations: bool = False) -> tuple[Reservation, ...]:
    """Close the mission and execute its measure, or refuse with every condition that does not hold.

    It closes on its official date or later: the host State was told that. Holds are those of the effective
    moment, and every condition was true by then.

    With reservations a condition may be unmet where somebody has waived it. Whoever takes States of the
    mission answers for them from now on. Returns the reservations.
    """
    mission, facts = facts.mission, replace(facts, at=moment.effective_at)
    if mission.state is not MissionState.CLOSING:
        raise MissionNotClosing(mission=mission.id, state=mission.state.value)
    findings = examine(facts)
    unmet = [finding for finding in findings if not finding.holds]
    if open := [finding.as_json() for finding in unmet if finding.waiver is None]:
        raise ClosingConditionsUnmet(mission=mission.id, unmet=open)
    if unmet and not with_reservations:
        numbers = ", ".join(str(finding.condition) for finding in unmet)
        raise ClosesWithoutReservations(mission=mission.id, conditions=numbers)
    if mission.dates is None:
        raise DatesFirst(mission=mission.id)
    check_its_day_has_come(mission, mission.dates.official_on, moment)
    must_not_precede_its_conditions(facts, findings, moment)
    reservations = tuple(
        Reservation(condition=finding.condition, by=finding.waiver.by, reference=finding.waiver.reference)
        for finding in unmet
        if finding.waiver is not None
    )
    states = mission.states
    mission.finish_closing(reservations, moment)
    facts.measure.execute_by_closing(moment)
    if facts.receiver is not None:
        facts.receiver.absorb(mission, moment)
    for state in states:
        heir = facts.heirs.get(state)
        if heir is not None and heir.state is MissionState.OPEN and state not in heir.states:
            accredited = MissionAccredited(
                mission=heir.id, state=state, reference=facts.measure.id, from_mission=mission.id
            )
            heir.record(accredited, moment)
    return reservations
