"""A deadline by the clock of law and fact: nothing in the answer is of a later moment than was asked."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from services.tasks.inquiries import TaskInquiries
from services.tasks.plan import ClosingDates
from services.tasks.sweeping import approaching
from services.tasks.task import Task
from shared.contracts import tasks as said
from tests.unit.tasks.dated import DUE_AT, FIRST, WARN_AT, Dated, moment
from tests.unit.tasks.given import OFFICE, MemoryViews
from tests.unit.tasks.test_tasks_http import client, store

__all__ = ["client", "store"]

LATER_DATES = ClosingDates(date(2025, 10, 30), date(2025, 11, 30))
SEVERAL = ("state", "due_on", "calendar_version", "extensions", "missed", "qualified")


async def at(case: Dated, day: str) -> dict[str, Any]:
    """What is answered about the first task's deadline as of an effective moment."""
    inquiries = TaskInquiries(case.store, MemoryViews(case.store), lambda: case.store.now)  # type: ignore[arg-type]  # in memory
    answer = await inquiries.item("deadlines", FIRST, None, moment(day))
    told: dict[str, Any] = json.loads(bytes(answer.body))
    return told


def twice_missed() -> Dated:
    """Missed on 31 August, put off to 10 September, dated under a newer calendar, and missed again."""
    case = Dated().at("2025-08-24")
    case.store.run(approaching(FIRST, WARN_AT, DUE_AT).decide, effective_at=WARN_AT)
    case.at("2025-09-01").sweep()
    case.at("2025-09-03").extend(date(2025, 9, 10))
    case.at("2025-09-05").declare("2", date(2025, 9, 10))
    return case.at("2025-09-11").sweep()


async def test_everything_is_as_it_was_at_the_moment() -> None:
    case = twice_missed()
    told = {
        day: await at(case, day)
        for day in ("2025-05-01", "2025-08-15", "2025-08-25", "2025-09-02", "2025-09-04", "2025-09-06")
    }
    assert [[one[name] for name in SEVERAL] for one in told.values()] == [
        ["none", None, None, 0, False, False],
        ["running", "2025-08-31", 1, 0, False, False],
        ["approaching", "2025-08-31", 1, 0, False, False],
        ["missed", "2025-08-31", 1, 0, True, False],
        ["running", "2025-09-10", 1, 1, True, False],
        ["running", "2025-09-09", 2, 1, True, False],
    ]
    assert [len(one["misses"]) for one in told.values()] == [0, 0, 0, 1, 1, 1]
    before, then = told["2025-05-01"], told["2025-08-15"]
    assert (before["deadline"], before["opens_on"], before["next_at"]) == (None, None, None)
    assert then["deadline"]["calendar_version"] == 1
    assert (then["next_at"], then["approached"]) == ("2025-08-23T22:00:00Z", [])
    assert told["2025-08-25"]["next_at"] == "2025-08-31T22:00:00Z"
    now = await at(case, "2025-09-11")
    row = MemoryViews(case.store).rows("deadlines")[FIRST]
    assert {**now, "effective_at": None} == {**row, "effective_at": None}


async def test_a_hold_that_became_known_later_qualifies_from_its_own_moment_on() -> None:
    case = Dated().at("2025-09-02").sweep().hold(effective_at="2025-08-27")
    held = await at(case, "2025-08-28")
    assert (held["state"], held["missed"], held["suspended_since"]) == ("suspended", False, "2025-08-27")
    after = await at(case, "2025-09-02")
    assert after["missed"] and [one["hold"] for one in after["misses"][0]["qualified"]] == ["h1"]


async def test_a_hold_of_before_a_deadline_was_set_does_not_suspend_what_was_not_there() -> None:
    # Given dates that are set on 5 June, and then a hold and its lift as of earlier days,
    case = Dated(dated=False).at("2025-06-05").set_dates()
    case.at("2025-06-10").hold(effective_at="2025-05-20")
    told = [await at(case, day) for day in ("2025-05-19", "2025-05-25", "2025-06-04", "2025-06-06")]
    assert [one["state"] for one in told] == ["none", "none", "none", "suspended"]
    assert [one["suspended_since"] for one in told] == [None, None, None, "2025-06-05"]
    assert [one["due_on"] is None for one in told] == [True, True, True, False]
    case.at("2025-06-12").lift(effective_at="2025-06-08")
    # then it is none until it is set, suspended since that day, and goes on with the lift.
    told = [await at(case, day) for day in ("2025-05-25", "2025-06-06", "2025-06-09")]
    assert [one["state"] for one in told] == ["none", "suspended", "running"]
    assert [one["suspended_since"] for one in told] == [None, "2025-06-05", None]


async def test_a_hold_of_before_other_dates_does_not_suspend_these_before_they_were_set() -> None:
    case = Dated().at("2025-06-05").set_dates(LATER_DATES)
    case.at("2025-06-10").hold(effective_at="2025-05-20")
    before, since = [await at(case, day) for day in ("2025-06-04", "2025-06-06")]
    assert (before["state"], before["due_on"]) == ("running", "2025-08-31")
    assert (since["state"], since["suspended_since"]) == ("suspended", "2025-06-05")
    assert since["due_on"] > before["due_on"]


async def test_a_day_that_was_over_when_it_was_set_is_not_missed_before_that() -> None:
    case = Dated(dated=False).at("2025-09-10").set_dates().at("2025-09-11").sweep()
    before, since = [await at(case, day) for day in ("2025-09-05", "2025-09-11")]
    assert (before["state"], before["missed"], before["misses"]) == ("none", False, [])
    assert (since["state"], since["missed"], since["due_on"]) == ("missed", True, "2025-08-31")


async def test_work_is_handed_in_from_when_it_was_and_with_whoever_had_it() -> None:
    case = Dated().at("2025-06-01")
    case.store.run(
        lambda turn: turn.get(Task, FIRST).assign("protocol", (), None, OFFICE, turn.moment), OFFICE
    )
    case.at("2025-06-02").start_again().at("2025-09-03").submit("2025-08-30")
    case.at("2025-09-04").give_back("2025-09-04").start_again()
    told = [await at(case, day) for day in ("2025-05-06", "2025-06-03", "2025-08-30", "2025-09-05")]
    assert [one["department"] for one in told] == ["legal", "protocol", "protocol", "protocol"]
    assert [one["handed_in"] for one in told] == [False, False, True, False]
    assert told[2]["handed_in_at"] == "2025-08-30T12:00:00Z"
    assert told[1]["next_at"] is not None and told[2]["next_at"] is None
    assert case.told(said.DeadlineMissQualified)[0].due_on == date(2025, 8, 31)
    assert not told[2]["missed"] and told[3]["qualified"]


@pytest.mark.parametrize("value", ["x", "277", "2025-13-01"])
async def test_what_cannot_be_read_is_named_as_it_was_asked(client: httpx.AsyncClient, value: str) -> None:
    problem = (await client.get(f"/deadlines/{FIRST}?effective_at={value}")).json()
    assert (problem["status"], problem["type"].rpartition("/")[2]) == (400, "bad-effective-at")
    assert problem["detail"].startswith("effective_at must be")
