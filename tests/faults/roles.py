"""What every elected role does, as it shows from outside: in the databases, and in the streams."""

import asyncio
from time import monotonic

import asyncpg
from nats.aio.client import Client

from tests.faults.ministry import Ministry
from tests.faults.streams import last_sequence
from tests.product import SERVICES

_WORK = {
    "tasks sweeper of deadlines": "SELECT count(*) FROM tasks.events WHERE type = 'tasks.deadline.missed'",
    "notifier sweeper of subscriptions": (
        "SELECT count(*) FROM notifier.events WHERE type = 'notifier.subscription.cleared'"
    ),
    "notifier dispatcher": (
        "SELECT count(*) FROM notifier.events WHERE type = 'notifier.notification.delivered'"
    ),
    "audit witness": ("SELECT count(*) FROM audit.events WHERE type = 'audit.witness.checkpoint-witnessed'"),
    "registry witness": (
        "SELECT count(*) FROM registry.events WHERE type = 'registry.witness.checkpoint-witnessed'"
    ),
}
_EVERYTHING = " UNION ALL ".join(
    [
        *(f"SELECT '{service} inbox of ' || name, position FROM {service}.inboxes" for service in SERVICES),
        *(f"SELECT '{role}', ({counted})" for role, counted in _WORK.items()),
    ]
)


_LAGS = " UNION ALL ".join(
    f"SELECT inboxes.position < head.position FROM {me}.inboxes, {source}.head WHERE name = '{source}'"
    for me in SERVICES
    for source in SERVICES
)
_HEADS = " UNION ALL ".join(f"SELECT '{service}', position FROM {service}.head" for service in SERVICES)


class Roles:
    """Watches how much work of each role is done."""

    def __init__(self, ministry: Ministry, nc: Client) -> None:
        self._ministry = ministry
        self._nc = nc

    async def done(self, connection: asyncpg.Connection) -> dict[str, int]:
        """How much each role has done so far."""
        work: dict[str, int] = dict(map(tuple, await connection.fetch(_EVERYTHING)))
        for service in SERVICES:
            work[f"{service} relay"] = await last_sequence(self._nc, service)
        return work

    async def all_work(self, before: dict[str, int], since: float, within: float = 60) -> dict[str, float]:
        """Wait until each role has done something more; return the seconds that each took."""
        seconds: dict[str, float] = {}
        connection = await asyncpg.connect(self._ministry.database_url)
        try:
            while len(seconds) < len(before):
                now = await self.done(connection)
                passed = monotonic() - since
                for role, done in now.items():
                    if done > before.get(role, 0):
                        seconds.setdefault(role, passed)
                idle = sorted(before.keys() - seconds.keys())
                assert passed < within, f"no work of {', '.join(idle)} within {within:g} s"
                await asyncio.sleep(0.01)  # what is watched sends no signals
        finally:
            await connection.close()
        return seconds

    async def in_step(self) -> bool:
        """Whether every event is published and taken in."""
        connection = await asyncpg.connect(self._ministry.database_url)
        try:
            heads = await connection.fetch(_HEADS)
            published = [await last_sequence(self._nc, service) >= head for service, head in heads]
            return all(published) and not any(row[0] for row in await connection.fetch(_LAGS))
        finally:
            await connection.close()

    async def snapshot(self) -> dict[str, int]:
        """How much each role has done by now."""
        connection = await asyncpg.connect(self._ministry.database_url)
        try:
            return await self.done(connection)
        finally:
            await connection.close()
