from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.calendar import Deadline, Roll, Rule, Unit, Weekday, Window, WorkingCalendar, deadline_of
from tests.unit.calendar import oracle
from tests.unit.calendar.samples import calendar_with

DAYS = st.dates(date(2001, 1, 1), date(2029, 12, 31))
ZONES = st.sampled_from(
    ["Africa/Tripoli", "Europe/London", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"]
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[date, WorkingCalendar]:
    """A day, and a calendar most of whose holidays lie close to it."""
    day = draw(DAYS)
    near = st.integers(-60, 60).map(lambda offset: day + timedelta(days=offset))
    off = draw(st.sets(near, max_size=40))
    weekend = tuple(draw(st.sets(st.sampled_from(list(Weekday)), max_size=6)))
    return day, calendar_with(*sorted(off), weekend=weekend, zone=draw(ZONES))


@settings(deadline=None)
@given(cases(), st.sampled_from(Roll), st.integers(-40, 40), st.sampled_from(Unit))
def test_a_deadline_is_what_plain_enumeration_finds(
    case: tuple[date, WorkingCalendar], roll: Roll, count: int, unit: Unit
) -> None:
    day, calendar = case
    if unit is Unit.MONTH:
        count //= 10
    expected = {
        Unit.DAY: lambda: day + timedelta(days=count),
        Unit.WORKING_DAY: lambda: oracle.nth_working_day(day, count, calendar),
        Unit.MONTH: lambda: oracle.months_later(day, count),
    }[unit]()
    deadline = deadline_of(Rule(count=count, unit=unit, anchor="x"), day, roll, calendar)
    assert deadline.raw == expected
    assert deadline.due_on == oracle.rolled(expected, roll, calendar)
    assert not oracle.is_off(deadline.due_on, calendar)


@settings(deadline=None)
@given(cases(), st.sampled_from(Roll), st.integers(-40, 40), st.sampled_from(Unit))
def test_a_deadline_survives_its_bytes_and_recomputes_equal(
    case: tuple[date, WorkingCalendar], roll: Roll, count: int, unit: Unit
) -> None:
    day, calendar = case
    deadline = deadline_of(Rule(count=count, unit=unit, anchor="x"), day, roll, calendar)
    kept = WorkingCalendar.model_validate_json(calendar.model_dump_json())
    assert Deadline.model_validate_json(deadline.model_dump_json()).recomputed(kept) == deadline


@settings(deadline=None)
@given(cases(), st.sampled_from(Roll))
def test_the_due_instant_is_the_first_that_is_no_longer_that_day(
    case: tuple[date, WorkingCalendar], roll: Roll
) -> None:
    day, calendar = case
    deadline = deadline_of(Rule.parse("on x"), day, roll, calendar)
    local = ZoneInfo(calendar.zone)
    assert deadline.due_at.astimezone(local).date() > deadline.due_on
    assert (deadline.due_at - timedelta(microseconds=1)).astimezone(local).date() == deadline.due_on


@settings(deadline=None)
@given(cases(), st.sampled_from(Roll), st.integers(-400, 400), st.integers(0, 400))
def test_a_later_window_is_never_due_earlier(
    case: tuple[date, WorkingCalendar], roll: Roll, due: int, more: int
) -> None:
    day, calendar = case
    first, second = Window(due=due).due_rule("t"), Window(due=due + more).due_rule("t")
    assert deadline_of(first, day, roll, calendar).due_on <= deadline_of(second, day, roll, calendar).due_on


@settings(deadline=None)
@given(st.integers(-120, 120), st.sampled_from(Unit))
def test_a_rule_is_read_from_its_own_words(count: int, unit: Unit) -> None:
    rule = Rule(count=count, unit=unit, anchor="official_on")
    read = Rule.parse(str(rule))
    assert read == rule or (count == 0 and unit is Unit.DAY and read.count == 0)
    assert str(read) == str(rule)


@settings(deadline=None)
@given(st.integers(-400, 400), st.none() | st.integers(0, 400))
def test_a_window_is_read_from_its_own_words(due: int, length: int | None) -> None:
    window = Window(opens=None if length is None else due - length, due=due)
    assert Window.parse(str(window)) == window
