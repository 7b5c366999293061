"""Registry and notifier as they are composed, on real engines and a clock that the test moves."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest

from deploy.catalogue import build, settings_of
from deploy.local.secrets import Secrets
from deploy.preparing import migrate_all, provision_all
from services.notifier.sending import Dispatcher, Sender
from shared.domain import Actor
from shared.domain.clock import Time
from tests.integration.notifier.receiver import WEBHOOK, Receiver, receiving

T = TypeVar("T")


class TakenAtTheirWord:
    """Takes the header's word for role and subject: real tokens end long before these tests' time does."""

    def __init__(self, *_: object) -> None:
        """Of what an identity is made nothing counts here."""

    def authenticate(self, authorization: str | None) -> Actor:
        role, _, who = (authorization or "auditor nobody").partition(" ")
        return Actor(subject=who, role=role)


class VirtualTime:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)
        self._moved = asyncio.Event()

    def __call__(self) -> datetime:
        return self.now

    async def reached(self, moment: datetime) -> None:
        while self.now < moment:
            await self._moved.wait()

    def move(self, by: timedelta) -> None:
        self.now += by
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()


@dataclass
class Running:
    """Registry and notifier, and somebody who asks them."""

    database_url: str
    nats_url: str
    secrets: Secrets
    time: VirtualTime
    parts: dict[type, list[Any]] = field(default_factory=dict)
    first_notifier: AsyncExitStack = field(default_factory=AsyncExitStack)
    clients: dict[str, httpx.AsyncClient] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._keys = count(1)

    @asynccontextmanager
    async def service(self, name: str, time: Time, **more: Any) -> AsyncIterator[httpx.AsyncClient]:
        kind = settings_of(name)
        settings = kind(
            database_url=self.database_url,
            nats_url=self.nats_url,
            signing_key=self.secrets.signing_key(name),
            jwks=self.secrets.jwks(),
            **{field: self.secrets.random_key(field) for field in kind.drawn},
            **more,
        )
        app = build(name, settings, time)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"http://{name}")
        async with app.router.lifespan_context(app), client:
            self.clients[name] = client
            yield client

    def part(self, kind: type[T]) -> T:
        """The component of that kind which the notifier was composed of."""
        (found,) = self.parts[kind]
        part: T = found
        return part

    async def ask(
        self, service: str, method: str, path: str, body: Any = None, role: str = "admin", who: str = "office"
    ) -> httpx.Response:
        headers = {
            "Authorization": f"{role} {who}",
            "Idempotency-Key": f"key-{next(self._keys)}",
            "Prefer": "wait=30",
        }
        return await self.clients[service].request(method, path, json=body, headers=headers)

    async def subscribe(
        self, id: str, receiver: Receiver | None = None, by: str = "admin office", **interest: Any
    ) -> dict[str, Any]:
        """Open a subscription; `by` is a role and a subject."""
        body: dict[str, Any] = {"subscription": id, "channel": "log", "interest": interest}
        if receiver is not None:
            body |= {"channel": WEBHOOK, "url": receiver.url}
        response = await self.ask("notifier", "POST", "/subscriptions", body, *by.split())
        assert response.status_code == 201, response.text
        told: dict[str, Any] = response.json()
        return told

    async def secret(self, id: str) -> str:
        response = await self.ask("notifier", "GET", f"/subscriptions/{id}/secret")
        assert response.headers["cache-control"] == "no-store"
        secret: str = response.json()["secret"]
        return secret

    async def happen(self, *departments: str) -> None:
        """Let the registry record an event for each department."""
        body = {"departments": [{"key": key, "name": {"en": key, "ar": key}} for key in departments]}
        response = await self.ask("registry", "POST", "/imports/departments", body)
        assert response.status_code == 200, response.text

    async def notifications(self, **where: str) -> list[dict[str, Any]]:
        query = "&".join(f"{name}={value}" for name, value in where.items())
        response = await self.ask("notifier", "GET", f"/notifications?limit=200&{query}")
        items: list[dict[str, Any]] = response.json()["items"]
        return items

    async def waits_for(self, number: int, within: float = 60, **where: str) -> list[dict[str, Any]]:
        """Wait until so many notifications are listed."""
        async with asyncio.timeout(within):
            while len(found := await self.notifications(**where)) != number:
                await asyncio.sleep(0.02)  # views follow the log by themselves and send no signal
        return found


def keeping(make: Callable[..., None], kept: list[Any]) -> Callable[..., None]:
    """Let a constructor leave what it made."""

    def made(self: Any, *given: Any) -> None:
        make(self, *given)
        kept.append(self)

    return made


@pytest.fixture
async def running(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Running]:
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    monkeypatch.setattr("shared.service.frame.Identity", TakenAtTheirWord)
    parts: dict[type, list[Any]] = {}
    for kind in (Sender, Dispatcher):
        monkeypatch.setattr(kind, "__init__", keeping(kind.__init__, parts.setdefault(kind, [])))
    await migrate_all(database_url)
    await provision_all(database_url, [nats_url])
    running = Running(database_url, nats_url, Secrets(tmp_path), VirtualTime(), parts)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running.service("registry", running.time))
        notifier = running.service("notifier", running.time, webhook_private=True)
        await running.first_notifier.enter_async_context(notifier)
        stack.push_async_callback(running.first_notifier.aclose)
        yield running


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver
