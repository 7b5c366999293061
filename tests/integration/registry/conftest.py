"""The registry on a real PostgreSQL, asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from services.registry.aggregates import AGGREGATES
from services.registry.application import Registry
from services.registry.application.documents import Documents
from services.registry.application.exports import Exports
from services.registry.application.lists import Lists
from services.registry.application.person_keys import PersonKeys
from services.registry.application.personal_rows import PersonalRows
from services.registry.application.persons import Persons
from services.registry.erasures import Erasures
from services.registry.http import router
from services.registry.http_documents import documents
from services.registry.http_exports import export_routes
from services.registry.http_lists import list_routes
from services.registry.http_persons import persons_routes
from services.registry.permissions import PERMISSIONS
from services.registry.views import views
from shared.documents import ContentsFolder, Keeping
from shared.documents.routes import contents_routes
from shared.domain import Actor
from shared.domain.clock import Clock, system_clock
from shared.eventstore.migrate import migrate
from shared.eventstore.sealing.vault import Vault
from shared.eventstore.store import EventStore
from shared.messaging.asking import Ask, nobody_asked
from shared.projections import Views
from shared.service.horizon import ServiceHorizon
from shared.service.streams import Streams, stream_routes
from shared.web.app import create_app
from tests.engines import ThrowawayEngines


class ByRole:
    """Takes the bearer's word for the role: identity itself is tested elsewhere.

    ``department:legal``, ``head-of-mission@emb-va``, and with ``=deputy-1>head-1`` who acts, and for whom.
    """

    def authenticate(self, authorization: str | None) -> Actor:
        told = (authorization or "Bearer auditor").removeprefix("Bearer ")
        told, _, head = told.partition(">")
        told, _, subject = told.partition("=")
        told, _, mission = told.partition("@")
        role, _, department = told.partition(":")
        return Actor(
            subject=subject or f"{role}-1",
            role=role,
            department=department or None,
            mission=mission or None,
            on_behalf_of=head or None,
        )


@dataclass
class Asked:
    """A running registry and somebody who asks it."""

    store: EventStore
    views: Views
    registry: Registry
    app: FastAPI
    client: httpx.AsyncClient
    vault: Vault
    erasures: Erasures

    def __post_init__(self) -> None:
        self._keys = count(1)

    async def send(
        self, method: str, path: str, body: Any = None, role: str = "admin", **headers: str
    ) -> httpx.Response:
        given = {
            "Authorization": f"Bearer {role}",
            "Idempotency-Key": f"key-{next(self._keys)}",
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        return await self.client.request(method, path, json=body, headers=given)

    async def upload(
        self, path: str, raw: bytes, media_type: str = "text/csv", role: str = "admin"
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {role}",
            "Idempotency-Key": f"key-{next(self._keys)}",
            "Content-Type": media_type,
        }
        return await self.client.post(path, content=raw, headers=headers)

    async def get(self, path: str) -> httpx.Response:
        assert await self.views.wait_for(self.store.head, 60)
        return await self.client.get(path, headers={"Authorization": "Bearer auditor"})


@pytest.fixture
async def asked(database_url: str, tmp_path: Path) -> AsyncIterator[Asked]:
    async with opened(database_url, tmp_path) as asked:
        yield asked


@pytest.fixture
def other_database_url(engines: ThrowawayEngines) -> Iterator[str]:
    """A second database, for a registry that knows nothing of the first."""
    url = engines.make_database()
    yield url
    engines.drop_database(url)


@asynccontextmanager
async def opened(
    database_url: str, folder: Path, clock: Clock = system_clock, ask: Ask = nobody_asked
) -> AsyncIterator[Asked]:
    """Open a registry on a database; its keys lie under the folder, and it asks others by `ask`."""
    folder.mkdir(exist_ok=True)
    await migrate(database_url, "registry")
    store = EventStore("registry", database_url, clock, Ed25519PrivateKey.generate())
    await store.open()
    running = Views(store, views())
    await running.open()
    folding = asyncio.create_task(running.run())
    registry = Registry(store, running, ask=ask)
    horizon = ServiceHorizon(store, running, ["tasks"])
    streams = stream_routes(Streams(store, AGGREGATES, horizon))
    vault = Vault.open(folder / "person-keys", b"m" * 32)
    erasures = Erasures(store, vault)
    keys = PersonKeys(vault)
    told = Persons(store, keys, erasures.finish, erasures.is_pending)
    persons = persons_routes(told)
    exports = export_routes(Exports(store, registry.inquiries, told))
    lists = list_routes(Lists(store, PersonalRows(store, keys)))
    keeping = Keeping(ContentsFolder(folder / "documents"))
    kept = [documents(registry, Documents(store, keeping)), contents_routes(keeping, PERMISSIONS.check_role)]
    routes = [router(registry), persons, lists, exports, streams, *kept]
    app = create_app("registry", "Registry", routes, {}, ByRole(), horizon=horizon)
    async with AsyncExitStack() as stack:
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://registry")
        await stack.enter_async_context(client)
        yield Asked(store, running, registry, app, client, vault, erasures)
    folding.cancel()
    await asyncio.gather(folding, return_exceptions=True)
    assert running.alarm is None
    await store.close()
