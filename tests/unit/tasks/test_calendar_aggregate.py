from datetime import date

import pytest

from services.tasks.calendar import Calendar, CalendarNotDeclared, LabelTaken
from services.tasks.department import Department
from services.tasks.mission import Mission
from shared.contracts.text import Text
from tests.unit.tasks.given import NOW, declaration


def test_each_declaration_is_a_version_and_the_newest_is_in_force() -> None:
    calendar = Calendar.blank("ly")
    calendar.declare(declaration(), NOW)
    calendar.declare(declaration(date(2025, 6, 5), label="2"), NOW)
    assert (calendar.in_force().version, calendar.in_force().name) == (2, "ly")
    assert not calendar.in_force().works_on(date(2025, 6, 5))


def test_a_label_names_one_version() -> None:
    calendar = Calendar.blank("ly")
    calendar.declare(declaration(), NOW)
    with pytest.raises(LabelTaken, match="calendar ly already has a version labelled 1"):
        calendar.declare(declaration(), NOW)


def test_an_undeclared_calendar_is_not_in_force() -> None:
    with pytest.raises(CalendarNotDeclared, match="The calendar ly is not declared"):
        Calendar.blank("ly").in_force()


def test_a_department_is_noted_once_per_name() -> None:
    department = Department.blank("legal")
    department.note(Text(en="Legal"), NOW)
    department.note(Text(en="Legal"), NOW)
    assert department.version == 1
    department.note(Text(en="Legal Department"), NOW)
    assert (department.version, department.name) == (2, Text(en="Legal Department"))


def test_a_mission_leads_to_each_plan_once() -> None:
    mission = Mission.blank("emb-va")
    for plan in ("p1", "p1", "p2"):
        mission.note_plan(plan, NOW)
    assert mission.plans == ("p1", "p2")
