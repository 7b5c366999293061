from datetime import date

import pytest
from pydantic import ValidationError

from shared.calendar import Rule, Window
from tests.unit.calendar.samples import calendar_with


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"zone": "Africa/Atlantis"}, "not a time zone"),
        ({"zone": "../../etc/passwd"}, "not a time zone"),
        ({"zone": ""}, "not a time zone"),
        ({"weekend": ("friday", "friday")}, "named twice"),
        (
            {"weekend": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")},
            "no working day",
        ),
        ({"weekend": ("holiday",)}, "weekend"),
        ({"covers_to": date(1999, 1, 1)}, "before covers_from"),
        ({"covers_to": date(2201, 1, 1)}, "2200"),
        ({"covers_from": date(1899, 1, 1)}, "1900"),
        ({"label": ""}, "label"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        calendar_with(**changes)


def test_a_holiday_declared_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match="2025-05-01 is declared twice"):
        calendar_with(date(2025, 5, 1), date(2025, 5, 1))


def test_a_holiday_outside_the_covered_days_is_refused() -> None:
    with pytest.raises(ValidationError, match="outside the days"):
        calendar_with(date(2031, 5, 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 month",
        "1 fortnight of x",
        "-1 days after x",
        "1 month of Announced",
        "on",
        "1 month of x ",
        "٣ days after x",
    ],
)
def test_words_that_are_no_rule_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a deadline rule"):
        Rule.parse(text)


@pytest.mark.parametrize("text", ["3661 days after x", "2601 working days before x", "121 months of x"])
def test_a_rule_beyond_all_reason_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="beyond the limit"):
        Rule.parse(text)


@pytest.mark.parametrize("text", ["", "..", "-30..", "..0", "a..b", "1-2", "--3", "-30...0", "٣..٤"])
def test_words_that_are_no_window_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a window"):
        Window.parse(text)


def test_a_window_that_opens_after_it_closes_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"the window 0\.\.-30 opens after it closes"):
        Window.parse("0..-30")


def test_a_window_too_far_away_is_refused() -> None:
    with pytest.raises(ValidationError, match="3660"):
        Window.parse("3661")


def test_months_before_all_dates_overflow() -> None:
    with pytest.raises(OverflowError):
        Rule.parse("120 months before x").raw_date(date(5, 1, 1), calendar_with())
