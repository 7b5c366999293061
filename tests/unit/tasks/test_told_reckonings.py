"""How a deadline came to its day, told step by step to the last one."""

from datetime import date
from typing import Any

import orjson

from services.tasks.calendar_inquiries import MOST_DAYS, CalendarInquiries
from services.tasks.plan import ClosingDates
from services.tasks.told_reckoning import shortened
from shared.web import AsOf
from tests.unit.tasks.dated import FIRST, Dated
from tests.unit.tasks.given import MemoryViews

LATER_T = ClosingDates(public_on=date(2025, 9, 30), official_on=date(2025, 10, 30))


async def told(case: Dated, when: AsOf | None = None) -> Any:
    inquiries = CalendarInquiries(case.store, MemoryViews(case.store))  # type: ignore[arg-type]  # in memory
    answer = await inquiries.reckoning(FIRST, when)
    found = orjson.loads(answer.body)
    assert (found["days"][-1]["day"], found["days"][-1]["part"]) == (found["due_on"], "due")
    assert [day["part"] for day in found["days"]].count("due") == 1
    return found


def days(found: Any, step: int) -> list[tuple[str, str, int | None]]:
    return [(day["day"][5:], day["part"], day["count"]) for day in found["days"] if day["step"] == step]


async def test_a_hold_that_was_lifted_is_told_with_every_day_that_it_gives_back() -> None:
    # Due on Sunday 31 August; held from Monday 25 to Thursday 28: Tuesday to Thursday, and Sunday, were left.
    case = Dated().at("2025-08-25").hold().at("2025-08-28").lift()
    found = await told(case)
    rule, hold = found["steps"]
    assert (rule["kind"], rule["due_on"]) == ("rule", "2025-08-31")
    assert (hold["kind"], hold["due_before"], hold["due_on"]) == ("hold", "2025-08-31", "2025-09-03")
    assert (hold["since"], hold["until"], hold["working_days_left"]) == ("2025-08-25", "2025-08-28", 4)
    assert hold["holds"] == [{"hold": "h1", "since": "2025-08-25", "until": "2025-08-28"}]
    assert days(found, 1)[-1] == ("08-31", "was-due", 30)
    assert days(found, 2) == [
        ("08-25", "stopped", None),
        ("08-26", "held", None),
        ("08-27", "held", None),
        ("08-28", "held", None),
        ("08-29", "skipped", None),
        ("08-30", "skipped", None),
        ("08-31", "given-back", 1),
        ("09-01", "given-back", 2),
        ("09-02", "given-back", 3),
        ("09-03", "due", 4),
    ]
    assert found["holds_that_moved_nothing"] == []


async def test_a_hold_that_is_open_is_told_with_the_days_that_are_left() -> None:
    found = await told(Dated().at("2025-08-27").hold())
    assert (found["suspended_since"], found["due_on"]) == ("2025-08-27", "2025-08-31")
    (_, hold) = found["steps"]
    assert (hold["until"], hold["working_days_left"]) == (None, 2)
    assert days(found, 2) == [
        ("08-27", "stopped", None),
        ("08-28", "left", 1),
        ("08-29", "skipped", None),
        ("08-30", "skipped", None),
        ("08-31", "due", 2),
    ]


async def test_holds_that_are_one_stoppage_are_one_step_and_what_moved_nothing_is_named_apart() -> None:
    case = Dated().at("2025-08-20").hold("a").at("2025-08-24").hold("b").lift("a")
    case.at("2025-08-26").lift("b").at("2025-08-27").hold("c").lift("c")
    found = await told(case)
    (_, hold) = found["steps"]
    assert [one["hold"] for one in hold["holds"]] == ["a", "b"]
    assert [one["hold"] for one in found["holds_that_moved_nothing"]] == ["c"]


async def test_a_hold_that_was_over_when_the_clock_began_to_run_is_no_part_of_one_that_stops_it() -> None:
    # Due on 1 October and set on 26 November, up to which one hold lasted; the other is open.
    past = ClosingDates(date(2025, 10, 1), date(2025, 10, 31))
    case = Dated(dated=False).at("2025-11-26").hold("a", "2025-09-01").hold("b", "2025-09-15").lift("a")
    found = await told(case.set_dates(past))
    assert [one["hold"] for one in found["steps"][1]["holds"]] == ["b"]
    assert [one["hold"] for one in found["holds_that_moved_nothing"]] == ["a"]


async def test_where_nothing_was_left_the_day_of_the_lift_is_due_rolled_forward() -> None:
    # Held on the due day itself, and lifted on a Friday.
    found = await told(Dated().at("2025-08-31").hold().at("2025-09-05").lift())
    assert days(found, 2)[-3:] == [
        ("09-05", "held", None),
        ("09-06", "rolled-over", None),
        ("09-07", "due", None),
    ]


async def test_more_time_is_a_step_and_a_hold_after_it_another() -> None:
    case = Dated().at("2025-08-20").extend(date(2025, 9, 10)).at("2025-09-08").hold().at("2025-09-09").lift()
    found = await told(case)
    assert [(step["kind"], step["due_on"]) for step in found["steps"]] == [
        ("rule", "2025-08-31"),
        ("extension", "2025-09-10"),
        ("hold", "2025-09-11"),
    ]
    assert found["steps"][1]["counts"] and found["steps"][1]["extension"] == f"{FIRST}-x1"
    assert days(found, 2) == [("09-10", "was-due", None)]


async def test_a_granted_day_is_rolled_under_a_newer_calendar_and_windows_tell_what_changed() -> None:
    case = Dated().at("2025-08-20").extend(date(2025, 9, 10)).declare("2", date(2025, 9, 10))
    found = await told(case)
    assert days(found, 2) == [("09-10", "granted", None), ("09-09", "due", None)]
    assert [one["because"] for one in found["windows"]] == [[], ["calendar"]]
    assert [one["deadline"]["calendar_version"] for one in found["windows"]] == [1, 2]
    # Another T sets it anew: what was granted is history.
    found = await told(case.set_dates(LATER_T))
    assert [step["kind"] for step in found["steps"]] == ["rule"]
    assert found["windows"][-1]["because"] == ["dates"]


async def test_what_became_known_of_holds_after_the_end_is_no_step() -> None:
    case = Dated().start().at("2025-08-20").submit().accept().at("2025-08-27")
    case.hold(effective_at="2025-08-10").lift(effective_at="2025-08-15")
    found = await told(case)
    assert ([step["kind"] for step in found["steps"]], found["due_on"]) == (["rule"], "2025-08-31")


def test_a_reckoning_of_many_days_leaves_out_those_before_the_last() -> None:
    kept, more = shortened(range(MOST_DAYS + 50))
    assert (len(kept), kept[0], kept[-2:], more) == (MOST_DAYS, 0, [MOST_DAYS - 2, MOST_DAYS + 49], True)
    kept, more = shortened(range(MOST_DAYS))
    assert (kept[-1], len(kept), more) == (MOST_DAYS - 1, MOST_DAYS, False)
    assert shortened(range(2)) == ([0, 1], False)
