"""What two versions of a calendar have otherwise: the days that work in one and not in the other."""

from datetime import date, timedelta

from pydantic import BaseModel, ConfigDict

from shared.calendar.working import Holiday, Weekday, WorkingCalendar


class ChangedDay(BaseModel):
    """A day that works in one version and not in the other; its holiday, in whichever of them it is one.

    Without a holiday it is the weekend that changed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    works: bool
    holiday: Holiday | None


def changed_days(
    before: WorkingCalendar, after: WorkingCalendar, start: date, end: date
) -> tuple[ChangedDay, ...]:
    """The days of a span, both ends included, of which two versions differ; `works` is by the later one."""
    touched = {day for day in before.days_off ^ after.days_off if start <= day <= end}
    if changed := set(before.weekend) ^ set(after.weekend):
        every = (start + timedelta(days=number) for number in range((end - start).days + 1))
        touched |= {day for day in every if Weekday.of(day) in changed}
    return tuple(
        ChangedDay(
            day=day,
            works=after.works_on(day),
            holiday=after.holiday_on(day) or before.holiday_on(day),
        )
        for day in sorted(touched)
        if before.works_on(day) != after.works_on(day)
    )
