"""Evidence whose bytes are stored, and evidence whose bytes are not: both are possible, and told apart."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.tasks.application import Tasks
from services.tasks.drafting import draft_plan
from services.tasks.http import router
from services.tasks.permissions import PERMISSIONS
from shared.documents import ContentsFolder, Keeping
from shared.documents.routes import contents_routes
from shared.web.app import create_app
from tests.unit.tasks.given import MEASURE, ORDERED, MemoryViews, store_with_procedure
from tests.unit.tasks.test_tasks_http import FIRST, KEY, Header, post

NOTE = "محضر التسليم\n".encode()
STORED, ELSEWHERE = sha256(NOTE).hexdigest(), "b" * 64


def evidence(*digests: str) -> list[dict[str, Any]]:
    return [{"document": "Letter", "sha256": digest} for digest in digests]


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    store = store_with_procedure()
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    keeping = Keeping(ContentsFolder(tmp_path))
    tasks = Tasks(store, MemoryViews(store), keeping=keeping)  # type: ignore[arg-type]  # engines in memory
    routers = [router(tasks), contents_routes(keeping, PERMISSIONS.check_role)]
    app = create_app("tasks", "Tasks", routers=routers, checks={}, identity=Header())
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://tasks", headers=KEY) as client:
        assert (await post(client, f"/tasks/{FIRST}/assign", assignee="officer-7")).status_code == 200
        assert (await post(client, f"/tasks/{FIRST}/start")).status_code == 200
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        kept = await client.put(f"/contents/{STORED}", content=NOTE, headers=headers)
        assert (kept.status_code, kept.json()["media_type"]) == (201, "text/plain")
        yield client


async def test_each_document_tells_whether_its_bytes_are_stored(client: httpx.AsyncClient) -> None:
    attached = await post(client, f"/tasks/{FIRST}/attach", evidence=evidence(STORED, ELSEWHERE))
    assert attached.status_code == 200, attached.text
    told = (await client.get(f"/tasks/{FIRST}/evidence")).json()
    assert {one["sha256"]: one["stored"] for one in told["items"]} == {STORED: True, ELSEWHERE: False}
    assert (await client.get(f"/contents/{STORED}")).content == NOTE
    missing = await client.get(f"/contents/{ELSEWHERE}")
    assert (missing.status_code, missing.json()["type"].rpartition("/")[2]) == (404, "contents-not-there")


@pytest.mark.parametrize("step", ["attach", "submit"])
async def test_whoever_asks_for_it_may_name_stored_documents_only(
    client: httpx.AsyncClient, step: str
) -> None:
    both = evidence(STORED, ELSEWHERE)
    refused = await post(client, f"/tasks/{FIRST}/{step}", evidence=both, must_be_stored=True)
    assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (404, "contents-not-there")
    assert (await client.get(f"/tasks/{FIRST}/evidence")).json()["items"] == []
    taken = await post(client, f"/tasks/{FIRST}/{step}", evidence=both[:1], must_be_stored=True)
    assert taken.status_code == 200, taken.text
