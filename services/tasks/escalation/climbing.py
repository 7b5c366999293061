"""An escalation follows its deadline: it begins with a miss, climbs, stands while it is held, and ends."""

from dataclasses import replace
from datetime import date, datetime

from services.tasks.deadline import TOLERANCE
from services.tasks.deadline.events import stoppages_of
from services.tasks.escalation.case import Case
from services.tasks.escalation.escalation import Escalation
from services.tasks.escalation.rungs import Rung, next_rung
from services.tasks.task import TaskState
from shared.calendar import day_of
from shared.contracts import tasks as said
from shared.domain import Moment


def follow(escalation: Escalation, case: Case, moment: Moment) -> bool:
    """Bring an escalation to where it belongs by now; tell whether anything happened.

    Every step that is due is recorded once and in order, each effective at its own moment; those that could
    have been recorded before are late. The work that was returned, or a due day that was over when it was
    set, begins the ladder anew on that day. The ladder follows from the miss, and each step from the one
    before it, where these are recorded in the same command.
    """
    before = escalation.version
    known = escalation.modified_on if escalation.open else None
    if escalation.open and (not case.stands or escalation.missed_on != case.deadline.due_on):
        _end(escalation, case, moment)
    if case.stands:
        if not escalation.open:
            _begin(escalation, case, moment)
        _climb(escalation, case, moment, known)
    return escalation.version > before


def rung_of(escalation: Escalation, case: Case) -> Rung | None:
    """The step that comes next as things stand, or None after the last."""
    holds = stoppages_of(case.holds, case.calendar)
    answered = escalation.acknowledgements
    return next_rung(case.ladder, escalation.step, escalation.stepped_on, holds, answered, case.calendar)


def _begin(escalation: Escalation, case: Case, moment: Moment) -> None:
    since = _counted_from(case, moment)
    holds = stoppages_of(case.holds, case.calendar)
    first = next_rung(case.ladder, 0, since, holds, (), case.calendar)
    begun = said.EscalationBegun(
        **case.facts(case.task.lead),
        policy=case.policy,
        policy_version=case.version,
        due_on=case.deadline.due_on,
        counted_from=since,
        next_at=_moment(first),
    )
    escalation.record(begun, _now(moment), case.deadline.recorded_now(said.DeadlineMissed))


def _counted_from(case: Case, moment: Moment) -> date:
    """The day that was missed, or a later one from which on the work could be handed in again."""
    due_on, today = case.deadline.due_on, day_of(moment.recorded_at, case.calendar)
    if case.deadline.already_past:
        return max(due_on, today)
    if case.task.state is TaskState.RETURNED and case.task.stepped_at is not None:
        return max(due_on, day_of(case.task.stepped_at, case.calendar))
    return due_on


def _climb(escalation: Escalation, case: Case, moment: Moment, known: datetime | None) -> None:
    while (rung := rung_of(escalation, case)) is not None:
        if rung.since is not None:
            if not escalation.suspended:
                held = said.EscalationSuspended(**case.facts(escalation.addressed), since=rung.since)
                escalation.record(held, moment)
            return
        if escalation.suspended or rung.at != escalation.next_at:
            resumed = said.EscalationResumed(**case.facts(escalation.addressed), next_at=rung.at)
            escalation.record(resumed, moment)
            known = moment.recorded_at
        if moment.recorded_at < rung.at:
            return
        _raise(escalation, case, rung, moment, max(rung.at, known) if known else rung.at)


def _raise(escalation: Escalation, case: Case, rung: Rung, moment: Moment, known: datetime) -> None:
    step = case.ladder.steps[rung.step - 1]
    lead = case.task.lead
    to_department = step.to is said.Recipient.DEPARTMENT and step.named is not None
    addressed = step.named if to_department and step.named is not None else lead
    ahead = next_rung(
        case.ladder,
        rung.step,
        rung.on,
        stoppages_of(case.holds, case.calendar),
        escalation.acknowledgements,
        case.calendar,
    )
    raised = said.EscalationRaised(
        **case.facts(addressed),
        policy=escalation.policy,
        policy_version=escalation.policy_version,
        due_on=case.deadline.due_on,
        step=rung.step,
        steps=len(case.ladder.steps),
        key=step.key,
        title=step.title,
        to=step.to,
        role=step.named if step.to is said.Recipient.ROLE else None,
        head=None if step.to is said.Recipient.ROLE else case.head_of(addressed),
        on=rung.on,
        due_at=rung.at,
        late=moment.recorded_at - known > TOLERANCE,
        calendar=case.calendar.name,
        calendar_version=case.calendar.version,
        also=case.calendar.also,
        next_at=_moment(ahead),
    )
    escalation.record(raised, replace(moment, effective_at=rung.at), escalation.recorded_now())


def _end(escalation: Escalation, case: Case, moment: Moment) -> None:
    ground = said.EscalationEnding.PUT_OFF
    if case.task.state is TaskState.CANCELLED:
        ground = said.EscalationEnding.CANCELLED
    elif case.task.handed_in or case.task.state is TaskState.ACCEPTED:
        ground = said.EscalationEnding.HANDED_IN
    ended = said.EscalationEnded(**case.facts(escalation.addressed), step=escalation.step, ground=ground)
    escalation.record(ended, moment)


def _moment(rung: Rung | None) -> datetime | None:
    return None if rung is None or rung.since is not None else rung.at


def _now(moment: Moment) -> Moment:
    return replace(moment, effective_at=moment.recorded_at)
