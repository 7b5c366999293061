"""Plans, what blocks tasks and who is late, over HTTP."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest

from services.tasks.application import Tasks
from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.drafting import draft_plan
from services.tasks.holding import hold_decree
from services.tasks.http import router
from services.tasks.plan import ClosingDates
from services.tasks.scheduling import schedule_plan
from services.tasks.sweeping import missing
from services.tasks.template import Template
from shared.contracts.registry import MeasureKind
from shared.contracts.text import Text
from shared.web.app import create_app
from tests.unit.tasks.given import (
    DATES,
    EVIDENCE,
    LETTER,
    MEASURE,
    NOW,
    ORDERED,
    MemoryStore,
    MemoryViews,
    proposal,
    step,
    store_with_procedure,
)
from tests.unit.tasks.test_tasks_http import Header, Log

FIRST, SECOND, THIRD, FOURTH = (f"{MEASURE}-t0{number}" for number in (1, 2, 3, 4))
PROCEDURE = proposal(
    step(1, window="-30", gate=1, evidence=EVIDENCE, co_executors=["protocol"], days=3),
    step(2, window="-20..-10", needs=[1], gate=3, evidence=EVIDENCE, days=5),
    step(3, needs=[1], needs_dates=True, days=2),
    step(4, lead="protocol", needs=["gates", 3]),
)


@pytest.fixture
def store() -> MemoryStore:
    store = store_with_procedure(PROCEDURE)
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    return store


@pytest.fixture
async def client(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    tasks = Tasks(store, MemoryViews(store), lambda: store.now)  # type: ignore[arg-type]  # in memory
    app = create_app(
        "tasks", "Tasks", routers=[router(tasks)], checks={}, identity=Header(), horizon=Log(store)
    )
    transport = httpx.ASGITransport(app=app)
    headers = {"Idempotency-Key": "k"}
    async with httpx.AsyncClient(transport=transport, base_url="http://tasks", headers=headers) as client:
        yield client


async def done(client: httpx.AsyncClient, path: str, who: str = "somebody", **body: Any) -> Any:
    answer = await client.post(path, json=body or None, headers={"Authorization": who})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def accept(client: httpx.AsyncClient, task: str) -> None:
    await done(client, f"/tasks/{task}/assign", assignee="officer-7")
    await done(client, f"/tasks/{task}/start")
    await done(client, f"/tasks/{task}/submit", evidence=[LETTER.model_dump()])
    await done(client, f"/tasks/{task}/accept", "other", waiver="Not waited for")


def date_plan(store: MemoryStore) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))


async def test_the_critical_path_before_t_is_told_in_days_before_it(client: httpx.AsyncClient) -> None:
    told = (await client.get(f"/plans/{MEASURE}/critical-path")).json()
    assert (told["unit"], told["official_on"], told["on"]) == ("day-from-official-date", None, None)
    assert told["critical_path"] == [FIRST]
    slack = {task["number"]: task["slack"] for task in told["tasks"]}
    # Task 1 (three days) fills the days up to T-30; task 2 opens on T-20, takes five and may end on T-10.
    assert slack == {1: 0, 2: 6, 3: 27, 4: 15}


async def test_the_critical_path_is_told_in_working_days_from_today_on(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    date_plan(store)
    store.now = datetime(2025, 8, 27, 9, tzinfo=UTC)
    told = (await client.get(f"/plans/{MEASURE}/critical-path")).json()
    assert (told["unit"], told["on"]) == ("working-day", "2025-08-27")
    first = next(task for task in told["tasks"] if task["task"] == FIRST)
    # Wednesday, Thursday, Sunday: three working days, up to the due day itself.
    assert (first["earliest_start"], first["earliest_finish"], first["slack"]) == (
        "2025-08-27",
        "2025-08-31",
        0,
    )
    assert told["critical_path"] == [FIRST]
    late = (await client.get(f"/plans/{MEASURE}/critical-path?on=2025-09-02")).json()
    assert next(task for task in late["tasks"] if task["task"] == FIRST)["slack"] == -4
    await accept(client, FIRST)
    after = (await client.get(f"/plans/{MEASURE}/critical-path?on=2025-09-01")).json()
    second = next(task for task in after["tasks"] if task["task"] == SECOND)
    assert (second["earliest_start"], second["earliest_finish"], second["latest_finish"]) == (
        "2025-09-10",
        "2025-09-16",
        "2025-09-18",
    )
    assert next(task for task in after["tasks"] if task["task"] == FIRST)["earliest_finish"] == "2025-08-27"


async def test_slippage_is_measured_against_the_baseline(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    refused = await client.get(f"/plans/{MEASURE}/slippage")
    assert (refused.status_code, refused.json()["type"]) == (409, "https://tanfidh.org/problems/no-baseline")
    date_plan(store)
    approved = await done(client, f"/plans/{MEASURE}/approve")
    assert (approved["state"], approved["baseline"]) == ("approved", 1)
    await done(
        client, f"/plans/{MEASURE}/replan", reason="The host is slow", move=[{"task": SECOND, "window": "-5"}]
    )
    await done(client, f"/plans/{MEASURE}/replan", reason="One more", add=[step(5)], drop=[FOURTH])
    store.now = datetime(2025, 8, 26, 9, tzinfo=UTC)
    await accept(client, FIRST)
    told = (await client.get(f"/plans/{MEASURE}/slippage")).json()
    rows = {row["number"]: row for row in told["tasks"]}
    # T-10 is Saturday 20 September, rolled back to Thursday 18; T-5 is Thursday 25: five working days.
    assert (rows[2]["slipped"], rows[2]["window_moved"]) == (5, 5)
    # Due on Sunday 31 August, accepted on Tuesday 26: Wednesday, Thursday and Sunday earlier.
    assert (rows[1]["now"], rows[1]["slipped"]) == ("2025-08-26", -3)
    assert (rows[3]["slipped"], rows[4]["slipped"]) == (0, None)
    assert (told["added"], told["dropped"]) == ([f"{MEASURE}-t05"], [FOURTH])
    assert told["end"] == {"baseline": "2025-09-30", "now": "2025-09-30", "slipped": 0}
    row = (await client.get(f"/plans/{MEASURE}")).json()
    assert (row["state"], row["baseline"]["baseline"], row["reason"]) == ("approved", 1, "One more")
    assert [one["plan"] for one in (await client.get("/plans?state=approved")).json()["items"]] == [MEASURE]
    again = await client.post(f"/plans/{MEASURE}/approve")
    assert (again.status_code, again.json()["type"]) == (
        422,
        "https://tanfidh.org/problems/second-baseline-without-reason",
    )


async def test_a_newer_procedure_is_looked_at_and_then_applied(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    newer = proposal(*(one.model_dump() for one in PROCEDURE.tasks[:2]), step(6), label="2")
    store.run(lambda turn: turn.get(Template, "closing").adopt(newer, {"legal", "protocol"}, NOW))
    before = len(store.log)
    told = (await client.get(f"/plans/{MEASURE}/versions/2/preview")).json()
    assert len(store.log) == before
    assert (told["from"], told["to"], told["superseded"], told["kept"]) == (1, 2, [THIRD, FOURTH], [])
    assert [one["task"] for one in told["added"]] == [f"{MEASURE}-t06"]
    assert told["changed"] == []
    refused = await client.post(f"/plans/{MEASURE}/versions/1/apply", json={"reason": "Why not"})
    assert refused.json()["type"].endswith("/not-the-newest-version")
    applied = await done(client, f"/plans/{MEASURE}/versions/2/apply", reason="A better procedure")
    assert (applied["template_version"], applied["superseded"]) == (2, [THIRD, FOURTH])
    # Of the twelve conditions of a closing the procedure has tasks for the first and the third.
    assert told["out_of_reach"] == [2, *range(4, 13)]
    same = ("dropped", "superseded", "void", "kept", "out_of_reach")
    assert {name: applied[name] for name in same} == {name: told[name] for name in same}
    assert applied["added"] == [one["task"] for one in told["added"]]
    assert applied["changed"] == [one["task"] for one in told["changed"]]
    row = (await client.get(f"/plans/{MEASURE}")).json()
    assert (row["template_version"], row["superseded"], row["conditions"]) == (2, [THIRD, FOURTH], [1, 3])


async def test_a_flawed_change_is_refused_with_its_flaws(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    before = len(store.log)
    body = {"reason": "Why", "add": [step(4), step(5, needs=[77])]}
    answer = await client.post(f"/plans/{MEASURE}/replan", json=body)
    assert (answer.status_code, answer.json()["flaws"][0]["code"]) == (422, "duplicate-number")
    for wrong in (
        {},
        {"reason": " "},
        {"reason": "x", "colour": 1},
        {"reason": "x", "move": [{"task": "a"}]},
    ):
        assert (await client.post(f"/plans/{MEASURE}/replan", json=wrong)).status_code == 422
    assert len(store.log) == before


async def test_the_date_of_what_closes_nothing_is_set_on_its_plan(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    refused = await client.put(f"/plans/{MEASURE}/date", json={"official_on": "2025-09-30"})
    assert refused.json()["type"].endswith("/dates-of-closing")
    relocation = ORDERED.model_copy(update={"measure_kind": MeasureKind.RELOCATE, "receiver": None})
    store.run(lambda turn: turn.get(Calendar, "ly").in_force())
    store.run(lambda turn: draft_plan(turn, "298-2025-a1-r09", relocation, "closing"))
    answer = await client.put("/plans/298-2025-a1-r09/date", json={"official_on": "2025-09-30"})
    assert (answer.status_code, answer.json()["scheduled"]) == (200, 4)


async def test_what_blocks_a_task_is_told_down_to_the_root(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    await done(client, f"/tasks/{SECOND}/block", reason="The host does not answer")
    told = (await client.get(f"/tasks/{FOURTH}/blocked-by")).json()
    assert (told["blocked"], told["roots"], told["holds"]) == (True, [FIRST], [])
    assert [one["task"] for one in told["prerequisites"]] == [FIRST, SECOND, THIRD]
    first, second, _ = told["prerequisites"]
    assert (first["department"], first["missing_parts"], first["missing_evidence"]) == (
        "legal",
        ["protocol"],
        {"en": "Letter", "ar": "كتاب"},
    )
    assert (second["needs"], second["reported"]) == ([FIRST], "The host does not answer")
    third = (await client.get(f"/tasks/{THIRD}/blocked-by")).json()
    assert third["dates_missing"]
    date_plan(store)
    await accept(client, FIRST)
    assert not (await client.get(f"/tasks/{THIRD}/blocked-by")).json()["blocked"]
    reason = Text(en="Studies first", ar="الدراسات أولًا")
    store.run(lambda turn: hold_decree(turn, "298-2025", "audit", None, None, reason))
    held = (await client.get(f"/tasks/{THIRD}/blocked-by")).json()
    assert [(hold["hold"], hold["reason"]["en"]) for hold in held["holds"]] == [("audit", "Studies first")]
    settled = (await client.get(f"/tasks/{FIRST}/blocked-by")).json()
    assert (settled["blocked"], settled["prerequisites"], settled["holds"]) == (False, [], [])
    assert (await client.get("/tasks/none/blocked-by")).status_code == 404


async def test_who_is_late_is_told_with_how_long_and_how_often(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    date_plan(store)
    assert (await client.get("/late")).json()["items"] == []
    store.now = datetime(2025, 9, 4, 9, tzinfo=UTC)
    store.run(missing(FIRST, datetime(2025, 8, 31, 22, tzinfo=UTC)).decide)
    (late,) = (await client.get("/late?department=legal&decree=298-2025")).json()["items"]
    # Due on Sunday 31 August; Monday to Thursday are four working days.
    assert (late["task"], late["late_working_days"], late["misses"], late["extensions"]) == (FIRST, 4, 1, 0)
    assert (late["on"], late["handed_in"], late["qualified"]) == ("2025-09-04", False, False)
    (later,) = (await client.get("/late?on=2025-09-11")).json()["items"]
    assert later["late_working_days"] == 9
    assert (await client.get("/late?department=protocol")).json()["items"] == []
    assert (late["grounds"], later["grounds"]) == ([], [])
    none = {"qualified": 0, "taken_away": 0}
    assert (await client.get("/counts/late")).json() == {"legal": {"late": 1, "missed": 1, **none}}
    await done(client, f"/tasks/{FIRST}/assign", assignee="officer-7")
    await done(client, f"/tasks/{FIRST}/start")
    await done(client, f"/tasks/{FIRST}/submit", evidence=[LETTER.model_dump()])
    (handed,) = (await client.get("/late?on=2025-09-11")).json()["items"]
    assert (handed["handed_in"], handed["late_working_days"]) == (True, 4)
    await done(client, f"/tasks/{FIRST}/accept", "other", waiver="Not waited for")
    assert (await client.get("/late")).json()["items"] == []
    assert (await client.get("/counts/late")).json() == {"legal": {"late": 0, "missed": 1, **none}}


async def test_misses_that_were_taken_away_before_they_were_due_are_told_apart(
    client: httpx.AsyncClient, store: MemoryStore
) -> None:
    date_plan(store)
    store.now = datetime(2025, 9, 4, 9, tzinfo=UTC)
    store.run(missing(FIRST, datetime(2025, 8, 31, 22, tzinfo=UTC)).decide)
    # When other dates are told as of before the due day, and the new due day is missed as well,
    earlier = ClosingDates(public_on=date(2025, 7, 31), official_on=date(2025, 8, 31))
    since = datetime(2025, 6, 1, tzinfo=UTC)
    store.run(lambda turn: schedule_plan(turn, MEASURE, earlier), effective_at=since)
    due_at = store.find(Deadline, FIRST).due_at
    assert due_at is not None
    store.run(missing(FIRST, due_at).decide)
    # then who is late is told with what stands beside a former miss,
    (late,) = (await client.get("/late")).json()["items"]
    assert (late["misses"], late["qualified"], late["grounds"]) == (2, True, ["move"])
    # and lists and counts tell it apart from a miss that stands alone.
    rows = [(await client.get(f"/deadlines?taken_away={one}")).json()["items"] for one in ("true", "false")]
    assert [[row["task"] for row in found if row["missed"]] for found in rows] == [[FIRST], []]
    counts = (await client.get("/counts/late")).json()
    assert counts == {"legal": {"late": 1, "missed": 1, "qualified": 1, "taken_away": 1}}
    then = (await client.get(f"/deadlines/{FIRST}?effective_at=2025-05-10")).json()
    assert (then["missed"], then["taken_away"]) == (False, False)


async def test_parts_and_comments_over_http(client: httpx.AsyncClient) -> None:
    await done(client, f"/tasks/{FIRST}/assign", assignee="officer-7")
    await done(client, f"/tasks/{FIRST}/start")
    await done(client, f"/tasks/{FIRST}/submit", evidence=[LETTER.model_dump()])
    refused = await client.post(f"/tasks/{FIRST}/accept", headers={"Authorization": "other"})
    assert (refused.status_code, refused.json()["missing"]) == (409, ["protocol"])
    wrong = await client.post(f"/tasks/{FIRST}/part", json={"department": "legal"})
    assert (wrong.status_code, wrong.json()["type"]) == (403, "https://tanfidh.org/problems/no-part")
    await done(client, f"/tasks/{FIRST}/part", department="protocol")
    assert (await client.get(f"/tasks/{FIRST}")).json()["parts_done"] == ["protocol"]
    await done(client, f"/tasks/{FIRST}/comments", "a", text="The note is with the host")
    await done(client, f"/tasks/{FIRST}/accept", "other")
    await done(client, f"/tasks/{FIRST}/comments", "b", text="Filed")
    listed = (await client.get(f"/tasks/{FIRST}/comments")).json()["items"]
    assert [(one["number"], one["text"], one["by"]) for one in listed] == [
        (1, "The note is with the host", ["a"]),
        (2, "Filed", ["b"]),
    ]
    assert (await client.get(f"/tasks/{FIRST}")).json()["comments"] == 2
    assert date.fromisoformat(listed[0]["recorded_at"][:10]) == date(2025, 5, 5)
    for text in ("", " ", "x" * 2001):
        assert (await client.post(f"/tasks/{FIRST}/comments", json={"text": text})).status_code == 422
