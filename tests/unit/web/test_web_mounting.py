"""Several services on one port: what the root answers, and that it answers everything as a service would."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from deploy.mounting import Mounted

LINKS = ("openapi", "asyncapi", "problems", "readyz", "livez", "metrics")


@pytest.fixture
async def root(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=Mounted({"letters": app}))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        yield client


async def test_the_root_says_what_is_where(root: httpx.AsyncClient) -> None:
    told = (await root.get("/")).json()["services"]["letters"]
    assert told.keys() == {"index", *LINKS}
    for path in told.values():
        assert (await root.get(path)).status_code == 200, path
    assert (await root.get("/?")).status_code == 200


@pytest.mark.parametrize("path", ["/letters/", "/letters"])
async def test_a_mounted_service_answers_where_its_link_leads(root: httpx.AsyncClient, path: str) -> None:
    told = (await root.get(path)).json()
    assert (told["service"], told["title"]) == ("letters", "Letters")
    assert set(told["links"]) == set(LINKS)
    for link in told["links"].values():
        assert link.startswith("/letters/")
        assert (await root.get(link)).status_code == 200


async def test_so_does_a_service_alone(client: httpx.AsyncClient) -> None:
    told = (await client.get("/", headers={"Authorization": ""})).json()
    assert told["links"]["openapi"] == "/openapi.json"
    for link in told["links"].values():
        assert (await client.get(link)).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/openapi.json", 404),
        ("/readyz", 404),
        ("/metrics", 404),
        ("/lettersx/readyz", 404),
        ("//letters/readyz", 404),
        ("/%0a", 400),
        ("/nowhere%0d%0a", 400),
        ("/letters%0a/readyz", 400),
        ("/letters/readyz%0a", 400),
        ("/letters/%0d%0aa", 400),
        ("/" + "a" * 5_000, 414),
    ],
)
async def test_what_is_not_there_is_a_problem(root: httpx.AsyncClient, path: str, status: int) -> None:
    answer = await root.get(path, headers={"Accept-Language": "ar"})
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.headers["content-language"] == "ar"


async def test_the_root_is_only_read(root: httpx.AsyncClient) -> None:
    answer = await root.post("/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.headers["content-type"] == "application/problem+json"
    head = await root.head("/")
    assert (head.status_code, head.content) == (200, b"")


async def test_a_service_under_a_prefix_of_another_is_its_own(app: FastAPI) -> None:
    both = Mounted({"let": app, "letters": app})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=both), base_url="http://x") as client:
        assert (await client.get("/let/openapi.json")).json()["servers"] == [{"url": "/let"}]
