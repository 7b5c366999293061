"""All services on given engines and a virtual clock, and decisions of the registry to be witnessed."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
from fastapi import FastAPI

from deploy.catalogue import SERVICES, build, settings_of
from deploy.local.secrets import Secrets
from deploy.preparing import migrate_all, provision_all
from deploy.simulation.clock import VirtualTime
from deploy.simulation.rest import Rest
from services.registry.department import Department
from shared.contracts.registry import DepartmentRegistered
from shared.domain import Actor, Text
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.record import Record
from shared.service.frame import Frame
from shared.web.signing import issue_token

BEGINS = datetime(2025, 5, 5, 8, 30, tzinfo=UTC)
EVERY = 3600.0
ADMIN = Actor(subject="tester", role="admin")


@dataclass
class House:
    """The services at work."""

    time: VirtualTime
    frames: dict[str, Frame]
    apps: dict[str, FastAPI]
    tokens: dict[str, str]

    async def decide(self, *departments: str, correlation: UUID | None = None) -> None:
        """Record one event of each department, all in one commit."""

        def decision(turn: Turn) -> None:
            for department in departments:
                aggregate = turn.get(Department, department)
                name = Text(en=f"{department}, version {aggregate.version + 1}")
                aggregate.record(DepartmentRegistered(name=name), turn.moment)

        by = Instruction(id=uuid4(), actor=ADMIN, correlation=correlation)
        await self.frames["registry"].store.execute(Command("decide", by, decision))

    async def rest(self) -> None:
        """Wait until everything that happened had its consequences."""
        await Rest(self.frames, patience=120).reached(str(self.time()))

    async def rounds(self, count: int) -> None:
        """Let awaited moments pass: two of them make an interval, with one round of each witness."""
        for _ in range(count):
            await self.rest()
            assert self.time.next_awaited is not None
            self.time.advance(self.time.next_awaited)
        await self.rest()

    async def attacked_rounds(self, count: int) -> None:
        """Let rounds pass in a house where not everything comes to rest any more."""
        for _ in range(count):
            moment = self.time.next_awaited
            assert moment is not None
            self.time.advance(moment)
            async with asyncio.timeout(60):
                while self.time.next_awaited is None or not all(
                    "witness" not in frame.standing().under_way for frame in self.frames.values()
                ):
                    await asyncio.sleep(0.005)  # the rounds give no signal when they end

    async def told(self, service: str) -> list[Record]:
        """What a service has recorded as a witness."""
        records = await self.frames[service].store.read(0, 10_000)
        return [record for record in records if record.kind == "witness"]

    def heads(self) -> dict[str, int]:
        return {service: frame.store.head for service, frame in self.frames.items()}

    async def get(self, service: str, path: str, **headers: str) -> httpx.Response:
        async with self._client(service, self.tokens["auditor"]) as client:
            return await client.get(path, headers=headers)

    async def post(self, service: str, path: str, body: object, role: str = "auditor") -> httpx.Response:
        async with self._client(service, self.tokens[role]) as client:
            return await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})

    async def watched(self, service: str, source: str) -> Any:
        """What GET /witness of a service tells of a source."""
        items = (await self.get(service, "/witness")).json()["items"]
        return next(item for item in items if item["source"] == source)

    def _client(self, service: str, token: str) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.apps[service]), base_url="http://house", headers=headers
        )


@asynccontextmanager
async def open_house(
    database_url: str,
    nats_url: str,
    folder: Path,
    services: Sequence[str] = SERVICES,
    every: float = EVERY,
    witness_keys: str = "",
) -> AsyncIterator[House]:
    """Prepare the engines and start the services; their keys are in the folder, as in local mode."""
    folder.mkdir(exist_ok=True)
    await migrate_all(database_url)
    await provision_all(database_url, [nats_url])
    secrets, time = Secrets(folder), VirtualTime(BEGINS)
    apps: dict[str, FastAPI] = {}
    for service in services:
        kind = settings_of(service)
        drawn = {name: secrets.random_key(name) for name in kind.drawn}
        settings = kind(
            database_url=database_url,
            nats_url=nats_url,
            signing_key=secrets.signing_key(service),
            jwks=secrets.jwks(),
            witness_every=every,
            witness_keys=witness_keys,
            **drawn,  # type: ignore[arg-type]  # of the service's own settings
        )
        apps[service] = build(service, settings, time)
    async with AsyncExitStack() as stack:
        for app in apps.values():
            await stack.enter_async_context(app.router.lifespan_context(app))
        frames = {service: app.state.frame for service, app in apps.items()}
        key, month = secrets.token_key(), timedelta(days=30)
        tokens = {
            role: issue_token(key, f"{role}-1", role, None, month, now=BEGINS)
            for role in ("auditor", "admin")
        }
        yield House(time, frames, apps, tokens)
