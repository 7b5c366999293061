"""Read models over HTTP: where they stand, and rebuilding them."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import APIRouter

from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from shared.eventstore.migrate import migrate
from shared.service import ServiceSettings
from shared.service.frame import Frame
from tests.faults.processes import until
from tests.integration.projections.books import EVERYTHING, Books
from tests.integration.projections.ledger import drawn_events, write
from tests.sample import KEY


async def counts() -> Mapping[str, Mapping[str, Any]]:
    return {}


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    return Secrets(tmp_path)


@pytest.fixture
async def served(
    database_url: str, nats_url: str, tmp_path: Path, secrets: Secrets, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[Frame, httpx.AsyncClient]]:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    await migrate(database_url, "ledger")
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    settings = ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=tmp_path / "signing.pem",
        jwks=secrets.jwks(),
    )
    frame = Frame("ledger", settings, (Books(),), {})
    app = frame.app("Ledger", APIRouter(), counts)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ledger")
    async with app.router.lifespan_context(app), client:
        yield frame, client


async def test_an_operator_looks_at_views_and_rebuilds_one(
    served: tuple[Frame, httpx.AsyncClient], secrets: Secrets
) -> None:
    (frame, client), admin = served, local_token(secrets, "admin", "operator")

    async def ask(method: str, path: str, status: int, **headers: str) -> Any:
        headers.setdefault("Authorization", f"Bearer {admin}")
        response = await client.request(method, path, headers=headers)
        assert response.status_code == status, response.text
        return response.json()

    head = await write(frame.store, drawn_events(1, 90))
    await frame.fold()
    (item,) = (await ask("GET", "/projections", 200))["items"]
    rows = await frame.views.list("books", limit=99)
    assert item == {
        "name": "books",
        "version": 1,
        "state": "live",
        "generation": 1,
        "position": head,
        "head": head,
        "behind": {"positions": 0, "seconds": 0.0},
        "rows": len(rows),
        "other_versions": [],
        "rebuild": None,
    }
    path = "/projections/books/rebuild"
    assert (await ask("GET", path, 404))["kind"] == "rebuild"
    assert (await ask("POST", "/projections/none/rebuild", 404, **{"Idempotency-Key": "k"}))["kind"] == "view"
    assert (await ask("POST", path, 400))["type"].endswith("/idempotency-key-missing")
    office = f"Bearer {local_token(secrets, 'follow-up-office', 'office')}"
    refused = await ask("POST", path, 403, Authorization=office, **{"Idempotency-Key": "k"})
    assert refused["action"] == "view.rebuild"

    statement = "UPDATE view_rows SET doc = '{\"position\": 0}' WHERE key = $1 AND valid_to IS NULL"
    await frame.store.pool.execute(statement, EVERYTHING)
    asked = await ask("POST", path, 202, **{"Idempotency-Key": "k"})
    assert (asked["view"], asked["asked_by"], asked["check"], asked["ended_at"]) == (
        "books",
        "operator",
        False,
        None,
    )

    async def over() -> Any:
        found = await ask("GET", path, 200)
        return found if found["ended_at"] else None

    done = await until(over)
    assert (done["id"], done["outcome"], done["stage"]) == (asked["id"], "switched", "ended")
    mine = f"/projections/books/rebuilds/{asked['id']}"
    assert await ask("GET", mine, 200) == done
    assert await ask("POST", f"{mine}/cancel", 200, **{"Idempotency-Key": "c"}) == done, "it had ended"
    none = "/projections/books/rebuilds/00000000-0000-0000-0000-000000000000"
    assert (await ask("GET", none, 404))["kind"] == "rebuild"
    assert (await ask("POST", f"{none}/cancel", 404, **{"Idempotency-Key": "c"}))["kind"] == "rebuild"
    refused = await ask("POST", f"{mine}/cancel", 403, Authorization=office, **{"Idempotency-Key": "c"})
    assert refused["action"] == "view.rebuild"
    found = done["comparison"]
    assert (found["as_of"], found["differing"]) == (head, 1)
    assert (found["first"][0]["key"], found["first"][0]["parts"]) == (EVERYTHING, ["row"])
    assert await ask("POST", path, 202, **{"Idempotency-Key": "k"}) == done
    mismatch = await ask("POST", f"{path}?check=true", 422, **{"Idempotency-Key": "k"})
    assert mismatch["type"].endswith("/idempotency-mismatch")
    assert await frame.views.list("books", limit=99) == rows
    (item,) = (await ask("GET", "/projections", 200))["items"]
    assert item["rebuild"] == done and item["generation"] > 1

    async def told(line: str) -> bool:
        return line in (await client.get("/metrics")).text.splitlines()

    await until(lambda: told('tanfidh_view_differing_states{view="books"} 1.0'))
    await until(lambda: told('tanfidh_view_lag_events{view="books"} 0.0'))
    assert (await client.get("/readyz")).status_code == 200
