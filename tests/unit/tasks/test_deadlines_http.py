from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from services.tasks.application import Tasks
from services.tasks.http import router
from services.tasks.plan import ClosingDates
from shared.domain import Actor
from shared.web.app import create_app
from tests.unit.tasks.dated import FIRST, Dated
from tests.unit.tasks.given import MEASURE, MemoryViews

KEY = {"Idempotency-Key": "k"}
X1 = f"{FIRST}-x1"


class Header:
    """Takes the Authorization header as role and subject."""

    def authenticate(self, authorization: str | None) -> Actor:
        role, _, subject = (authorization or "admin:somebody").partition(":")
        return Actor(subject=subject, role=role)


@pytest.fixture
def case() -> Dated:
    return Dated().at("2025-08-20")


@pytest.fixture
async def client(case: Dated) -> AsyncIterator[httpx.AsyncClient]:
    tasks = Tasks(case.store, MemoryViews(case.store))  # type: ignore[arg-type]  # engines in memory
    app = create_app("tasks", "Tasks", routers=[router(tasks)], checks={}, identity=Header())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://tasks", headers=KEY) as client:
        yield client


async def post(client: httpx.AsyncClient, path: str, who: str, **body: Any) -> httpx.Response:
    return await client.post(path, json=body, headers={"Authorization": who})


async def ask(client: httpx.AsyncClient) -> httpx.Response:
    return await post(
        client, f"/tasks/{FIRST}/extensions", "admin:office-1", until="2025-09-10", reason="The host is slow"
    )


async def test_more_time_is_asked_for_granted_and_read(client: httpx.AsyncClient) -> None:
    asked = await ask(client)
    assert (asked.status_code, asked.json()["extension"], asked.headers["etag"]) == (201, X1, '"1"')
    granted = await post(client, f"/extensions/{X1}/grant", "issuer:issuer-1", reason="Agreed")
    assert granted.json() == {"extension": X1, "task": FIRST, "state": "granted", "until": "2025-09-10"}
    assert (granted.status_code, granted.headers["etag"]) == (200, '"2"')
    read = await client.get(f"/extensions/{X1}")
    assert (read.json()["granted_until"], read.json()["decided_by"]) == ("2025-09-10", ["issuer-1"])
    deadline = await client.get(f"/deadlines/{FIRST}")
    assert (deadline.json()["due_on"], deadline.headers["etag"]) == ("2025-09-10", '"2"')


async def test_a_second_request_is_answered_as_the_first_was(client: httpx.AsyncClient) -> None:
    await ask(client)
    await post(client, f"/extensions/{X1}/refuse", "issuer:issuer-1", reason="The time was enough")
    asked = await ask(client)
    assert (asked.status_code, asked.json()["extension"], asked.headers["etag"]) == (
        201,
        f"{FIRST}-x2",
        '"1"',
    )


async def test_more_time_is_refused(client: httpx.AsyncClient) -> None:
    await ask(client)
    answer = await post(client, f"/extensions/{X1}/refuse", "controller:c-1", reason="The time was enough")
    assert (answer.status_code, answer.json()["state"]) == (200, "refused")


async def test_who_may_not_decide_is_told_who_may(client: httpx.AsyncClient) -> None:
    await ask(client)
    answer = await post(client, f"/extensions/{X1}/grant", "admin:other", reason="Agreed")
    assert (answer.status_code, answer.json()["type"]) == (403, "https://tanfidh.org/problems/not-permitted")
    assert "issuer, controller" in answer.json()["detail"]
    own = await post(client, f"/extensions/{X1}/grant", "issuer:office-1", reason="Agreed")
    assert (own.status_code, own.json()["type"]) == (403, "https://tanfidh.org/problems/decided-by-requester")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"/tasks/{FIRST}/extensions", {"until": "2025-09-10"}),
        (f"/tasks/{FIRST}/extensions", {"until": "soon", "reason": "Slow"}),
        (f"/tasks/{FIRST}/extensions", {"until": "2025-09-10", "reason": ""}),
        (f"/tasks/{FIRST}/extensions", {"until": "2025-09-10", "reason": " \t\u00a0"}),
        (f"/tasks/{FIRST}/return", {"reason": "  "}),
        (f"/tasks/{FIRST}/cancel", {"reason": "  "}),
        (f"/tasks/{FIRST}/extensions", {"until": "9999-12-31", "reason": "Slow"}),
        (f"/tasks/{FIRST}/extensions", {"until": "2025-08-31", "reason": "Slow"}),
        (f"/extensions/{X1}/grant", {"until": None}),
        (f"/extensions/{X1}/refuse", {"reason": "No", "until": "2025-09-10"}),
    ],
)
async def test_a_body_that_makes_no_sense_changes_nothing(
    client: httpx.AsyncClient, case: Dated, path: str, body: dict[str, Any]
) -> None:
    before = len(case.store.log)
    answer = await post(client, path, "admin:office-1", **body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert len(case.store.log) == before


@pytest.mark.parametrize(("length", "status"), [(60, 404), (61, 422), (64, 422), (65, 422)])
async def test_an_id_that_leaves_no_room_for_an_extensions_is_refused(
    client: httpx.AsyncClient, length: int, status: int
) -> None:
    path = f"/tasks/{'t' * length}/extensions"
    answer = await post(client, path, "admin:office-1", until="2025-09-10", reason="Slow")
    assert answer.status_code == status


async def test_deadlines_are_filtered(client: httpx.AsyncClient, case: Dated) -> None:
    case.at("2025-09-01").sweep()
    for query, numbers in {
        "": [1, 2, 3, 4],
        "?state=missed": [1],
        "?state=none": [],
        "?missed=true": [1],
        "?missed=false": [2, 3, 4],
        f"?plan={MEASURE}&measure={MEASURE}&missed=true": [1],
        "?plan=other": [],
        "?department=protocol": [4],
        "?decree=298-2025&mission=emb-va&state=running": [2, 3, 4],
        "?mission=emb-it": [],
    }.items():
        answer = await client.get(f"/deadlines{query}")
        assert [row["number"] for row in answer.json()["items"]] == numbers, query
    # A miss is found also after the deadline was set anew, among deadlines and among tasks.
    case.set_dates(ClosingDates(date(2025, 9, 30), date(2025, 10, 30)))
    for path in ("/deadlines", "/tasks"):
        answer = await client.get(f"{path}?missed=true&plan={MEASURE}")
        assert [row["number"] for row in answer.json()["items"]] == [1], path


async def test_extensions_are_filtered(client: httpx.AsyncClient) -> None:
    await ask(client)
    for query, found in {
        "": [X1],
        f"?task={FIRST}": [X1],
        "?task=other": [],
        "?state=granted": [],
        f"?decree=298-2025&mission=emb-va&measure={MEASURE}&department=legal": [X1],
        "?decree=1-2024": [],
        "?mission=emb-it": [],
        "?measure=other": [],
        "?department=protocol": [],
    }.items():
        answer = await client.get(f"/extensions{query}")
        assert [row["extension"] for row in answer.json()["items"]] == found, query


@pytest.mark.parametrize(
    "path",
    ["/deadlines?state=late", "/extensions?state=open", "/extensions?plan=x", "/deadlines?missed=maybe"],
)
async def test_a_filter_that_cannot_be_is_refused(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code in (400, 422)


@pytest.mark.parametrize("path", ["/deadlines/none", "/extensions/none"])
async def test_what_is_not_there_is_not_found(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
