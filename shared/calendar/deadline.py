"""A computed deadline that keeps everything needed to compute it again."""

from datetime import UTC, date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict

from shared.calendar.rule import Roll, Rule, Unit, add_working_days, rolled
from shared.calendar.working import CalendarVersion, WorkingCalendar


class Deadline(BaseModel):
    """When something is due, by which rule, under which version of which calendar.

    `due_at` is the first instant after `due_on` in the calendar's zone: what happens before it is in
    time. `also` are the calendars beside the first in which the day had to be a working day. `provisional`
    says that a day on which the result depends lies outside the days whose holidays a calendar knew.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    roll: Roll
    anchored_on: date
    calendar: str
    calendar_version: int
    raw: date
    due_on: date
    due_at: datetime
    provisional: bool
    also: tuple[CalendarVersion, ...] = ()

    @property
    def calendars(self) -> tuple[CalendarVersion, ...]:
        """All of its calendars by name and version, the first one first."""
        return (CalendarVersion(calendar=self.calendar, version=self.calendar_version), *self.also)

    def recomputed(self, calendar: WorkingCalendar) -> "Deadline":
        """Compute it again from its rule and anchor, under any version of its calendar, or of all of them.

        Raises ValueError for calendars of other names.
        """
        if calendar.name != self.calendar:
            raise ValueError(f"the deadline stands under calendar {self.calendar}, not {calendar.name}")
        joined = tuple(one.calendar for one in calendar.also)
        if joined != (names := tuple(one.calendar for one in self.also)):
            raise ValueError(f"the deadline stands under {names} besides, not under {joined}")
        return deadline_of(Rule.parse(self.rule), self.anchored_on, self.roll, calendar)


def deadline_of(rule: Rule, anchored_on: date, roll: Roll, calendar: WorkingCalendar) -> Deadline:
    """Apply a rule to its anchor's date and roll the result to a working day."""
    raw = rule.raw_date(anchored_on, calendar)
    due_on = rolled(raw, roll, calendar)
    counted = (raw, due_on) if rule.unit is not Unit.WORKING_DAY else (anchored_on, raw, due_on)
    return Deadline(
        rule=str(rule),
        roll=roll,
        anchored_on=anchored_on,
        calendar=calendar.name,
        calendar_version=calendar.version,
        raw=raw,
        due_on=due_on,
        due_at=end_of_day(due_on, calendar),
        provisional=not all(calendar.covers(day) for day in counted),
        also=calendar.also,
    )


def day_of(moment: datetime, calendar: WorkingCalendar) -> date:
    """Return the day on which a moment falls in the calendar's zone."""
    return moment.astimezone(calendar.time_zone).date()


def warning_of(due_on: date, working_days: int, calendar: WorkingCalendar) -> datetime | None:
    """Return the instant at which the day begins that is so many working days before a due day.

    None where no day's warning is wanted.
    """
    if not working_days:
        return None
    return end_of_day(add_working_days(due_on, -working_days, calendar) - timedelta(days=1), calendar)


def end_of_day(day: date, calendar: WorkingCalendar) -> datetime:
    """Return the instant, in UTC, at which the next day begins in the calendar's zone."""
    midnight = datetime.combine(day + timedelta(days=1), time(), tzinfo=calendar.time_zone)
    return midnight.astimezone(UTC)
