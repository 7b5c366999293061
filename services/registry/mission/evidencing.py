"""To note what shows that a closing condition is met, or who answers for it that it is not."""

from datetime import date

from services.registry.mission import refusals
from services.registry.mission.conditions import CONDITIONS, NEVER_WAIVED, OF_RECEIVER
from services.registry.mission.mission import Mission
from services.registry.mission.state import OVER
from shared.contracts.registry import MissionConditionEvidenced, MissionConditionWaived
from shared.domain import Actor, Moment, Text


def take_evidence(
    mission: Mission,
    measure: str,
    condition: int,
    tasks: tuple[str, ...],
    evidence: tuple[str, ...],
    moment: Moment,
    *,
    accepted_for: tuple[date | None, date | None] = (None, None),
) -> None:
    """Note the accepted evidence of a condition. After the closing it changes nothing.

    `accepted_for` are the dates, to the public and officially, that held when it was accepted.
    """
    _check_condition(condition)
    if mission.state in OVER:
        return
    closing = mission.must_be_closing()
    if measure != closing.measure:
        raise refusals.OtherMeasure(mission=mission.id, measure=closing.measure, given=measure)
    mission.record(
        MissionConditionEvidenced(
            decree=closing.decree,
            measure=closing.measure,
            condition=condition,
            tasks=tasks,
            evidence=evidence,
            public_on=accepted_for[0],
            official_on=accepted_for[1],
        ),
        moment,
    )


def waive(
    mission: Mission, condition: int, reference: str, reason: Text, actor: Actor, moment: Moment
) -> None:
    """Let the mission close though a condition is not met; whoever waives answers for it by name.

    What the law itself asks (an order, no hold) and the three signatures are never waived. Of what speaks of
    the receiver no waiver is of a moment before the mission went to that one.
    """
    _check_condition(condition)
    closing = mission.must_be_closing()
    if condition in NEVER_WAIVED:
        raise refusals.NeverWaived(mission=mission.id, condition=condition)
    if condition in mission.waivers:
        raise refusals.AlreadyWaived(
            mission=mission.id, condition=condition, by=mission.waivers[condition].by
        )
    moment.must_not_precede(mission.closing_at, mission.id)
    if condition in OF_RECEIVER:
        moment.must_not_precede(mission.redirected_at, mission.id)
    waived = MissionConditionWaived(
        decree=closing.decree,
        measure=closing.measure,
        condition=condition,
        by=actor.on_behalf_of or actor.subject,
        reference=reference,
        reason=reason,
    )
    mission.record(waived, moment)


def _check_condition(condition: int) -> None:
    if condition not in CONDITIONS:
        raise refusals.NoSuchCondition(condition=condition)
