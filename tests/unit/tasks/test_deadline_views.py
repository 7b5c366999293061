from datetime import date
from typing import Any

import pytest

from services.tasks.deadline import DeadlineState
from services.tasks.plan import ClosingDates
from services.tasks.views import matrix
from tests.unit.tasks.dated import DUE_AT, FIRST, WARN_AT, Dated
from tests.unit.tasks.given import MEASURE, MemoryViews

SHOWN = (
    "opens_on",
    "due_on",
    "due_at",
    "deadline",
    "calendar_version",
    "provisional",
    "already_past",
    "missed",
    "misses",
    "extensions",
)


def row(case: Dated, id: str = FIRST) -> dict[str, Any]:
    """The row of a deadline; the row of its task must say the same."""
    views = MemoryViews(case.store)
    found, task = views.rows("deadlines")[id], views.rows("tasks")[id]
    assert {name: found[name] for name in SHOWN} == {name: task[name] for name in SHOWN}
    assert (found["state"], found["department"]) == (task["deadline_state"], task["department"])
    assert task["version"] == case.store.find(type(case.task), id).version
    assert found["version"] == case.store.find(type(case.deadline), id).version
    return found


def test_a_task_without_dates_has_no_deadline_and_nothing_is_due_about_it() -> None:
    found = row(Dated(dated=False))
    assert (found["state"], found["due_on"], found["next_at"], found["misses"]) == ("none", None, None, [])
    assert (found["version"], found["title"]) == (0, {"en": "Task 1", "ar": "مهمة 1"})


def test_the_next_moment_is_first_the_warning_and_then_the_due_moment() -> None:
    case = Dated()
    assert (row(case)["state"], row(case)["next_at"]) == ("running", told(WARN_AT))
    case.at("2025-08-25").sweep()
    assert (row(case)["state"], row(case)["next_at"]) == ("approaching", told(DUE_AT))
    case.at("2025-09-01").sweep()
    assert (row(case)["state"], row(case)["next_at"]) == ("missed", None)


def told(moment: Any) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def test_a_miss_shows_its_day_whether_it_is_late_and_what_qualifies_it() -> None:
    case = Dated().start().at("2025-09-01").sweep().hold("h1", "2025-08-27").submit("2025-08-30")
    (miss,) = row(case)["misses"]
    assert (miss["due_on"], miss["late"]) == ("2025-08-31", True)
    assert [(one["ground"], one["hold"]) for one in miss["qualified"]] == [
        ("hold", "h1"),
        ("submission", None),
    ]


def test_nothing_is_due_while_work_is_handed_in_and_again_when_it_is_returned() -> None:
    case = Dated().at("2025-08-10").start().submit()
    assert (row(case)["handed_in"], row(case)["next_at"]) == (True, None)
    case.give_back()
    assert (row(case)["handed_in"], row(case)["next_at"]) == (False, told(WARN_AT))


def test_work_that_was_handed_in_before_t_is_not_due_after_it() -> None:
    case = Dated(dated=False).start().submit().set_dates()
    assert (row(case)["state"], row(case)["next_at"]) == ("running", None)


def test_nothing_is_due_while_a_hold_stops_the_clock() -> None:
    case = Dated().at("2025-08-24").hold()
    found = row(case)
    assert (found["state"], found["next_at"]) == ("suspended", None)
    assert (found["suspended_since"], found["working_days_left"]) == ("2025-08-24", 5)
    case.at("2025-09-15").lift()
    found = row(case)
    assert (found["state"], found["due_on"], found["suspended_since"]) == ("running", "2025-09-22", None)
    assert found["next_at"] == "2025-09-14T22:00:00Z"


def test_a_deadline_stays_suspended_under_a_newer_calendar_that_changes_no_day_of_it() -> None:
    case = Dated().at("2025-08-24").hold().declare("2", date(2025, 12, 24))
    assert (row(case)["state"], row(case)["next_at"]) == ("suspended", None)
    assert case.deadline.suspension is not None


def test_what_was_told_of_a_due_day_is_not_due_again_when_the_clock_goes_on() -> None:
    case = Dated().at("2025-08-25").sweep().hold().lift()
    assert (row(case)["state"], row(case)["next_at"]) == ("approaching", told(DUE_AT))
    missed = Dated().at("2025-09-01").sweep().hold("h1", "2025-08-30").lift("h1", "2025-08-30")
    assert (row(missed)["state"], row(missed)["next_at"]) == ("missed", None)


def test_an_extension_shows_in_its_deadline_and_in_its_own_row() -> None:
    case = Dated().at("2025-08-20").extend(date(2025, 9, 10))
    found = row(case)
    assert (found["due_on"], found["extensions"], found["state"]) == ("2025-09-10", 1, "running")
    (extension,) = MemoryViews(case.store).rows("extensions").values()
    assert (extension["task"], extension["state"], extension["until"]) == (FIRST, "granted", "2025-09-10")
    assert (extension["reason"], extension["decision"], extension["due_on"]) == (
        "The host is slow",
        "Agreed",
        "2025-08-31",
    )


def test_time_that_is_granted_under_a_hold_leaves_the_deadline_suspended() -> None:
    case = Dated().at("2025-08-24").hold().extend(date(2025, 9, 10))
    found = row(case)
    assert (found["state"], found["due_on"], found["working_days_left"]) == (
        "suspended",
        "2025-09-10",
        13,
    )


@pytest.mark.parametrize(
    ("end", "state", "on_time"),
    [
        (lambda case: case.start().submit().accept(), "met", True),
        (lambda case: case.cancel(), "dropped", None),
    ],
)
def test_a_deadline_that_is_over_says_how(end: Any, state: str, on_time: bool | None) -> None:
    case = Dated().at("2025-08-20")
    end(case)
    found = row(case)
    assert (found["state"], found["on_time"], found["next_at"]) == (state, on_time, None)


def test_a_new_t_shows_the_new_deadline_and_keeps_the_miss() -> None:
    case = Dated().at("2025-09-01").sweep().set_dates(ClosingDates(date(2025, 9, 30), date(2025, 10, 30)))
    found = row(case)
    assert (found["state"], found["due_on"], len(found["misses"])) == ("running", "2025-09-30", 1)


def test_a_deadline_shows_the_department_that_leads_its_task_now() -> None:
    case = Dated()
    case.store.run(
        lambda turn: turn.get(type(case.task), FIRST).assign("archives", (), None, turn.actor, turn.moment)
    )
    assert row(case)["department"] == "archives"


def test_a_row_shows_the_calendar_of_the_present_due_day_and_whether_it_knew_all_days() -> None:
    case = Dated()
    assert (row(case)["calendar_version"], row(case)["provisional"]) == (1, False)
    case.extend(date(2027, 1, 3))
    found = row(case)
    assert (found["calendar_version"], found["provisional"], found["deadline"]["provisional"]) == (
        1,
        True,
        False,
    )
    case.declare("2", date(2025, 12, 24))
    assert (row(case)["calendar_version"], row(case)["provisional"]) == (2, True)


def test_a_row_shows_that_a_date_was_over_when_it_was_set() -> None:
    case = Dated(dated=False).at("2025-10-05").set_dates()
    assert (row(case)["already_past"], row(case)["missed"]) == (True, False)
    found = row(case.sweep())
    assert (found["already_past"], found["missed"], found["misses"][0]["already_past"]) == (True, True, True)
    found = row(case.extend(date(2025, 11, 30)))
    assert (found["already_past"], found["missed"]) == (False, True)


def test_a_row_shows_when_work_is_said_to_have_been_handed_in_and_when_that_was_recorded() -> None:
    case = Dated().start().at("2025-09-03").submit("2025-08-30").accept()
    found, task = row(case), MemoryViews(case.store).rows("tasks")[FIRST]
    both = ("2025-08-30T12:00:00Z", "2025-09-03T12:00:00Z")
    assert (found["submitted_at"], found["submitted_recorded_at"]) == both
    assert (task["submitted_at"], task["submitted_recorded_at"]) == both
    (ground,) = found["misses"][0]["qualified"]
    assert (ground["effective_at"], ground["submitted_recorded_at"]) == both


def test_every_task_has_a_row() -> None:
    rows = MemoryViews(Dated().store).rows("deadlines")
    assert list(rows) == [f"{MEASURE}-t0{number}" for number in (1, 2, 3, 4)]
    assert {row["state"] for row in rows.values()} == {DeadlineState.RUNNING}


async def test_what_somebody_has_to_look_at_is_counted_for_each_decree() -> None:
    case = Dated().at("2025-08-25").sweep()
    views = MemoryViews(case.store)
    counted = await matrix.deadlines_by_decree(views)  # type: ignore[arg-type]  # in memory
    assert counted == {"298-2025": {"missed": 0, "approaching": 1, "suspended": 0}}
    # A miss counts also when the deadline was set anew, and is suspended now.
    case.at("2025-09-02").sweep().set_dates(ClosingDates(date(2025, 9, 30), date(2025, 10, 30))).hold()
    counted = await matrix.deadlines_by_decree(views)  # type: ignore[arg-type]  # in memory
    assert counted == {"298-2025": {"missed": 1, "approaching": 0, "suspended": 4}}
