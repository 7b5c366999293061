"""Single holidays: each one declared, moved or revoked makes a version, and no version changes."""

from datetime import date

import pytest

from services.tasks.calendar import (
    Calendar,
    CalendarNotDeclared,
    Grounds,
    HolidayKnown,
    HolidayNotCovered,
    HolidayNotMoved,
    LabelTaken,
    NoHoliday,
    NoSuchVersion,
    declare_holiday,
    move_holiday,
    revoke_holiday,
)
from shared.calendar import Basis, Holiday
from shared.contracts.text import Text
from tests.unit.tasks.given import NOW, declaration

EID, NEXT, MOURNING = date(2025, 6, 5), date(2025, 6, 9), date(2025, 7, 1)
GROUNDS = Grounds("Cabinet decision 120/2025", "The moon was sighted a day later")


def holiday(day: date = MOURNING) -> Holiday:
    return Holiday(day=day, name=Text(en="Day of mourning", ar="يوم حداد"), basis=Basis.ANNOUNCED)


@pytest.fixture
def calendar() -> Calendar:
    calendar = Calendar.blank("ly")
    calendar.declare(declaration(EID), NOW)
    return calendar


def test_each_change_makes_a_version_and_the_earlier_ones_stay(calendar: Calendar) -> None:
    declare_holiday(calendar, holiday(), GROUNDS, NOW)
    move_holiday(calendar, EID, NEXT, Basis.ANNOUNCED, GROUNDS, NOW)
    revoke_holiday(calendar, MOURNING, GROUNDS, NOW)
    days = {version.version: sorted(version.days_off) for version in calendar.versions}
    assert days == {1: [EID], 2: [EID, MOURNING], 3: [NEXT, MOURNING], 4: [NEXT]}
    assert [version.label for version in calendar.versions] == ["1", "1+2", "1+3", "1+4"]
    assert calendar.version == calendar.in_force().version == 4
    assert calendar.in_force().works_on(EID) and not calendar.in_force().works_on(NEXT)


def test_a_moved_holiday_keeps_its_name_and_tells_how_its_day_is_known(calendar: Calendar) -> None:
    named = calendar.in_force().holidays[0].name
    move_holiday(calendar, EID, NEXT, Basis.CALCULATED, GROUNDS, NOW)
    assert calendar.in_force().holidays == (Holiday(day=NEXT, name=named, basis=Basis.CALCULATED),)


def test_a_version_may_have_a_label_of_its_own_and_a_label_names_one(calendar: Calendar) -> None:
    own = Grounds("120/2025", "Mourning", "mourning")
    assert declare_holiday(calendar, holiday(), own, NOW).label == "mourning"
    with pytest.raises(LabelTaken):
        revoke_holiday(calendar, MOURNING, own, NOW)
    assert revoke_holiday(calendar, MOURNING, GROUNDS, NOW).label == "mourning+3"


def test_a_long_label_is_cut_so_that_the_number_fits(calendar: Calendar) -> None:
    calendar.declare(declaration(label="x" * 64), NOW)
    assert declare_holiday(calendar, holiday(), GROUNDS, NOW).label == "x" * 62 + "+3"


def test_refusals_name_their_rule_and_record_nothing(calendar: Calendar) -> None:
    refused = (
        (HolidayKnown, lambda: declare_holiday(calendar, holiday(EID), GROUNDS, NOW)),
        (HolidayNotCovered, lambda: declare_holiday(calendar, holiday(date(2027, 1, 1)), GROUNDS, NOW)),
        (NoHoliday, lambda: revoke_holiday(calendar, NEXT, GROUNDS, NOW)),
        (NoHoliday, lambda: move_holiday(calendar, NEXT, MOURNING, Basis.FIXED, GROUNDS, NOW)),
        (HolidayNotMoved, lambda: move_holiday(calendar, EID, EID, Basis.FIXED, GROUNDS, NOW)),
        (NoSuchVersion, lambda: calendar.of_version(0)),
        (NoSuchVersion, lambda: calendar.of_version(2)),
    )
    for refusal, act in refused:
        with pytest.raises(refusal) as told:
            act()
        assert told.value.told().ar and told.value.told().en
    assert calendar.version == 1


def test_what_is_not_declared_has_no_holidays() -> None:
    with pytest.raises(CalendarNotDeclared):
        declare_holiday(Calendar.blank("tn"), holiday(), GROUNDS, NOW)


def test_a_calendar_is_full_at_last(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.tasks.calendar.holidays.MOST_HOLIDAYS", 1)
    with pytest.raises(Exception, match="1 holidays, which is the most"):
        declare_holiday(calendar, holiday(), GROUNDS, NOW)
    monkeypatch.setattr("services.tasks.calendar.calendar.MOST_VERSIONS", 1)
    with pytest.raises(Exception, match="1 versions, which is the most"):
        revoke_holiday(calendar, EID, GROUNDS, NOW)
