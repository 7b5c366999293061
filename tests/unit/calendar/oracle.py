"""Calendar arithmetic by plain enumeration of days: slow, and with nothing in common with what it judges."""

from datetime import date, timedelta

from shared.calendar import Roll, Weekday, WorkingCalendar

NAMES = {
    0: Weekday.MONDAY,
    1: Weekday.TUESDAY,
    2: Weekday.WEDNESDAY,
    3: Weekday.THURSDAY,
    4: Weekday.FRIDAY,
    5: Weekday.SATURDAY,
    6: Weekday.SUNDAY,
}


def is_off(day: date, calendar: WorkingCalendar) -> bool:
    return NAMES[day.weekday()] in calendar.weekend or any(
        day == holiday.day for holiday in calendar.holidays
    )


def days_around(day: date, span: int = 600) -> list[date]:
    return [day + timedelta(days=offset) for offset in range(-span, span + 1)]


def nth_working_day(start: date, count: int, calendar: WorkingCalendar) -> date:
    if count == 0:
        return start
    working = [day for day in days_around(start) if not is_off(day, calendar)]
    if count > 0:
        return [day for day in working if day > start][count - 1]
    return [day for day in working if day < start][count]


def rolled(day: date, roll: Roll, calendar: WorkingCalendar) -> date:
    working = [other for other in days_around(day) if not is_off(other, calendar)]
    if roll is Roll.BACK:
        return max(other for other in working if other <= day)
    return min(other for other in working if other >= day)


def months_later(day: date, months: int) -> date:
    """Walk month by month, then take the last day of the month that is not after the day's number."""
    year, month = day.year, day.month
    for _ in range(abs(months)):
        month += 1 if months > 0 else -1
        if month == 13:
            year, month = year + 1, 1
        if month == 0:
            year, month = year - 1, 12
    first = date(year, month, 1)
    return max(
        other
        for other in (first + timedelta(days=offset) for offset in range(31))
        if other.month == month and other.day <= day.day
    )
