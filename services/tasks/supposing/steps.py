"""The steps that can be supposed, each by the same rules as if it happened."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Protocol

from services.tasks.clocks import calendar_of, holds_of
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.holding import hold_decree, lift_hold
from services.tasks.plan import ClosingDates, Plan
from services.tasks.scheduling import schedule_plan
from services.tasks.supposing.holidays import SUPPOSED, suppose_holiday
from services.tasks.supposing.refusals import (
    NoOpenHold,
    NothingToSlip,
    OtherDecree,
    SupposedBeforeDecree,
    SupposedOnHold,
    SupposedOutOfOrder,
)
from services.tasks.task import Task
from shared.calendar.rule import add_working_days
from shared.domain import Moment
from shared.eventstore.command import Turn


class Supposing(Turn, Protocol):
    """A turn whose moment may be moved from step to step."""

    moment: Moment


@dataclass(frozen=True, slots=True)
class Holiday:
    """A further official holiday in a calendar."""

    calendar: str
    day: date


@dataclass(frozen=True, slots=True)
class Pause:
    """A hold from a day until a day, or with no end, on the decree, an article or a measure."""

    since: date
    until: date | None
    article: str | None = None
    measure: str | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """The end, on a day, of a hold that is open."""

    hold: str
    on: date


@dataclass(frozen=True, slots=True)
class Dates:
    """Other closing dates of a plan."""

    plan: str
    public_on: date
    official_on: date


@dataclass(frozen=True, slots=True)
class Slip:
    """A task that is done so many working days after its deadline, or that gets so many more."""

    task: str
    working_days: int


Step = Holiday | Pause | Lift | Dates | Slip


def take(turn: Supposing, decree: str, step: Step, number: int) -> None:
    """Take a step for a decree; `number` is its place among the steps."""
    match step:
        case Holiday():
            suppose_holiday(turn, decree, step.calendar, step.day, number)
        case Pause():
            _pause(turn, decree, step, number)
        case Lift():
            _lift(turn, decree, step)
        case Dates():
            _date(turn, decree, step)
        case Slip():
            _slip(turn, decree, step, number)


def _date(turn: Supposing, decree: str, step: Dates) -> None:
    """Set dates by the rules of the registry, which sets those of a closing."""
    order, known = turn.get(Plan, step.plan).ordered, turn.get(Decree, decree)
    _must_be_of(order.decree, decree, step.plan)
    _must_be_announced(known, step.public_on)
    if step.public_on > step.official_on:
        raise SupposedOutOfOrder(first=step.public_on.isoformat(), second=step.official_on.isoformat())
    if open := [hold.hold for hold in known.covering(order.article, step.plan) if hold.until is None]:
        raise SupposedOnHold(plan=step.plan, holds=", ".join(open))
    dates = ClosingDates(step.public_on, step.official_on)
    turn.get(Plan, step.plan).check_dates(dates)
    schedule_plan(turn, step.plan, dates)


def _pause(turn: Supposing, decree: str, step: Pause, number: int) -> None:
    known = turn.get(Decree, decree).must_exist()
    known.must_have(step.article, step.measure)
    _must_be_announced(known, step.since)
    if step.until is not None and step.until < step.since:
        raise SupposedOutOfOrder(first=step.since.isoformat(), second=step.until.isoformat())
    key, now = f"supposed-{number}", turn.moment
    turn.moment = _at(step.since, now)
    # What is due between now and then is not over yet: that is judged by now.
    hold_decree(turn, decree, key, step.article, step.measure, SUPPOSED, now.recorded_at)
    if step.until is not None:
        turn.moment = _at(step.until, now)
        lift_hold(turn, decree, key, now.recorded_at)
    turn.moment = now


def _lift(turn: Supposing, decree: str, step: Lift) -> None:
    """Lift a hold at the beginning of the day, or when it began where that is later."""
    known = turn.get(Decree, decree).must_exist()
    hold = next((one for one in known.holds if one.hold == step.hold and one.until is None), None)
    if hold is None:
        raise NoOpenHold(decree=decree, hold=step.hold)
    if step.on < hold.since.date():
        raise SupposedOutOfOrder(first=hold.since.date().isoformat(), second=step.on.isoformat())
    now, at = turn.moment, _at(step.on, turn.moment)
    turn.moment = Moment(at.recorded_at, max(at.effective_at, hold.since))
    lift_hold(turn, decree, step.hold, now.recorded_at)
    turn.moment = now


def _slip(turn: Supposing, decree: str, step: Slip, number: int) -> None:
    task, deadline = turn.get(Task, step.task).must_exist(), turn.get(Deadline, step.task)
    _must_be_of(task.planned.decree, decree, step.task)
    if deadline.computed is None or deadline.ending is not None:
        raise NothingToSlip(task=step.task)
    calendar = calendar_of(turn, deadline)
    until = add_working_days(deadline.due_on, step.working_days, calendar)
    deadline.extend(task, f"supposed-{number}", until, calendar, holds_of(turn, task), turn.moment)


def _must_be_of(found: str | None, decree: str, named: str) -> None:
    if found != decree:
        raise OtherDecree(named=named, decree=decree, found=found or "—")


def _must_be_announced(decree: Decree, day: date) -> None:
    if decree.announced_on is not None and day < decree.announced_on:
        raise SupposedBeforeDecree(
            day=day.isoformat(), decree=decree.id, announced_on=decree.announced_on.isoformat()
        )


def _at(day: date, now: Moment) -> Moment:
    """The beginning of a day, in UTC; what is supposed for a day that has passed is recorded now."""
    begins = datetime.combine(day, time(), UTC)
    return Moment(max(begins, now.recorded_at), begins)
