"""The host State's calendar over HTTP: adopted, declared, told in plans, approved, and supposed."""

from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Any

import httpx
import pytest

from services.tasks.application import Tasks
from services.tasks.decree import Decree
from services.tasks.http import router
from services.tasks.meeting import Call
from services.tasks.sweeping import missing
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.web.app import create_app
from tests.unit.tasks.given import ISSUED, MEASURE, NOON, OFFICE, MemoryViews, by
from tests.unit.tasks.hosted import (
    BOTH,
    DECREE,
    FRIDAY,
    HOSTED,
    HOSTS,
    MINISTRYS,
    SUNDAY,
    THURSDAY,
    Hosted,
    of_host,
)
from tests.unit.tasks.test_tasks_http import Header, Log

HOST = of_host().model_dump(mode="json")
GROUNDS = {"reference": "120/2025", "reason": "Mourning"}


@pytest.fixture
def case() -> Hosted:
    return Hosted()


@pytest.fixture
async def client(case: Hosted) -> AsyncIterator[httpx.AsyncClient]:
    store = case.store
    tasks = Tasks(store, MemoryViews(store), lambda: store.now)  # type: ignore[arg-type]  # in memory
    routers = [router(tasks)]
    app = create_app("tasks", "Tasks", routers=routers, checks={}, identity=Header(), horizon=Log(store))
    transport, key = httpx.ASGITransport(app=app), {"Idempotency-Key": "k"}
    async with httpx.AsyncClient(transport=transport, base_url="http://tasks", headers=key) as client:
        yield client


async def read(client: httpx.AsyncClient, path: str) -> Any:
    answer = await client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(client: httpx.AsyncClient, path: str, body: Any) -> httpx.Response:
    return await client.post(path, json=body, headers={"Authorization": "somebody"})


async def affected(client: httpx.AsyncClient, calendar: str, query: str = "") -> dict[str, str]:
    items = (await read(client, f"/calendars/{calendar}/affected{query}"))["items"]
    return {item["task"]: item["would_be"]["due_on"] for item in items}


async def test_a_calendar_says_whose_it_is_and_is_found_by_that(client: httpx.AsyncClient) -> None:
    assert (await post(client, "/calendars/pt", HOST)).status_code == 201
    assert [row["name"] for row in (await read(client, "/calendars?country=PT"))["items"]] == ["pt"]
    assert (await read(client, "/calendars/pt"))["country"] == "PT"
    assert (await read(client, "/calendars?country=ES"))["items"] == []
    taken = await post(client, "/calendars/lisbon", HOST)
    assert (taken.status_code, taken.json()["type"].rpartition("/")[2]) == (409, "country-has-calendar")
    for wrong in ("Portugal", "pt", "XX"):
        assert (await post(client, "/calendars/es", {**HOST, "country": wrong})).status_code == 422
        assert (await client.get(f"/calendars?country={wrong}")).status_code == 422


@pytest.mark.parametrize(
    ("declared", "country", "no_longer_of"),
    [({}, "PT", None), ({"country": None}, None, "PT"), ({"country": "ES"}, "ES", "PT")],
)
async def test_a_declaration_tells_whose_the_calendar_is_and_no_longer_is(
    client: httpx.AsyncClient, declared: dict[str, Any], country: str | None, no_longer_of: str | None
) -> None:
    first = await post(client, "/calendars/pt", HOST)
    assert first.json() == {
        "calendar": "pt",
        "version": 1,
        "label": "1",
        "country": "PT",
        "no_longer_of": None,
    }
    again = {name: value for name, value in (HOST | declared).items() if value is not None}
    headers = {"Authorization": "somebody", "Idempotency-Key": "k2"}
    answer = await client.post("/calendars/pt", json=again | {"label": "2"}, headers=headers)
    told = answer.json()
    assert (told["version"], told["country"], told["no_longer_of"]) == (2, country, no_longer_of)
    free = await client.get("/calendars", params={"country": "PT"})
    assert [one["name"] for one in free.json()["items"]] == ([] if no_longer_of else ["pt"])


async def test_a_procedure_that_asks_for_the_host_is_adopted_read_and_sent_again(
    client: httpx.AsyncClient,
) -> None:
    # Given a procedure of which steps count by the host's calendar,
    read_back = await read(client, "/templates/closing")
    assert [task["counts_by"] for task in read_back["tasks"]] == ["ministry", "host", "both", "ministry"]
    # When what is read of it is sent again under another label, then it is the same,
    assert (await post(client, "/templates/closing", {**read_back, "label": "2"})).status_code == 200
    again = await read(client, "/templates/closing/versions/2/difference")
    assert (again["tasks"]["changed"], list(again["changed"])) == ([], ["label"])
    # and where one counts otherwise, the difference tells it.
    tasks = [{**task, "counts_by": "both"} for task in read_back["tasks"]]
    await post(client, "/templates/closing", {**read_back, "label": "3", "tasks": tasks})
    told = await read(client, "/templates/closing/versions/3/difference")
    fields = {one["number"]: one["fields"] for one in told["tasks"]["changed"]}
    assert fields[2] == {"counts_by": {"from": "host", "to": "both"}} and 3 not in fields
    preview = await read(client, f"/plans/{MEASURE}/versions/3/preview")
    assert {one["task"] for one in preview["changed"]} == {MINISTRYS, HOSTS, f"{MEASURE}-t04"}
    # Whose days count is one of three things.
    wrong = [{**tasks[0], "counts_by": "receiver"}]
    refused = await post(client, "/templates/closing", {**read_back, "label": "4", "tasks": wrong})
    assert refused.status_code == 422 and "counts_by" in refused.text


async def test_a_plan_says_that_the_host_has_no_calendar_here(
    client: httpx.AsyncClient, case: Hosted
) -> None:
    case.date()
    plan = await read(client, f"/plans/{MEASURE}")
    assert (plan["host"], plan["host_calendar"]) == ("PT", None)
    assert [note["code"] for note in plan["notes"]] == ["host-without-calendar"]
    assert {task["task"]: task["counts_by"] for task in plan["tasks"]}[BOTH] == "both"
    # Whoever approves the plan is told.
    approved = await post(client, f"/plans/{MEASURE}/approve", None)
    assert approved.json()["notes"] == plan["notes"]
    # When the calendar is declared, it lists what it would move, and moves it once it is approved.
    await post(client, "/calendars/pt", HOST)
    assert await affected(client, "pt") == {HOSTS: "2025-08-29", BOTH: "2025-08-28"}
    assert await affected(client, "pt", f"?plan={MEASURE}&limit=1") == {HOSTS: "2025-08-29"}
    assert await affected(client, "ly") == {}
    assert (await read(client, f"/plans/{MEASURE}"))["notes"][0]["code"] == "host-calendar-not-approved"
    applied = await post(client, "/calendars/pt/apply", {"version": 1, "plan": MEASURE})
    assert (applied.status_code, len(applied.json()["moved"])) == (200, 2)  # nothing came into being
    plan = await read(client, f"/plans/{MEASURE}")
    assert (plan["host_calendar"], plan["notes"]) == ({"calendar": "pt", "version": 1}, [])
    assert await affected(client, "pt") == {} and case.due == [SUNDAY, FRIDAY, THURSDAY]


async def test_a_change_of_either_calendar_lists_what_it_would_move_the_other_as_it_stands(
    client: httpx.AsyncClient, case: Hosted
) -> None:
    case.declare().date().off("ly", THURSDAY)
    await post(client, "/calendars/pt/holidays", {"day": "2025-08-27", "name": {"en": "Off"}, **GROUNDS})
    # The host's holiday of Wednesday alone moves nothing: the Thursday that is off in the ministry's newest
    # version, which nobody approved, works still.
    assert await affected(client, "pt") == {}
    assert await affected(client, "ly") == {BOTH: "2025-08-27"}
    (item,) = (await read(client, "/calendars/ly/affected"))["items"]
    assert (item["counts_by"], item["calendar_version"]) == ("both", 1)
    assert item["also"] == item["would_be"]["also"] == [{"calendar": "pt", "version": 1}]
    assert [(one["day"], one["ground"]["reference"]) for one in item["because"]] == [
        ("2025-08-28", "120/2025")
    ]
    # Once the ministry's is approved, the host's has something to move.
    await post(client, "/calendars/ly/apply", {"version": 2, "decree": DECREE})
    assert await affected(client, "pt") == {BOTH: "2025-08-26"}
    assert await affected(client, "pt", "?from_version=1") == {BOTH: "2025-08-26"}
    moved = await post(client, "/calendars/pt/apply", {"version": 2, "decree": DECREE})
    assert [one["task"] for one in moved.json()["moved"]] == [BOTH]
    assert case.versions(BOTH) == [("ly", 2), ("pt", 2)]


async def test_how_a_deadline_was_reckoned_is_told_under_both_calendars(
    client: httpx.AsyncClient, case: Hosted
) -> None:
    case.declare().date()
    told = await read(client, f"/deadlines/{BOTH}/reckoning")
    named = [(one["calendar"], one["version"], one["country"]) for one in told["calendars"]]
    assert named == [("ly", 1, None), ("pt", 1, "PT")]
    assert (told["counts_by"], told["host"], told["due_on"]) == ("both", "PT", "2025-08-28")
    days = {day["day"]: ([off["calendar"] for off in day["off"]], day["part"]) for day in told["days"]}
    assert days["2025-08-31"] == (["pt"], "raw") and days["2025-08-30"] == (["ly", "pt"], "rolled-over")
    assert days["2025-08-29"] == (["ly"], "rolled-over") and days["2025-08-28"] == ([], "due")
    row = await read(client, f"/deadlines/{BOTH}")
    assert (row["calendar"], row["also"], row["host"]) == ("ly", [{"calendar": "pt", "version": 1}], "PT")
    then = await read(client, f"/deadlines/{BOTH}?effective_at=2025-06-01")
    assert then["also"] == row["also"]
    # It is told under the versions that it stands under, whatever was declared since.
    case.off("pt", THURSDAY).at("2025-08-20").extend(BOTH, date(2025, 9, 11))
    again = await read(client, f"/deadlines/{BOTH}/reckoning")
    assert (again["days"][:-2], again["extension"]) == (told["days"][:-1], f"{BOTH}-x1")
    ends = [(day["step"], day["day"], day["part"]) for day in again["days"][-2:]]
    assert ends == [(1, "2025-08-28", "was-due"), (2, "2025-09-11", "due")]
    assert again["due_on"] == "2025-09-11"
    for unknown in (f"{MEASURE}-t99", "x"):
        assert (await client.get(f"/deadlines/{unknown}/reckoning")).status_code == 404


async def test_a_deadline_that_is_not_set_has_no_reckoning(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/deadlines/{BOTH}/reckoning")).status_code == 404


async def test_lateness_is_counted_in_days_on_which_both_work(
    client: httpx.AsyncClient, case: Hosted
) -> None:
    case.declare().date().at("2025-09-03")
    for task in (MINISTRYS, HOSTS, BOTH):
        row = await read(client, f"/deadlines/{task}")
        case.store.run(missing(task, datetime.fromisoformat(row["due_at"])).decide)
    late = (await read(client, "/late?on=2025-09-03"))["items"]
    # From Sunday 31 August to Wednesday: 3 days here. From Friday 29: 3 there. From Thursday 28: 3 in both.
    assert {one["task"]: one["late_working_days"] for one in late} == {MINISTRYS: 3, HOSTS: 3, BOTH: 3}
    later = (await read(client, "/late?on=2025-09-07"))["items"]
    # Then Thursday counts in both, Friday there alone, and Sunday here alone.
    assert {one["task"]: one["late_working_days"] for one in later} == {MINISTRYS: 5, HOSTS: 5, BOTH: 4}


async def test_a_holiday_of_the_host_is_supposed(client: httpx.AsyncClient, case: Hosted) -> None:
    case.declare().date()
    before = len(case.store.log)
    steps = [{"kind": "holiday", "calendar": "pt", "day": THURSDAY.isoformat()}]
    told = (await post(client, f"/decrees/{DECREE}/suppose", {"steps": steps})).json()
    assert [(row["task"], row["after"]["due_on"]) for row in told["deadlines"]] == [(BOTH, "2025-08-27")]
    assert told["deadlines"][0]["working_days"] == 0, "no day in between works any more"
    # A slip counts the days on which both work, and a hold gives those back.
    slip = [{"kind": "slip", "task": BOTH, "working_days": 1}]
    told = (await post(client, f"/decrees/{DECREE}/suppose", {"steps": [*steps, *slip]})).json()
    assert told["deadlines"][0]["after"]["due_on"] == "2025-09-01", "Thursday is off, then it is Monday"
    assert len(case.store.log) == before


async def test_a_decision_of_a_meeting_counts_by_a_host_by_hand(
    client: httpx.AsyncClient, case: Hosted
) -> None:
    tasks = Tasks(case.store, MemoryViews(case.store))  # type: ignore[arg-type]  # in memory
    call = Call(
        decree=DECREE,
        title=Text(en="Follow-up"),
        at=NOON,
        calendar="ly",
        chair=said.Participant(role="minister", subject="minister-1"),
        deputy=None,
        invited=(),
        agenda=(),
        follows=None,
    )
    case.store.run(lambda turn: turn.get(Decree, DECREE).note(ISSUED, turn.moment))
    await tasks.meetings.call(by(OFFICE), "m1", call)
    await tasks.meetings.hold(by(OFFICE), "m1", None, ())
    wanted = {
        "title": {"en": "Ask the bank"},
        "lead": "legal",
        "due": "3 working days after held_on",
        "counts_by": "both",
        "host": "PT",
    }
    body = {"text": {"en": "The bank is asked"}, "tasks": [wanted]}
    refused = await post(client, "/meetings/m1/decisions", body)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "host-without-calendar")
    for wrong in ({"host": None}, {"counts_by": "ministry"}):
        answer = await post(client, "/meetings/m1/decisions", {**body, "tasks": [{**wanted, **wrong}]})
        assert answer.status_code == 422
    case.declare(declared=of_host(date(2025, 5, 6)))
    decided = await post(client, "/meetings/m1/decisions", body)
    (task,) = decided.json()["tasks"]
    # Held on Monday 5 May: the host is off on Tuesday and at the weekend, the ministry from Friday on.
    assert (await read(client, f"/deadlines/{task}"))["due_on"] == "2025-05-12"
    assert await affected(client, "pt") == {}
    # What the decree itself owes moves with a change of the host's calendar, on approval.
    case.off("pt", date(2025, 5, 12))
    assert await affected(client, "pt") == {task: "2025-05-13"}
    assert case.approve("pt", 2, plan=None) == {task: "2025-05-13"}
    assert case.versions(task) == [("ly", 1), ("pt", 2)]


def test_the_sample_asks_for_all_three() -> None:
    assert {task.counts_by.value for task in HOSTED.tasks} == {"ministry", "host", "both"}
