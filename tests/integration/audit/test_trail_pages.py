"""Pages of the trail: what is asked for and nothing else, in order, whatever index leads to it."""

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from benchmarks.trail_rows import BEGAN, DECREE, RARE, event_id, lay, rows
from services.audit.filing.columns import Filed
from services.audit.trail import chains, leads, reading
from services.audit.trail.asked import Asked, Place
from services.audit.trail.leads import Statement
from services.audit.trail.reading import Trail, TrailPage
from shared.domain import NotFound
from shared.eventstore.store import EventStore

EVENTS = 3_000
TYPES = ("tasks.task.started", "tasks.task.submitted")
ALL = [Filed(*row[:-2]) for row in rows(EVENTS)]


@pytest.fixture
async def trail(database_url: str, audit: EventStore) -> AsyncIterator[Trail]:
    await lay(database_url, EVENTS)
    yield Trail(audit)


def fits(row: Filed, name: str, value: object) -> bool:
    return value in row.departments if name == "department" else getattr(row, name) == value


def expected(asked: Asked) -> list[int]:
    found = [
        row.position
        for row in ALL
        if all(fits(row, name, value) for name, value in asked.filters.items())
        and (asked.types is None or row.type in asked.types)
        and (asked.begin is None or row.recorded_at >= asked.begin)
        and (asked.end is None or row.recorded_at < asked.end)
    ]
    return found[::-1] if asked.descending else found


async def page_of(trail: Trail, asked: Asked, after: Place | None, limit: int) -> TrailPage:
    async with trail.reading() as reading:
        return await reading.page(asked, after, limit)


async def read(trail: Trail, asked: Asked, limit: int) -> list[int]:
    """Read page by page to the end."""
    found: list[int] = []
    after: Place | None = None
    for _ in range(EVENTS):
        page = await page_of(trail, asked, after, limit)
        assert len(page.entries) <= limit
        found += [entry.place.position for entry in page.entries]
        if page.following is None:
            return found
        after = page.following
    raise AssertionError("the pages have no end")


QUESTIONS = [
    Asked(),
    Asked({"decree": DECREE}),
    Asked({"decree": "192-2025"}),
    Asked({"mission": "emb-3"}),
    Asked({"staff": "p-1"}),
    Asked({"stream": "task.p2-7"}),
    Asked({"actor": "department-4-officer"}),
    Asked({"correlation": event_id(1)}),
    Asked({"causation": event_id(2)}),
    Asked({}, TYPES),
    Asked({}, (RARE,)),
    Asked({}, ()),
    Asked({"department": "department-3"}),
    Asked({"department": "department-3"}, (RARE,)),
    Asked({"department": "department-3"}, TYPES),
    Asked({"task": "p2-7"}, TYPES),
    Asked({"mission": "emb-3", "department": "department-3"}),
    Asked({"department": "department-3", "actor": "department-4-officer"}),
    Asked({"decree": DECREE, "actor": "department-4-officer", "article": "2"}, (*TYPES, RARE)),
]
RANGES = [
    {},
    {"begin": BEGAN + timedelta(seconds=5)},
    {"end": BEGAN + timedelta(seconds=5)},
    {"begin": BEGAN + timedelta(seconds=5), "end": BEGAN + timedelta(seconds=9)},
    {"begin": BEGAN + timedelta(days=1)},
]


async def test_every_question_is_answered_with_exactly_what_fits_in_order(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in QUESTIONS:
        for within in RANGES:
            for descending in (False, True):
                asked = replace(question, descending=descending, **within)
                assert await read(trail, asked, 150) == expected(asked), asked
    monkeypatch.setattr(leads, "BUDGET", 40)  # pages end before they are full
    monkeypatch.setattr(reading, "ENOUGH", 30)
    for question in QUESTIONS[-4:]:
        for descending in (False, True):
            asked = replace(question, descending=descending)
            assert await read(trail, asked, 7) == expected(asked), asked


async def test_every_statement_reads_one_index_in_its_order(trail: Trail, audit: EventStore) -> None:
    place = Place(BEGAN + timedelta(seconds=4), "tasks", 5, 1)
    seen = set()
    for question in QUESTIONS:
        for lead in leads.leads(question):
            for within in ({}, {"begin": BEGAN, "end": BEGAN + timedelta(days=1)}, {"descending": True}):
                for after in (None, place):
                    if question.types == ():
                        continue
                    statement = Statement(replace(question, **within), lead, after)
                    plan = await explained(trail, statement.page(50, 5_000), statement.values)
                    assert "Seq Scan on filed" not in plan and "Bitmap" not in plan, plan
                    seen |= set(re.findall(r"using (filed_\w+)", plan))
                    name = lead.filter or ("type" if lead.typed else None)
                    typed = lead.filter is not None and lead.typed
                    index = f"filed_by_{name}{'_and_type' if typed else ''}" if name else "filed_in_order"
                    assert f"using {index} on" in plan, plan
    assert {"filed_in_order", "filed_by_type", "filed_by_decree", "filed_by_department_and_type"} <= seen


async def explained(trail: Trail, statement: str, values: Sequence[Any]) -> str:
    async with trail.reading() as reading:
        rows = await reading._connection.fetch(f"EXPLAIN {statement}", *values)
        return "\n".join(row[0] for row in rows)


async def test_pages_stay_as_they_are_while_events_arrive(trail: Trail, audit: EventStore) -> None:
    asked = Asked({"mission": "emb-1"})
    wanted = expected(asked)
    numbers = count(EVENTS + 1)
    found: list[int] = []
    after: Place | None = None
    while True:
        page = await page_of(trail, asked, after, 60)
        found += [entry.place.position for entry in page.entries]
        if page.following is None:
            break
        after = page.following
        later = ALL[401]._replace(position=next(numbers), recorded_at=ALL[-1].recorded_at, event_id=uuid4())
        names = ", ".join([*later._fields, "log", "source"])
        places = ", ".join(f"${n}" for n in range(1, len(later) + 3))
        await audit.pool.execute(f"INSERT INTO filed ({names}) VALUES ({places})", *later, 1, "tasks")

    arrived = list(range(EVENTS + 1, next(numbers)))
    assert found == [*wanted, *arrived] and arrived


async def test_causes_go_up_to_the_first_and_effects_down_to_the_last(trail: Trail) -> None:
    async with trail.reading() as reading:
        up = await chains.causes(reading, event_id(58))
        down = await chains.effects(reading, event_id(51), 200)
        part = await chains.effects(reading, event_id(51), 4)
    assert [told["id"] for told in up["causes"]] == [str(event_id(n)) for n in range(57, 50, -1)]
    assert (up["unknown_cause"], up["ground"]["decree"], up["ground"]["measure"]) == (None, DECREE, "m-0")
    assert up["command"]["command"] == str(event_id(51))

    assert [(told["id"], told["depth"]) for told in down["effects"]] == [
        (str(event_id(51 + n)), n) for n in range(1, 10)
    ]
    assert down["complete"]
    assert (len(part["effects"]), part["complete"]) == (4, False)


async def test_an_event_that_is_not_filed_has_neither(trail: Trail) -> None:
    async with trail.reading() as reading:
        assert await reading.event(uuid4()) is None
        with pytest.raises(NotFound):
            await chains.causes(reading, uuid4())
        with pytest.raises(NotFound):
            await chains.effects(reading, uuid4(), 10)
