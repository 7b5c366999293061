"""A changed calendar: which deadlines it would move and why, and their moving once it is approved."""

import json
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from services.tasks.affected import AffectedInquiries
from services.tasks.applying import apply_to_decree, apply_to_plan
from services.tasks.calendar import (
    Calendar,
    CalendarOfOthers,
    Grounds,
    NoSuchVersion,
    NotTheNewest,
    declare_holiday,
    revoke_holiday,
)
from services.tasks.deadline import Deadline
from services.tasks.scheduling import schedule_plan
from services.tasks.sweeping import missing
from services.tasks.views.in_force import in_force_at
from shared.calendar import Basis, Holiday
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import NotFound
from shared.web import AsOf
from shared.web.cursors import PageAsked
from tests.unit.tasks.dated import DECREE, DUE_ON, FIRST, Dated, moment
from tests.unit.tasks.given import DATES, MEASURE, MemoryStore, MemoryViews, declaration
from tests.unit.tasks.test_holds import REPORT, with_report
from tests.unit.tasks.test_tasks_http import client, post, store

__all__ = ["client", "store"]

GROUNDS = Grounds("Cabinet decision 120/2025", "National mourning")
LAST = date(2025, 9, 30)


def off(case: Dated, *days: date) -> Dated:
    """Make days official holidays, each by a version of its own."""
    for day in days:
        holiday = Holiday(day=day, name=Text(en="Mourning", ar="حداد"), basis=Basis.ANNOUNCED)
        case.store.run(
            lambda turn, new=holiday: declare_holiday(turn.get(Calendar, "ly"), new, GROUNDS, turn.moment)
        )
    return case


async def affected(
    case: Dated, limit: int = 50, from_version: int | None = None, **where: str
) -> list[dict[str, Any]]:
    inquiries = AffectedInquiries(  # type: ignore[arg-type]  # in memory
        case.store, MemoryViews(case.store), lambda: case.store.now
    )
    answer = await inquiries.affected("ly", PageAsked(limit=limit), where, from_version, None)
    items: list[dict[str, Any]] = json.loads(answer.body)["items"]
    return items


async def test_affected_deadlines_are_listed_with_the_day_and_the_document_that_move_them() -> None:
    case = off(Dated(), DUE_ON)
    other = Holiday(day=date(2025, 12, 25), name=Text(en="Other", ar="أخرى"), basis=Basis.ANNOUNCED)
    of_others = Grounds("Decision 7/2025", "Another reason")
    case.store.run(lambda turn: declare_holiday(turn.get(Calendar, "ly"), other, of_others, turn.moment))
    before = len(case.store.log)
    (item,) = await affected(case)
    assert (item["task"], item["due_on"], item["would_be"]["due_on"]) == (FIRST, "2025-08-31", "2025-08-28")
    versions = (item["calendar_version"], item["would_be"]["calendar_version"])
    assert (versions, item["moves_by_days"]) == ((1, 3), -3)
    (reason,) = item["because"]
    assert (reason["day"], reason["works"], reason["holiday"]["name"]["en"]) == (
        "2025-08-31",
        False,
        "Mourning",
    )
    assert reason["ground"]["reference"] == "Cabinet decision 120/2025"
    assert len(case.store.log) == before and case.deadline.due_on == DUE_ON


async def test_what_is_foreseen_is_what_happens_with_holds_and_grants() -> None:
    case = Dated().at("2025-08-10").hold().at("2025-08-20").lift().extend(date(2025, 9, 25))
    off(case, date(2025, 9, 25), date(2025, 9, 2), date(2025, 10, 1))
    foreseen = {item["task"]: item["would_be"]["due_on"] for item in await affected(case)}
    assert FIRST in foreseen
    told = case.store.run(lambda turn: apply_to_plan(turn, "ly", 4, MEASURE))
    assert {move["task"]: move["to"] for move in told["moved"]} == foreseen
    assert await affected(case) == []


async def test_pages_filters_and_versions() -> None:
    case = off(Dated(), DUE_ON, LAST)
    assert len(await affected(case)) == 3
    assert len(await affected(case, limit=2)) == 2
    assert len(await affected(case, plan=MEASURE)) == 3
    assert len(await affected(case, from_version=1)) == 3 and await affected(case, from_version=2) == []
    with pytest.raises(NoSuchVersion):
        await affected(case, from_version=9)


async def test_what_was_affected_is_asked_as_of_a_position() -> None:
    case = off(Dated(), DUE_ON)
    then = len(case.store.log)
    case.store.run(lambda turn: apply_to_plan(turn, "ly", 2, MEASURE))
    inquiries = AffectedInquiries(  # type: ignore[arg-type]  # in memory
        case.store, MemoryViews(case.store), lambda: case.store.now
    )
    answer = await inquiries.affected("ly", PageAsked(), {}, None, AsOf(then, None))
    assert [item["task"] for item in json.loads(answer.body)["items"]] == [FIRST]
    assert answer.headers["tanfidh-position"] == str(then)


async def test_a_change_of_the_past_tells_the_misses_that_it_makes_before_and_when_it_makes_them() -> None:
    # Given a deadline that was on 31 August and was missed, when that day is declared off afterwards,
    case = off(Dated().at("2025-09-05").sweep(), DUE_ON)
    # then it is told that the day before makes a miss of its own, and of what is to come that it makes none.
    (item,) = await affected(case)
    assert (item["would_be"]["due_on"], item["misses"]) == ("2025-08-28", True)
    (move,) = case.store.run(lambda turn: apply_to_plan(turn, "ly", 2, MEASURE))["moved"]
    assert (move["to"], move["misses"]) == ("2025-08-28", True)
    assert [miss.due_on for miss in case.sweep().deadline.misses] == [DUE_ON, date(2025, 8, 28)]
    early = off(Dated(), DUE_ON)
    assert [item["misses"] for item in await affected(early)] == [False]


async def test_work_that_is_handed_in_is_not_told_to_be_missed() -> None:
    case = off(Dated().at("2025-08-20").start().submit().at("2025-09-05"), DUE_ON)
    assert [item["misses"] for item in await affected(case)] == [False]


async def test_another_zone_moves_the_moment_alone_and_that_is_shown_and_moved() -> None:
    # Given a plan of Tripoli, when its calendar is declared anew with days that begin and end in London,
    case = Dated()
    elsewhere = declaration(label="2").model_copy(update={"zone": "Europe/London"})
    case.store.run(lambda turn: turn.get(Calendar, "ly").declare(elsewhere, turn.moment))
    # Then every deadline that ends an hour later is shown, though it stays on its day,
    items = await affected(case)
    first = items[0]
    assert len(items) == 4
    assert (first["task"], first["due_on"], first["would_be"]["due_on"]) == (FIRST, *["2025-08-31"] * 2)
    moments = (first["due_at"], first["would_be"]["due_at"])
    assert moments == ("2025-08-31T22:00:00.000000Z", "2025-08-31T23:00:00.000000Z")
    assert (first["moves_by_days"], first["because"]) == (0, [])
    assert first["zone"] == {"from": "Africa/Tripoli", "to": "Europe/London"}
    # and so it is moved.
    told = case.store.run(lambda turn: apply_to_plan(turn, "ly", 2, MEASURE))
    moved = {move["task"]: move["due_at"]["to"] for move in told["moved"]}
    assert moved == {item["task"]: item["would_be"]["due_at"] for item in items}
    assert case.deadline.due_at == datetime(2025, 8, 31, 23, tzinfo=UTC) and await affected(case) == []


async def test_what_nobody_knows_has_no_deadlines_to_move() -> None:
    case = off(Dated(), DUE_ON)
    for unknown in ({"decree": "1-2024"}, {"plan": "1-2024-a1-r01"}, {"meeting": "m9"}):
        with pytest.raises(NotFound):
            await affected(case, **unknown)


def test_a_decree_moves_whole_and_misses_stay() -> None:
    case = with_report().at("2025-06-10")
    case.store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    due_at = case.store.find(Deadline, REPORT).due_at
    assert due_at is not None
    case.store.run(missing(REPORT, due_at).decide)
    off(case, date(2025, 5, 29), DUE_ON)
    told = case.store.run(lambda turn: apply_to_decree(turn, "ly", 3, DECREE))
    assert [move["task"] for move in told["moved"]] == [REPORT, FIRST]
    assert next(miss.due_on for miss in case.told(said.DeadlineMissed, REPORT)) == date(2025, 5, 29)
    assert {one.computed.calendar_version for one in _deadlines(case.store)} == {3}


def _deadlines(store: MemoryStore) -> list[Any]:
    return [one for one in store.aggregates.values() if isinstance(one, Deadline) and one.exists]


def test_only_the_newest_version_is_approved_and_only_for_its_own_deadlines() -> None:
    case = off(Dated(), DUE_ON)
    case.store.run(lambda turn: turn.get(Calendar, "it").declare(declaration(), turn.moment))
    with pytest.raises(NotTheNewest, match="not the newest, which is 2"):
        case.store.run(lambda turn: apply_to_plan(turn, "ly", 1, MEASURE))
    with pytest.raises(CalendarOfOthers, match="computed under calendar ly, not it"):
        case.store.run(lambda turn: apply_to_plan(turn, "it", 1, MEASURE))
    assert case.store.run(lambda turn: apply_to_decree(turn, "it", 1, DECREE))["moved"] == []


async def test_a_holiday_that_is_revoked_moves_back_what_it_moved() -> None:
    case = off(Dated(), DUE_ON)
    case.store.run(lambda turn: apply_to_plan(turn, "ly", 2, MEASURE))
    case.store.run(lambda turn: revoke_holiday(turn.get(Calendar, "ly"), DUE_ON, GROUNDS, turn.moment))
    (item,) = await affected(case)
    assert (item["would_be"]["due_on"], item["because"][0]["works"]) == ("2025-08-31", True)


async def test_over_http_a_change_is_looked_at_and_approved(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    grounds = {"reference": "120/2025", "reason": "Mourning"}
    await post(client, "/calendars/ly/holidays", day="2025-09-30", name={"en": "Mourning"}, **grounds)
    listed = (await client.get("/calendars/ly/affected", params={"plan": MEASURE})).json()["items"]
    assert [item["task"][-3:] for item in listed] == ["t03", "t04"]
    for body in ({"version": 2}, {"version": 2, "plan": MEASURE, "decree": DECREE}):
        assert (await post(client, "/calendars/ly/apply", **body)).status_code == 422
    done = await client.post(
        "/calendars/ly/apply", json={"version": 2, "plan": MEASURE}, headers={"Idempotency-Key": "apply-1"}
    )
    assert [move["to"] for move in done.json()["moved"]] == ["2025-09-29", "2025-09-29"]
    assert done.headers["etag"] == '"2"'


def test_the_due_day_in_force_is_told_by_the_clock_of_law() -> None:
    case = (
        Dated()
        .at("2025-08-25")
        .hold(effective_at="2025-08-20")
        .at("2025-09-10")
        .lift(effective_at="2025-09-01")
    )
    row = MemoryViews(case.store).rows("deadlines")[FIRST]
    told = {
        day: in_force_at(row, moment(day)) for day in ("2025-05-01", "2025-08-01", "2025-08-22", "2025-09-02")
    }
    assert [(one["state"], one["due_on"]) for one in told.values()] == [
        ("none", None),
        ("running", "2025-08-31"),
        ("suspended", "2025-08-31"),
        ("running", case.deadline.due_on.isoformat()),
    ]
    assert row["calendar"] == "ly" and datetime.fromisoformat(row["standing"][0]["since"]) == moment(
        "2025-05-05"
    )


def test_the_state_of_the_row_is_that_of_the_aggregate() -> None:
    case = Dated()
    steps = (
        lambda: case.at("2025-08-25").sweep(),
        lambda: case.at("2025-08-26").hold(),
        lambda: case.at("2025-08-27").lift(),
        lambda: case.at("2025-09-05").sweep(),
        lambda: case.extend(date(2025, 9, 25)),
        lambda: case.start().submit().accept(),
    )
    for step in steps:
        step()
        assert MemoryViews(case.store).rows("deadlines")[FIRST]["state"] == case.deadline.state.value
    assert [
        type(record.event).__name__ for record in case.store.log if record.stream == f"deadline.{FIRST}"
    ] == [
        "DeadlineSet",
        "DeadlineApproaching",
        "DeadlineSuspended",
        "DeadlineResumed",
        "DeadlineMissed",
        "DeadlineExtended",
        "DeadlineMet",
    ]
