"""A clock that jumps forward and back, over month ends, 29 February and Hijri holidays."""

import json
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.tasks.calendar import Calendar
from services.tasks.drafting import Term, draft_plan, plan_decree_tasks
from services.tasks.escalation_policy import STANDING, EscalationPolicy
from services.tasks.plan import ClosingDates
from services.tasks.scheduling import schedule_plan
from services.tasks.template import Template
from shared.calendar import CalendarDeclaration, Roll, Rule, WorkingCalendar
from shared.eventstore.migrate import migrate
from tests.property.clocked import Clocked, clocked
from tests.unit.calendar.oracle import Table
from tests.unit.tasks.escalated import LADDER
from tests.unit.tasks.given import (
    MEASURE,
    ORDERED,
    declaration,
    noting,
    ordered,
    proposal,
    report,
    step,
)
from tests.virtual_time import VirtualTime

T = date(2028, 3, 31)
BEGIN, END = datetime(2028, 1, 10, tzinfo=UTC), datetime(2028, 4, 20, tzinfo=UTC)
WINDOWS = range(0, 60)
EID = [date(2028, 2, 26), date(2028, 2, 27), date(2028, 2, 28)]
"""The feast of Ramadan of 1449, as it is calculated ahead."""

EVENTS = """
    SELECT position, stream, type, recorded_at, convert_from(data, 'UTF8')::jsonb AS data
    FROM events WHERE type IN ('tasks.deadline.approaching', 'tasks.deadline.missed') ORDER BY position
"""


def calendar() -> CalendarDeclaration:
    told = declaration().model_dump(mode="json")
    told |= {"covers_from": "2027-01-01", "covers_to": "2028-12-31"}
    told["holidays"] = [{"day": day, "name": {"en": "Feast"}, "basis": "calculated"} for day in EID]
    return CalendarDeclaration.model_validate(told)


async def plan(service: Clocked) -> None:
    """A plan with a deadline on each day of two months, and a report that is due a month after 31 January."""
    steps = [step(number + 1, window=str(-number)) for number in WINDOWS]
    procedure = proposal(*steps, decree_tasks=[report(99)])
    await service.decide("c", lambda turn: turn.get(Calendar, "ly").declare(calendar(), turn.moment))
    await service.decide(
        "t", lambda turn: turn.get(Template, "closing").adopt(procedure, {"legal"}, turn.moment)
    )
    await service.decide("p", lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    await service.decide("s", lambda turn: schedule_plan(turn, MEASURE, ClosingDates(T, T)))
    terms = {99: Term("3", Rule.parse("1 month of announced_on"), Roll.FORWARD)}
    anchors = {"announced_on": date(2028, 1, 31)}
    await service.decide("r", lambda turn: plan_decree_tasks(turn, "298-2025", "closing", terms, anchors))


@pytest.mark.parametrize("seed", range(3))
async def test_each_deadline_fires_once_whatever_the_clock_does(database_url: str, seed: int) -> None:
    await migrate(database_url, "tasks")
    time, chance = VirtualTime(BEGIN), Random(seed)
    async with clocked(database_url, time, Ed25519PrivateKey.generate(), sweeping=True) as service:
        await plan(service)
        await service.at_rest()
        while time() < END:
            time.move(timedelta(hours=chance.choice([-70, -26, -1, 5, 24, 31, 50, 200])))
            await service.at_rest()
        rows = await service.store.pool.fetch(EVENTS)
    told = [dict(row) | {"data": json.loads(row["data"])} for row in rows]
    missed = [row for row in told if row["type"].endswith("missed")]
    near = [row for row in told if row["type"].endswith("approaching")]

    table = Table(WorkingCalendar(name="ly", version=1, **_fields(calendar())))
    expected = {
        f"deadline.{MEASURE}-t{number + 1:02d}": table.rolled(T - timedelta(days=number), Roll.BACK)
        for number in WINDOWS
    } | {"deadline.298-2025-t99": date(2028, 2, 29)}
    assert {row["stream"]: date.fromisoformat(row["data"]["due_on"]) for row in missed} == expected
    assert len(missed) == len(expected)
    assert len({row["stream"] for row in near}) == len(near)

    recorded = [row["recorded_at"] for row in told]
    assert recorded == sorted(recorded)
    for row in missed:
        assert row["recorded_at"] >= datetime.fromisoformat(row["data"]["due_at"])
    assert in_order_of_their_due_moments(missed)
    passed = {row["stream"]: row["position"] for row in missed}
    for row in near:
        assert row["position"] < passed[row["stream"]]
        assert row["recorded_at"] < datetime.fromisoformat(row["data"]["due_at"])


PLANS, IN_A_PLAN = 12, 60
"""More deadlines than the sweeper reads at once, or acts on."""
BEFORE_IT = datetime(2028, 2, 15, 12, tzinfo=UTC)
"""Deadlines of before are missed, and those of the days after it near, when the outage begins."""


async def plans(service: Clocked) -> None:
    """Plans of several missions, with dates of their own, whose tasks climb a ladder once they are missed."""
    known = {"legal", "protocol", "archives"}
    for key in sorted(known):
        await service.decide(f"department-{key}", noting(key))
    steps = proposal(*(step(number + 1, window=str(-number)) for number in range(IN_A_PLAN)))
    await service.decide("c", lambda turn: turn.get(Calendar, "ly").declare(calendar(), turn.moment))
    await service.decide("t", lambda turn: turn.get(Template, "closing").adopt(steps, known, turn.moment))
    await service.decide(
        "l", lambda turn: turn.get(EscalationPolicy, STANDING).declare(LADDER, known, turn.moment)
    )
    for number in range(PLANS):
        await plan_of(service, f"m-{number:02d}", T - timedelta(days=number))


async def plan_of(service: Clocked, measure: str, official_on: date) -> None:
    order, dates = ordered(mission=f"emb-{measure}"), ClosingDates(official_on, official_on)
    await service.decide(f"p-{measure}", lambda turn: draft_plan(turn, measure, order, "closing"))
    await service.decide(f"s-{measure}", lambda turn: schedule_plan(turn, measure, dates))


async def test_after_an_outage_misses_come_in_the_order_of_their_due_moments(database_url: str) -> None:
    await migrate(database_url, "tasks")
    time, key = VirtualTime(BEGIN), Ed25519PrivateKey.generate()
    async with clocked(database_url, time, key, sweeping=True) as service:
        await plans(service)
        await service.at_rest()
        time.move(BEFORE_IT)
        await service.at_rest()
    time.move(END)
    async with clocked(database_url, time, key, sweeping=True) as service:
        await service.at_rest(within=60)
        rows = await service.store.pool.fetch(EVENTS)
    told = [dict(row) | {"data": json.loads(row["data"])} for row in rows]
    missed = [row for row in told if row["type"].endswith("missed")]
    assert len(missed) == PLANS * IN_A_PLAN
    assert 50 < len(told) - len(missed) < len(missed), "some were near before it, most were not"
    assert in_order_of_their_due_moments(missed)


def in_order_of_their_due_moments(missed: list[dict[str, Any]]) -> bool:
    """Whether misses stand in the log as they were due; those of one moment by their tasks."""
    due = [(datetime.fromisoformat(row["data"]["due_at"]), row["stream"]) for row in missed]
    return due == sorted(due)


def _fields(declared: CalendarDeclaration) -> dict[str, Any]:
    return {name: getattr(declared, name) for name in CalendarDeclaration.model_fields}
