"""Timetables and lateness under whichever change made the calendar's version, and from sensible days on."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from services.tasks.calendar import Calendar, Grounds, declare_holiday, move_holiday, revoke_holiday
from services.tasks.sweeping import missing
from shared.calendar import Basis, Holiday
from shared.contracts.text import Text
from tests.unit.tasks.given import MEASURE, MemoryStore, declaration
from tests.unit.tasks.test_plans_http import FIRST, client, date_plan, done, store

__all__ = ["client", "store"]

GROUNDS = Grounds("Cabinet decision 120/2025", "National mourning")
MONDAY, TUESDAY, THURSDAY = date(2025, 9, 1), date(2025, 9, 2), date(2025, 9, 4)
MOURNING = Holiday(day=MONDAY, name=Text(en="Mourning", ar="حداد"), basis=Basis.ANNOUNCED)

Change = Callable[[Any], object]


def declares(turn: Any) -> object:
    return declare_holiday(turn.get(Calendar, "ly"), MOURNING, GROUNDS, turn.moment)


def moves(turn: Any) -> object:
    return move_holiday(turn.get(Calendar, "ly"), MONDAY, TUESDAY, Basis.ANNOUNCED, GROUNDS, turn.moment)


def revokes(turn: Any) -> object:
    return revoke_holiday(turn.get(Calendar, "ly"), MONDAY, GROUNDS, turn.moment)


def declares_whole(turn: Any) -> object:
    return turn.get(Calendar, "ly").declare(declaration(MONDAY, TUESDAY, label="2"), turn.moment)


@pytest.mark.parametrize(
    ("changes", "late_days", "first_day"),
    [
        # Due on Sunday 31 August; up to Thursday there are four days, but for those that are off.
        ((declares,), 3, "2025-09-02"),
        ((declares, moves), 3, "2025-09-01"),
        ((declares, revokes), 4, "2025-09-01"),
        ((declares_whole,), 2, "2025-09-03"),
    ],
)
async def test_a_plan_is_timed_under_whichever_change_made_its_version(
    client: httpx.AsyncClient,
    store: MemoryStore,
    changes: tuple[Change, ...],
    late_days: int,
    first_day: str,
) -> None:
    # Given a plan that was dated under a version which these changes made
    for change in changes:
        store.run(change)
    date_plan(store)
    await done(client, f"/plans/{MEASURE}/approve")
    store.now = datetime(2025, 9, 4, 9, tzinfo=UTC)
    store.run(missing(FIRST, datetime(2025, 8, 31, 22, tzinfo=UTC)).decide)
    # When its timetable is asked about from the Monday on, then only that version's working days count.
    path = await client.get(f"/plans/{MEASURE}/critical-path?on={MONDAY}")
    assert path.status_code == 200, path.text
    assert next(one for one in path.json()["tasks"] if one["task"] == FIRST)["earliest_start"] == first_day
    slipped = await client.get(f"/plans/{MEASURE}/slippage")
    assert (slipped.status_code, slipped.json()["end"]["slipped"]) == (200, 0)
    (late,) = (await client.get(f"/late?on={THURSDAY}")).json()["items"]
    assert late["late_working_days"] == late_days


@pytest.mark.parametrize("path", [f"/plans/{MEASURE}/critical-path", "/late"])
async def test_a_day_that_is_too_far_is_refused(
    client: httpx.AsyncClient, store: MemoryStore, path: str
) -> None:
    date_plan(store)
    store.now = datetime(2025, 9, 4, 9, tzinfo=UTC)
    for day in ("2015-09-04", "2035-09-04"):
        assert (await client.get(f"{path}?on={day}")).status_code == 200
    for day in ("2015-09-03", "2035-09-05"):
        refused = (await client.get(f"{path}?on={day}")).json()
        assert (refused["status"], refused["type"].rpartition("/")[2]) == (422, "reckoned-too-far")
        assert (refused["earliest"], refused["latest"]) == ("2015-09-04", "2035-09-04")
    for day in ("9999-12-31", "0001-01-01"):
        assert (await client.get(f"{path}?on={day}")).json()["type"].endswith("/validation-failed")
