from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import yaml

from shared.calendar import CalendarDeclaration, Deadline, Roll, Rule, WorkingCalendar, deadline_of
from tests.unit.calendar.samples import calendar_with

EXAMPLE = Path(__file__).parents[3] / "examples" / "decree-298-2025" / "calendar-ly-2025.yaml"
ANNOUNCED = date(2025, 4, 30)
MONTH = Rule.parse("1 month of announced_on")


@pytest.fixture
def libya() -> WorkingCalendar:
    facts = yaml.safe_load(EXAMPLE.read_text())
    name = facts.pop("name")
    declared = CalendarDeclaration.model_validate(facts)
    return WorkingCalendar(name=name, version=1, **declared.model_dump())


def test_one_month_from_30_april_2025_is_friday_30_may(libya: WorkingCalendar) -> None:
    assert MONTH.raw_date(ANNOUNCED, libya) == date(2025, 5, 30)
    assert date(2025, 5, 30).strftime("%A") == "Friday"


def test_rolled_back_it_is_thursday_29_may(libya: WorkingCalendar) -> None:
    deadline = deadline_of(MONTH, ANNOUNCED, Roll.BACK, libya)
    assert (deadline.due_on, deadline.due_on.strftime("%A")) == (date(2025, 5, 29), "Thursday")


def test_rolled_forward_it_is_sunday_1_june(libya: WorkingCalendar) -> None:
    deadline = deadline_of(MONTH, ANNOUNCED, Roll.FORWARD, libya)
    assert (deadline.due_on, deadline.due_on.strftime("%A")) == (date(2025, 6, 1), "Sunday")


def test_a_deadline_records_all_that_it_was_computed_from(libya: WorkingCalendar) -> None:
    assert deadline_of(MONTH, ANNOUNCED, Roll.BACK, libya) == Deadline(
        rule="1 month after announced_on",
        roll=Roll.BACK,
        anchored_on=ANNOUNCED,
        calendar="ly",
        calendar_version=1,
        raw=date(2025, 5, 30),
        due_on=date(2025, 5, 29),
        due_at=datetime(2025, 5, 29, 22, 0, tzinfo=UTC),
        provisional=False,
    )


def test_it_is_due_when_the_day_ends_in_tripoli_not_in_london(libya: WorkingCalendar) -> None:
    in_tripoli = deadline_of(MONTH, ANNOUNCED, Roll.BACK, libya)
    in_london = deadline_of(MONTH, ANNOUNCED, Roll.BACK, libya.model_copy(update={"zone": "Europe/London"}))
    assert in_tripoli.due_at == datetime(2025, 5, 29, 22, tzinfo=UTC)
    assert in_london.due_at == datetime(2025, 5, 29, 23, tzinfo=UTC)


def test_a_day_ends_where_clocks_skip_midnight() -> None:
    beirut = calendar_with(zone="Asia/Beirut")
    deadline = deadline_of(Rule.parse("on x"), date(2024, 3, 30), Roll.FORWARD, beirut)
    assert deadline.due_on == date(2024, 3, 31)
    eve = deadline_of(Rule.parse("on x"), date(2024, 3, 28), Roll.FORWARD, beirut)
    assert eve.due_at == datetime(2024, 3, 28, 22, tzinfo=UTC)
    before_the_jump = calendar_with(zone="Asia/Beirut", weekend=("sunday",))
    saturday = deadline_of(Rule.parse("on x"), date(2024, 3, 30), Roll.BACK, before_the_jump)
    assert saturday.due_at == datetime(2024, 3, 30, 22, tzinfo=UTC)


def test_recomputed_under_the_same_calendar_it_is_equal(libya: WorkingCalendar) -> None:
    deadline = deadline_of(MONTH, ANNOUNCED, Roll.FORWARD, libya)
    assert Deadline.model_validate_json(deadline.model_dump_json()).recomputed(libya) == deadline


def test_recomputed_under_a_later_version_it_shows_what_a_new_holiday_moves() -> None:
    deadline = deadline_of(MONTH, ANNOUNCED, Roll.FORWARD, calendar_with())
    again = deadline.recomputed(calendar_with(date(2025, 6, 1), version=2))
    assert (again.due_on, again.calendar_version, again.raw) == (date(2025, 6, 2), 2, deadline.raw)


def test_a_calendar_of_another_name_does_not_recompute_it() -> None:
    deadline = deadline_of(MONTH, ANNOUNCED, Roll.BACK, calendar_with())
    with pytest.raises(ValueError, match="calendar ly, not tn"):
        deadline.recomputed(calendar_with(name="tn"))


@pytest.mark.parametrize(
    ("anchored_on", "months", "expected"),
    [
        (date(2025, 1, 31), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 31), 2, date(2026, 2, 28)),
        (date(2025, 3, 31), -1, date(2025, 2, 28)),
        (date(2025, 1, 31), 2, date(2025, 3, 31)),
        (date(2025, 1, 15), -1, date(2024, 12, 15)),
    ],
)
def test_months_are_clamped_at_the_month_end(anchored_on: date, months: int, expected: date) -> None:
    side = "before" if months < 0 else "after"
    assert Rule.parse(f"{abs(months)} months {side} x").raw_date(anchored_on, calendar_with()) == expected


def test_working_days_leave_out_weekend_and_eid(libya: WorkingCalendar) -> None:
    rule = Rule.parse("3 working days after x")
    assert rule.raw_date(date(2025, 6, 3), libya) == date(2025, 6, 10)


@pytest.mark.parametrize(
    ("rule", "anchored_on", "provisional"),
    [
        ("1 day after x", date(2026, 3, 25), False),
        ("30 days after x", date(2026, 3, 25), True),
        ("3 working days after x", date(2026, 3, 30), True),
        ("3 working days before x", date(2026, 4, 1), True),
    ],
)
def test_a_deadline_that_needs_unknown_holidays_is_provisional(
    libya: WorkingCalendar, rule: str, anchored_on: date, provisional: bool
) -> None:
    assert deadline_of(Rule.parse(rule), anchored_on, Roll.BACK, libya).provisional is provisional


def test_a_deadline_rolled_beyond_the_known_holidays_is_provisional() -> None:
    calendar = calendar_with(covers_to=date(2025, 5, 30))
    assert deadline_of(MONTH, ANNOUNCED, Roll.FORWARD, calendar).provisional
    assert not deadline_of(MONTH, ANNOUNCED, Roll.BACK, calendar).provisional


def test_the_example_has_the_weekend_of_friday_and_saturday(libya: WorkingCalendar) -> None:
    assert [libya.works_on(date(2025, 5, day)) for day in range(4, 11)] == [True] * 5 + [False] * 2
