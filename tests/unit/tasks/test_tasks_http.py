from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from services.tasks.aggregates import AGGREGATES
from services.tasks.application import Tasks
from services.tasks.drafting import draft_plan
from services.tasks.http import router
from services.tasks.task.state import TaskState
from shared.domain import Actor
from shared.service.streams import Streams, stream_routes
from shared.web.app import create_app
from shared.web.horizon import NoLog
from tests.unit.tasks.given import (
    LETTER,
    MEASURE,
    ORDERED,
    MemoryStore,
    MemoryViews,
    declaration,
    proposal,
    step,
    store_with_procedure,
)

FIRST = f"{MEASURE}-t01"
KEY = {"Idempotency-Key": "k"}


class Header:
    """Takes the Authorization header as the subject of an administrator."""

    def authenticate(self, authorization: str | None) -> Actor:
        return Actor(subject=authorization or "somebody", role="admin")


class Log(NoLog):
    """How far the log in memory has come."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store

    async def head(self) -> int:
        return len(self._store.log)


@pytest.fixture
def store() -> MemoryStore:
    store = store_with_procedure()
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    return store


@pytest.fixture
async def client(store: MemoryStore) -> AsyncIterator[httpx.AsyncClient]:
    tasks = Tasks(store, MemoryViews(store))  # type: ignore[arg-type]  # engines in memory
    streams = Streams(store, AGGREGATES, Log(store))  # type: ignore[arg-type]  # in memory
    routers = [router(tasks), stream_routes(streams)]
    app = create_app("tasks", "Tasks", routers=routers, checks={}, identity=Header())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://tasks", headers=KEY) as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, who: str = "somebody", **body: Any) -> httpx.Response:
    return await client.post(path, json=body or None, headers={"Authorization": who})


async def test_a_task_is_led_to_acceptance_over_http(client: httpx.AsyncClient) -> None:
    assert (await post(client, f"/tasks/{FIRST}/assign", assignee="officer-7")).status_code == 200
    assert (await post(client, f"/tasks/{FIRST}/start")).status_code == 200
    evidence = [LETTER.model_dump()]
    assert (await post(client, f"/tasks/{FIRST}/submit", evidence=evidence)).status_code == 200
    again = await post(client, f"/tasks/{FIRST}/accept")
    assert (again.status_code, again.json()["type"]) == (403, "https://tanfidh.org/problems/accepted-by-doer")
    returned = await post(client, f"/tasks/{FIRST}/return", "other", reason="Unsigned")
    assert returned.json()["state"] == "returned"
    await post(client, f"/tasks/{FIRST}/start")
    await post(client, f"/tasks/{FIRST}/submit", evidence=[])
    accepted = await post(client, f"/tasks/{FIRST}/accept", "other", waiver="Not waited for")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert accepted.headers["etag"] == '"8"'
    row = await client.get(f"/tasks/{FIRST}")
    assert (row.json()["state"], row.headers["etag"]) == ("accepted", '"8"')


async def test_tasks_are_filtered(client: httpx.AsyncClient) -> None:
    await post(client, f"/tasks/{FIRST}/assign", assignee="officer-7")
    for query, numbers in {
        "": [1, 2, 3, 4],
        "?state=assigned": [1],
        "?department=protocol": [4],
        "?decree=298-2025&state=planned": [2, 3, 4],
        "?mission=emb-it": [],
        f"?measure={MEASURE}&department=legal": [1, 2, 3],
    }.items():
        answer = await client.get(f"/tasks{query}")
        assert [row["number"] for row in answer.json()["items"]] == numbers, query


@pytest.mark.parametrize("query", ["?state=done", "?decree=a.b", "?colour=red", "?limit=0"])
async def test_a_filter_that_cannot_be_is_refused(client: httpx.AsyncClient, query: str) -> None:
    assert (await client.get(f"/tasks{query}")).status_code in (400, 422)


async def test_a_list_continues_on_its_next_page(client: httpx.AsyncClient) -> None:
    first = await client.get("/tasks?limit=3&decree=298-2025")
    following = first.headers["link"].partition("<")[2].partition(">")[0]
    second = await client.get(f"/tasks{following}")
    assert [row["number"] for row in second.json()["items"]] == [4]


async def test_a_plan_comes_with_its_tasks(client: httpx.AsyncClient) -> None:
    answer = await client.get(f"/plans/{MEASURE}")
    assert [task["number"] for task in answer.json()["tasks"]] == [1, 2, 3, 4]
    assert answer.headers["etag"] == '"1"'
    assert [row["plan"] for row in (await client.get("/plans?mission=emb-va")).json()["items"]] == [MEASURE]
    assert (await client.get("/plans?mission=emb-it")).json()["items"] == []


async def test_a_plan_without_t_is_not_rescheduled(client: httpx.AsyncClient) -> None:
    answer = await client.post("/calendars/ly/apply", json={"version": 1, "plan": MEASURE})
    assert (answer.status_code, answer.json()["plan"]) == (409, MEASURE)


async def test_adopting_answers_201_and_the_next_version_200(client: httpx.AsyncClient) -> None:
    first = proposal(step(1)).model_dump(mode="json")
    assert (await client.post("/templates/other", json=first)).status_code == 201
    again = await client.post("/templates/other", json=first)
    assert (again.status_code, again.json()["type"]) == (409, "https://tanfidh.org/problems/label-taken")
    assert (await client.post("/templates/other", json={**first, "label": "2"})).status_code == 200
    assert (await client.get("/templates/other")).headers["etag"] == '"2"'
    version = await client.get("/templates/other/versions/1")
    assert (version.json()["data"]["label"], version.json()["version"]) == ("1", 1)
    assert (await client.get("/templates/other/versions/3")).status_code == 404
    listed = await client.get("/templates")
    assert [row["template"] for row in listed.json()["items"]] == ["closing", "other"]


async def test_what_is_read_of_a_procedure_can_be_sent_again(client: httpx.AsyncClient) -> None:
    read = (await client.get("/templates/closing")).json()
    assert [task["window"] for task in read["tasks"]] == ["-30", "-20..-10", "0", "0"]
    again = await client.post("/templates/closing", json={**read, "label": "2"})
    assert (again.status_code, again.json()) == (200, {"template": "closing", "version": 2, "tasks": 4})
    newer = (await client.get("/templates/closing")).json()
    assert newer == {**read, "label": "2", "version": 2}
    old = await client.get("/templates/closing/versions/1")
    elsewhere = await client.post("/templates/copied", json=old.json()["data"])
    assert elsewhere.status_code == 201


async def test_a_flawed_procedure_is_refused_with_every_flaw(client: httpx.AsyncClient) -> None:
    flawed = proposal(step(1, lead="fisheries"), step(2, needs=[2])).model_dump(mode="json")
    answer = await client.post("/templates/other", json=flawed)
    assert answer.status_code == 422
    assert [flaw["where"] for flaw in answer.json()["flaws"]] == ["task 1, lead", "task 2, needs"]
    assert (await client.get("/templates/other")).status_code == 404


async def test_declaring_a_calendar_makes_a_version(client: httpx.AsyncClient) -> None:
    declared = declaration(label="2").model_dump(mode="json")
    answer = await client.post("/calendars/ly", json=declared)
    assert answer.json() == {
        "calendar": "ly",
        "version": 2,
        "label": "2",
        "country": None,
        "no_longer_of": None,
    }
    assert (await client.get("/calendars/ly")).json()["label"] == "2"
    old = await client.get("/calendars/ly/versions/1")
    assert old.json()["data"]["calendar"]["label"] == "1"
    assert [row["name"] for row in (await client.get("/calendars")).json()["items"]] == ["ly"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/tasks/{FIRST}/assign", {"lead": "legal", "colour": "red"}),
        (f"/tasks/{FIRST}/assign", {"lead": "a.b"}),
        (f"/tasks/{FIRST}/assign", {"assignee": "somebody@example.org"}),
        (f"/tasks/{FIRST}/assign", {"assignee": "some.body"}),
        (f"/tasks/{FIRST}/submit", {"evidence": [{"document": "Letter", "sha256": "short"}]}),
        (f"/tasks/{FIRST}/attach", {"evidence": []}),
        (f"/tasks/{FIRST}/return", {"reason": ""}),
        (f"/tasks/{FIRST}/cancel", {}),
        ("/calendars/ly", {**declaration(label="2").model_dump(mode="json"), "covers_to": "2201-01-01"}),
        ("/calendars/ly", {**declaration(label="2").model_dump(mode="json"), "zone": "Mars/Base"}),
        ("/templates/other", {**proposal(step(1)).model_dump(mode="json"), "roll": "sideways"}),
    ],
)
async def test_a_body_that_makes_no_sense_changes_nothing(
    client: httpx.AsyncClient, store: MemoryStore, path: str, body: dict[str, Any]
) -> None:
    before = len(store.log)
    answer = await client.post(path, json=body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert len(store.log) == before


async def test_counts(client: httpx.AsyncClient) -> None:
    by_decree = (await client.get("/counts/decrees")).json()
    assert by_decree == {"298-2025": dict.fromkeys(TaskState, 0) | {"planned": 4}}
    by_department = (await client.get("/counts/departments?decree=298-2025")).json()
    assert by_department == {"legal": {"planned": 3}, "protocol": {"planned": 1}}


async def test_the_history_of_an_aggregate_tells_what_when_and_by_whom(client: httpx.AsyncClient) -> None:
    await post(client, f"/tasks/{FIRST}/assign", "officer-1", assignee="officer-7")
    items = (await client.get(f"/streams/task/{FIRST}")).json()["items"]
    assert [(item["version"], item["type"]) for item in items] == [
        (1, "tasks.task.planned"),
        (2, "tasks.task.assigned"),
    ]
    assert (items[1]["actor"]["subject"], items[1]["recorded_at"]) == (
        "officer-1",
        "2025-05-05T12:00:00.000000Z",
    )
    assert items[1]["data"]["assignee"] == "officer-7"


@pytest.mark.parametrize("path", ["/streams/task/none", "/streams/secret/x", "/tasks/none", "/plans/none"])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_the_versions_of_a_procedure_are_listed_and_compared(client: httpx.AsyncClient) -> None:
    second = proposal(step(1, window="-5"), label="2").model_dump(mode="json")
    assert (await client.post("/templates/closing", json=second)).status_code == 200
    listed = (await client.get("/templates/closing/versions")).json()["items"]
    assert [(row["version"], row["label"], row["tasks"]) for row in listed] == [(1, "1", 4), (2, "2", 1)]
    assert listed[0]["adopted_at"].startswith("2025-05-05T12:00:00")
    told = (await client.get("/templates/closing/versions/2/difference")).json()
    assert [task["number"] for task in told["tasks"]["dropped"]] == [2, 3, 4]
    assert told["tasks"]["changed"][0]["fields"]["window"] == {"from": "-30", "to": "-5"}
    back = (await client.get("/templates/closing/versions/1/difference?from=2")).json()
    assert [task["number"] for task in back["tasks"]["added"]] == [2, 3, 4]
    for path in ("versions/1/difference", "versions/2/difference?from=7", "versions/9/difference"):
        assert (await client.get(f"/templates/closing/{path}")).status_code == 404
    assert (await client.get("/templates/none/versions")).json()["items"] == []
