"""Samples every few seconds: processes, connections, lags, parked events, sizes."""

import asyncio
import json
from collections import defaultdict
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import asyncpg
import nats

from benchmarks.soak.house import House
from benchmarks.soak.proc import MIB, Process, look, look_at_family
from deploy.catalogue import READS, SERVICES
from shared.contracts.envelope import stream_name
from shared.messaging.jetstream import ask
from shared.messaging.outage import OUTAGE

HOT = ("head", "inboxes", "views")
"""Tables whose few rows are updated at every commit: they must not grow."""

STANDING = """
    SELECT h.position AS head, (SELECT min(position) FROM "{0}".views) AS folded,
        (SELECT json_object_agg(name, position)::text FROM "{0}".inboxes) AS inboxes,
        (SELECT json_object_agg(t, pg_relation_size(format('%I.%I', '{0}', t)))::text
            FROM unnest($1::text[]) t) AS sizes,
        (SELECT n_dead_tup FROM pg_stat_user_tables
            WHERE schemaname = '{0}' AND relname = 'view_rows') AS dead
    FROM "{0}".head h
"""
CONNECTIONS = """
    SELECT application_name, count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name LIKE 'tanfidh %' GROUP BY 1
"""


@dataclass
class Samples:
    """What was seen, as series of (seconds since the begin, value).

    Attributes:
        processes: looks at each replica and engine.
        series: everything else by name.
        missed: samples that an engine's outage prevented.
    """

    processes: dict[str, list[tuple[float, Process]]] = field(default_factory=lambda: defaultdict(list))
    series: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    missed: int = 0


class Sampler:
    """Takes samples until cancelled."""

    def __init__(self, house: House, every: float, since: float) -> None:
        self.samples = Samples()
        self._house = house
        self._every = every
        self._since = since

    async def run(self) -> None:
        """Look again and again, whatever is broken."""
        nc = await nats.connect(
            self._house.ministry.nats.url,
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.5,
            error_cb=_expected,
        )
        number = 0
        try:
            while True:
                number += 1
                await asyncio.sleep(max(0.0, self._since + number * self._every - monotonic()))
                await self._take(nc)
        finally:
            await nc.close()

    async def _take(self, nc: Any) -> None:
        at = monotonic() - self._since
        for name, replica in self._house.replicas.items():
            if replica.alive and (found := look(replica.pid)) is not None:
                self.samples.processes[name].append((at, found))
        engines = {
            "PostgreSQL": self._house.ministry.engines.engines.postgres,
            "NATS": self._house.nats.server,
        }
        for name, engine in engines.items():
            if (found := await asyncio.to_thread(look_at_family, engine.pid)) is not None:
                self.samples.processes[name].append((at, found))
        try:
            async with asyncio.timeout(4):
                told = await self._ask(nc)
        except (*OUTAGE, TimeoutError, asyncpg.PostgresError):
            self.samples.missed += 1
            return
        for name, value in told.items():
            self.samples.series[name].append((at, value))

    async def _ask(self, nc: Any) -> dict[str, float]:
        """Read what is behind before what is ahead would make up lags; so streams and inboxes come first."""
        told: dict[str, float] = {}
        published = {
            service: (await ask(nc, f"STREAM.INFO.{stream_name(service)}"))["state"]["last_seq"]
            for service in SERVICES
        }
        connection = await asyncpg.connect(self._house.ministry.database_url, timeout=3)
        try:
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                rows = {s: await connection.fetchrow(STANDING.format(s), list(HOT)) for s in SERVICES}
                heads = {service: row["head"] for service, row in rows.items()}
                for service, row in rows.items():
                    told[f"relay lag of {service}"] = heads[service] - published[service]
                    if row["folded"] is not None:
                        told[f"view lag of {service}"] = heads[service] - row["folded"]
                    told |= _inbox_lags(service, row["inboxes"], heads)
                    told |= _sizes(service, row)
                    told[f"parked in {service}"] = await _parked(connection, service)
                told["connections"] = sum(row[1] for row in await connection.fetch(CONNECTIONS))
                told["size of the database, MiB"] = (
                    await connection.fetchval("SELECT pg_database_size(current_database())") / MIB
                )
        finally:
            connection.terminate()
        return told


async def _expected(_: Exception) -> None:
    """Say nothing: the server is killed on purpose."""


def _inbox_lags(service: str, inboxes: str | None, heads: dict[str, int]) -> dict[str, float]:
    taken = json.loads(inboxes or "{}")
    return {
        f"inbox lag of {service} from {source}": heads[source] - taken.get(source, 0)
        for source in READS[service]
    }


def _sizes(service: str, row: Any) -> dict[str, float]:
    sizes = json.loads(row["sizes"])
    return {f"{service}.{table}, KiB": size / 1024 for table, size in sizes.items()} | {
        f"dead rows of {service}.view_rows": row["dead"] or 0
    }


async def _parked(connection: Any, service: str) -> int:
    """Count parked events; 0 where this release parks nothing."""
    if await connection.fetchval("SELECT to_regclass($1)", f"{service}.inbox_parked") is None:
        return 0
    count: int = await connection.fetchval(f'SELECT count(*) FROM "{service}".inbox_parked')
    return count
