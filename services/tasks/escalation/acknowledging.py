"""Somebody answers for a step: the clock of the ladder stands for a time."""

from datetime import date

from services.tasks.deadline.events import stoppages_of
from services.tasks.escalation.case import Case
from services.tasks.escalation.escalation import Acknowledgement, Escalation
from services.tasks.escalation.refusals import AcknowledgedAlready, AcknowledgedTooLong, NothingToAcknowledge
from services.tasks.escalation.rungs import next_rung
from services.tasks.moments import must_follow
from shared.calendar import add_working_days, day_of
from shared.contracts import tasks as said
from shared.domain import Actor, Moment, acting


def acknowledge(
    escalation: Escalation, case: Case, until: date | None, note: str, actor: Actor, moment: Moment
) -> date:
    """Answer for the present step until the end of a day, and return that day.

    It is as late as the ladder allows where none is named. Refuses a second answer to one step, a day that is
    not after today, and one that is too far.
    """
    if not escalation.open or escalation.step == 0:
        raise NothingToAcknowledge(task=escalation.id)
    must_follow(moment, escalation.stepped_at)
    for given in escalation.acknowledgements:
        if given.step == escalation.step:
            raise AcknowledgedAlready(task=escalation.id, step=escalation.step, until=given.until.isoformat())
    today = day_of(moment.recorded_at, case.calendar)
    furthest = add_working_days(today, case.ladder.acknowledged_for, case.calendar)
    day = furthest if until is None else until
    if not today < day <= furthest:
        raise AcknowledgedTooLong(
            task=escalation.id,
            until=day.isoformat(),
            today=today.isoformat(),
            furthest=furthest.isoformat(),
        )
    answer = Acknowledgement(escalation.step, acting(actor), today, day)
    ahead = next_rung(
        case.ladder,
        escalation.step,
        escalation.stepped_on,
        stoppages_of(case.holds, case.calendar),
        (*escalation.acknowledgements, answer),
        case.calendar,
    )
    acknowledged = said.EscalationAcknowledged(
        **case.facts(escalation.addressed),
        step=escalation.step,
        by=answer.by,
        note=note,
        since=today,
        until=day,
        next_at=None if ahead is None or ahead.since is not None else ahead.at,
    )
    escalation.record(acknowledged, moment)
    return day
