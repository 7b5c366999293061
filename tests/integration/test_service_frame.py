"""A service in its frame, with real engines: ready, and no longer so when one of its jobs ends."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import APIRouter

from shared.eventstore.migrate import migrate
from shared.projections import Views
from shared.service import ServiceSettings
from shared.service.frame import Frame
from shared.web.signing import new_signing_key, write_jwks
from tests.unit.projections.sample import Balances


@pytest.fixture
async def settings(database_url: str, nats_url: str, tmp_path: Path) -> ServiceSettings:
    await migrate(database_url, "sample")
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    write_jwks(tmp_path / "jwks.json", [new_signing_key()])
    return ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=tmp_path / "signing.pem",
        jwks=tmp_path / "jwks.json",
    )


async def counts() -> Mapping[str, Mapping[str, Any]]:
    return {}


async def test_a_service_whose_job_ended_is_no_longer_ready(
    settings: ServiceSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = asyncio.Event()

    async def run(_: Views) -> None:
        await ends.wait()
        raise PermissionError("not for everybody to read")

    monkeypatch.setattr(Views, "run", run)
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    app = Frame("sample", settings, (Balances(),), {}).app("Sample", APIRouter(), counts)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://sample")
    async with app.router.lifespan_context(app), client:
        ready = await client.get("/readyz")
        assert ready.json()["checks"] == {"store": "ok", "views": "ok", "relay": "ok", "jobs": "ok"}

        ends.set()
        async with asyncio.timeout(60):
            while (ready := await client.get("/readyz")).status_code == 200:
                """Each answer asks PostgreSQL, so the job gets its turn."""

    assert (ready.status_code, ready.json()["checks"]["jobs"]) == (503, "job views ended: PermissionError")
