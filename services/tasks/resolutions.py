"""A decision of a meeting becomes tasks, in one command with everything that belongs to them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.tasks.country import Country, HostWithoutCalendar
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree, NoSuchArticle
from services.tasks.department import Department
from services.tasks.meeting import Meeting
from services.tasks.plan.naming import task_id
from services.tasks.reckoning import newest_reckoning
from services.tasks.task import DepartmentTwice, Task, UnknownDepartment
from shared.calendar import CountsBy, Roll, Rule, WorkingCalendar, deadline_of, end_of_day
from shared.contracts.tasks import TaskPlanned
from shared.contracts.text import Text
from shared.domain import Invalid, Moment
from shared.eventstore.command import Turn

HELD_ON = "held_on"
"""The name of the meeting's day in the deadline rules of its decisions."""

NAMED_ON = "named_on"
"""The name of a day that the decision itself names."""


class RuleNotOfMeeting(Invalid):
    """A decision's deadlines are counted from the day of its meeting."""

    slug = "rule-not-of-meeting"
    title = Text(en="The deadline is not counted from the meeting", ar="الأجل غير محسوب من يوم الاجتماع")
    detail = Text(
        en="The rule {rule} must be one such as '10 working days after held_on', or name the day itself.",
        ar="يجب أن تكون القاعدة «{rule}» على مثال «10 working days after held_on» أو أن يُذكر اليوم نفسه.",
    )


class DueDayOver(Invalid):
    """What is over when it is decided would be missed at once, by those who are to do it."""

    slug = "due-day-over"
    title = Text(en="The due day is over", ar="يوم الأجل قد مضى")
    detail = Text(
        en="A task of the decision would be due on {due_on}, which is over ({due}): name a day to come.",
        ar="تكون إحدى مهام القرار مستحقة في {due_on} وقد مضى («{due}»): حدّد يومًا لم يأت بعد.",
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task that a decision wants: `due` is a rule from `held_on`, or the day itself.

    `counts_by` tells whose working days count; where that of a host State, `host` is its country.
    """

    title: Text
    lead: str
    co_executors: tuple[str, ...]
    due: str | date
    roll: Roll
    warn_days: int
    workstream: str
    article: str | None
    evidence: Text | None
    counts_by: CountsBy = CountsBy.MINISTRY
    host: str | None = None

    def rule(self) -> Rule:
        """The rule of its deadline; refuses one that is not counted from the meeting."""
        if isinstance(self.due, date):
            return Rule.parse(f"on {NAMED_ON}")
        try:
            rule = Rule.parse(self.due)
        except ValueError:
            raise RuleNotOfMeeting(rule=self.due) from None
        if rule.anchor != HELD_ON:
            raise RuleNotOfMeeting(rule=self.due)
        return rule

    def anchored_on(self, held_on: date) -> date:
        """The day from which its rule is counted."""
        return self.due if isinstance(self.due, date) else held_on


def plan_decided_tasks(
    turn: Turn, meeting: Meeting, decision: str, held_on: date, wanted: Sequence[Wanted]
) -> tuple[str, ...]:
    """Plan the tasks of a decision, with their deadlines; return their ids. Refuses before it records.

    They have no plan. Where the meeting is about a decree they are the decree's own, and holds stop them.
    """
    rules = [one.rule() for one in wanted]
    _check_departments(turn, wanted)
    calendars = [_calendar(turn, meeting.terms.calendar, one) for one in wanted]
    decree = None if meeting.terms.decree is None else turn.get(Decree, meeting.terms.decree)
    _check_articles(decree, wanted)
    _check_due(zip(wanted, calendars, strict=True), held_on, turn.moment)
    ids = tuple(task_id(decision, number) for number in range(1, len(wanted) + 1))
    tasks, deadlines = turn.get_all(Task, ids), turn.get_all(Deadline, ids)
    for number, (one, rule, calendar, task, deadline) in enumerate(
        zip(wanted, rules, calendars, tasks, deadlines, strict=True), 1
    ):
        task.plan(_planned(meeting, decision, number, one, rule), turn.moment)
        if decree is not None:
            decree.note_task(task.id, turn.moment)
        holds = () if decree is None else decree.covering(one.article, None)
        deadline.set(task, one.anchored_on(held_on), calendar, holds, turn.moment)
    return ids


def _check_departments(turn: Turn, wanted: Sequence[Wanted]) -> None:
    named = [(one.lead, *one.co_executors) for one in wanted]
    unknown = [
        key
        for key in dict.fromkeys(key for keys in named for key in keys)
        if not turn.get(Department, key).exists
    ]
    if unknown:
        raise UnknownDepartment(departments=", ".join(unknown))
    if any(times > 1 for keys in named for times in Counter(keys).values()):
        raise DepartmentTwice()


def _check_articles(decree: Decree | None, wanted: Sequence[Wanted]) -> None:
    for article in (one.article for one in wanted if one.article is not None):
        if decree is None:
            raise NoSuchArticle(decree="—", article=article)
        decree.must_have_article(article)


def _calendar(turn: Turn, ministry: str, wanted: Wanted) -> WorkingCalendar:
    """By which calendar a task is counted; refuses a host State that has none here."""
    host = wanted.host if wanted.counts_by.asks_host else None
    reckoning = newest_reckoning(turn, ministry, host)
    if host is not None and not turn.get(Country, host).calendar:
        raise HostWithoutCalendar(country=host)
    return reckoning.by(wanted.counts_by)


def _check_due(wanted: Iterable[tuple[Wanted, WorkingCalendar]], held_on: date, moment: Moment) -> None:
    for one, calendar in wanted:
        due_on = deadline_of(one.rule(), one.anchored_on(held_on), one.roll, calendar).due_on
        if end_of_day(due_on, calendar) <= moment.recorded_at:
            raise DueDayOver(due_on=due_on.isoformat(), due=str(one.due))


def _planned(meeting: Meeting, decision: str, number: int, wanted: Wanted, rule: Rule) -> TaskPlanned:
    return TaskPlanned(
        task=task_id(decision, number),
        plan=None,
        decree=meeting.terms.decree,
        article=wanted.article,
        measure=None,
        mission=None,
        department=wanted.lead,
        number=number,
        workstream=wanted.workstream,
        title=wanted.title,
        co_executors=wanted.co_executors,
        needs=(),
        opens=None,
        due=str(rule),
        roll=wanted.roll,
        calendar=meeting.terms.calendar,
        evidence=wanted.evidence,
        gate=None,
        template=None,
        template_version=None,
        warn_days=wanted.warn_days,
        meeting=meeting.id,
        decision=decision,
        counts_by=wanted.counts_by,
        host=wanted.host if wanted.counts_by.asks_host else None,
    )
