"""registry and tasks as they are composed, in one process, on real engines, asked over HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from fastapi import FastAPI
from joserfc.jwk import OKPKey
from starlette.applications import Starlette
from starlette.routing import Mount

from services.registry.service import build as build_registry
from services.tasks.service import build as build_tasks
from shared.domain.clock import system_clock
from shared.dossier import import_dossier
from shared.eventstore.migrate import migrate
from shared.service import ServiceSettings
from shared.web.signing import issue_token, new_signing_key, write_jwks
from tests.product import DECREE, EXAMPLE, PLANNED

BUILDS: dict[str, Callable[[ServiceSettings], FastAPI]] = {"registry": build_registry, "tasks": build_tasks}


class Office(httpx.AsyncClient):
    """Somebody who may do everything, at both services' address."""

    def __init__(self, app: Any, key: OKPKey) -> None:
        transport = httpx.ASGITransport(app)
        super().__init__(
            transport=transport, base_url="http://office", headers=bearer(key, "admin"), timeout=60
        )
        self.key = key
        self._keys = count(1)

    async def command(
        self, path: str, body: Any = None, method: str = "POST", role: str = "admin", department: str = ""
    ) -> httpx.Response:
        by = bearer(self.key, role, department) if role != "admin" else {}
        headers = {"Idempotency-Key": f"office-{next(self._keys)}", **by}
        return await self.request(method, path, json=body, headers=headers)

    async def done(self, path: str, body: Any = None, method: str = "POST", **by: str) -> httpx.Response:
        answer = await self.command(path, body, method, **by)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer

    async def caught_up(self) -> None:
        """Wait until both have taken in and folded everything, the answers of the one to the other too."""
        seen: dict[str, int] = {}
        while True:
            positions = {s: (await self.get(f"/{s}/overview")).json()["position"] for s in BUILDS}
            if positions == seen:
                return
            seen = positions
            for service, other in (("tasks", "registry"), ("registry", "tasks")):
                after = {"Tanfidh-After": f"{other}={positions[other]}", "Prefer": "wait=30"}
                answer = await self.get(f"/{service}/counts/decrees", headers=after)
                assert answer.headers["preference-applied"] == "wait", answer.text

    async def import_example(self) -> None:
        await import_dossier(EXAMPLE, self, self.headers["authorization"].removeprefix("Bearer "))
        await self.caught_up()
        states = (await self.get("/tasks/counts/decrees")).json()[DECREE]
        assert sum(states.values()) == PLANNED


def bearer(key: OKPKey, role: str, department: str = "") -> dict[str, str]:
    token = issue_token(key, f"{role}-1", role, department or None, now=system_clock())
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def key() -> OKPKey:
    return new_signing_key()


@pytest.fixture
async def settings(
    database_url: str, nats_url: str, tmp_path: Path, key: OKPKey, monkeypatch: pytest.MonkeyPatch
) -> ServiceSettings:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    for service in BUILDS:
        await migrate(database_url, service)
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "signing.pem").write_bytes(pem)
    write_jwks(tmp_path / "jwks.json", [key])
    return ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=tmp_path / "signing.pem",
        jwks=tmp_path / "jwks.json",
    )


Running = Callable[..., AbstractAsyncContextManager[Office]]


@pytest.fixture
def running(settings: ServiceSettings, key: OKPKey) -> Running:
    """Run one replica of each of some services."""

    @asynccontextmanager
    async def run(*services: str) -> AsyncIterator[Office]:
        apps = {service: BUILDS[service](settings) for service in services or BUILDS}
        async with AsyncExitStack() as stack:
            for app in apps.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            mounted = Starlette(routes=[Mount(f"/{service}", app) for service, app in apps.items()])
            yield await stack.enter_async_context(Office(mounted, key))

    return run


@pytest.fixture
async def office(running: Running) -> AsyncIterator[Office]:
    async with running() as office:
        yield office
