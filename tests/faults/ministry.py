"""A ministry to break: engines of its own data, keys, tokens, services as processes, and its logs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import orjson
from pydantic_core import to_json

from deploy.catalogue import own_migrations
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.preparing import migrate_all, provision_all
from shared.domain.clock import system_clock
from shared.dossier import import_dossier
from shared.dossier.folder import Folder, read_folder
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.configuration import REPLICATED
from shared.service import read_signing_key
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.faults.cluster import Cluster
from tests.faults.processes import Served, until
from tests.product import RARELY
from tests.verifying import check_log

EXAMPLE = Path(__file__).parents[2] / "examples" / "decree-298-2025"


class Routed(httpx.AsyncBaseTransport):
    """Sends ``/<service>/…`` to the process of that service, as the one port of local mode would."""

    def __init__(self, *served: Served) -> None:
        self._urls = {one.service: httpx.URL(one.url) for one in served}
        self._transport = httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        _, service, path = request.url.raw_path.decode().split("/", 2)
        request.url = self._urls[service].copy_with(raw_path=f"/{path}".encode())
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


class Ministry:
    """A database, a NATS server and the services on them."""

    def __init__(self, engines: ThrowawayEngines, folder: Path, cluster: Cluster | None = None) -> None:
        self.engines = engines
        self.folder = folder
        self.nats = cluster or ThrowawayNats(engines.loop, folder / "nats")
        self.database_url = engines.make_database()
        self.secrets = Secrets(folder)
        self.token = local_token(self.secrets, "admin", "faults")
        self.witness_every = RARELY
        self._served: list[Served] = []

    def environment(self, service: str) -> dict[str, str]:
        """What a process of a service is told."""
        return {
            "TANFIDH_DATABASE_URL": self.database_url,
            "TANFIDH_NATS_URL": self.nats.url,
            "TANFIDH_SIGNING_KEY": str(self.secrets.signing_key(service)),
            "TANFIDH_JWKS": str(self.secrets.jwks()),
            "TANFIDH_WITNESS_EVERY": self.witness_every,
            "TANFIDH_WEBHOOK_KEY": str(self.secrets.random_key("webhook_key")),
            "TANFIDH_WEBHOOK_PRIVATE": "true",
            "TANFIDH_PERSON_KEYS": str(self.folder / "person-keys"),
            "TANFIDH_PERSON_KEYS_MASTER": str(self.secrets.random_key("person_keys_master")),
        }

    async def serve(self, service: str) -> Served:
        """Start one more process of a service."""
        served = self.process(service)
        await served.start()
        return served

    def process(self, service: str) -> Served:
        """Make one more process of a service, which is not started yet."""
        log = self.folder / f"{service}-{len(self._served)}.log"
        served = Served(service, self.environment(service), log)
        self._served.append(served)
        return served

    async def kill_all(self) -> None:
        """Kill whatever still runs, and wait until its connections are gone."""
        started = [served for served in self._served if served.was_started]
        for served in started:
            served.kill()
        await asyncio.gather(*(served.gone() for served in started))
        await self.let_go("registry", "tasks")

    async def let_go(self, *services: str) -> None:
        """Wait until PostgreSQL has ended what killed processes of services had begun."""
        names = [f"tanfidh {service}" for service in services]
        connection = await asyncpg.connect(self.database_url)
        try:

            async def gone() -> bool:
                return not await connection.fetchval(
                    "SELECT count(*) FROM pg_stat_activity"
                    " WHERE application_name = ANY($1) AND datname = current_database()",
                    names,
                )

            await until(gone)
        finally:
            await connection.close()

    def client(self, served: Served, token: str | None = None) -> httpx.AsyncClient:
        """Open a client of one process, which keeps its connections."""
        return httpx.AsyncClient(
            base_url=served.url,
            headers={"Authorization": f"Bearer {token or self.token}"},
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=100),
            timeout=30,
            trust_env=False,
        )

    @asynccontextmanager
    async def store(self, service: str, database_url: str | None = None) -> AsyncIterator[EventStore]:
        """Open a service's store from here, beside the processes."""
        key = read_signing_key(self.secrets.signing_key(service))
        url, own = database_url or self.database_url, own_migrations(service)
        store = EventStore(service, url, system_clock, key, own)
        await store.open()
        try:
            yield store
        finally:
            await store.close()

    async def checked_log(self, service: str) -> list[Record]:
        """Verify the whole log of a service and return its rows."""
        async with self.store(service) as store:
            return await check_log(store)

    async def fetchval(self, service: str, statement: str, *values: Any) -> Any:
        """Ask a service's schema for one value."""
        connection = await asyncpg.connect(self.database_url, server_settings={"search_path": service})
        try:
            return await connection.fetchval(statement, *values)
        finally:
            await connection.close()

    async def fetch(self, service: str, statement: str) -> list[Any]:
        """Ask a service's schema for a column of values."""
        connection = await asyncpg.connect(self.database_url, server_settings={"search_path": service})
        try:
            return [row[0] for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    async def import_example(self, registry: Served, tasks: Served) -> None:
        """Import Decree 298, as a person would."""
        transport = Routed(registry, tasks)
        async with httpx.AsyncClient(base_url="http://tanfidh", transport=transport, timeout=60) as client:
            await import_dossier(EXAMPLE, client, self.token)

    async def declare_closing(self, registry: Served, tasks: Served) -> None:
        """Declare the calendar and the procedure of Decree 298, and no decree."""
        folder = read_folder(EXAMPLE)
        assert folder.calendar is not None
        calendar, procedure = dict(folder.calendar), closing_procedure(folder)
        departments = orjson.loads(to_json(folder.dossier.departments))
        sent = (
            (registry, "/imports/departments", departments),
            (tasks, f"/calendars/{calendar.pop('name')}", calendar),
            (tasks, f"/templates/{procedure.pop('template')}", procedure),
        )
        for served, path, content in sent:

            async def taken(served: Served = served, path: str = path, content: Any = content) -> bool:
                async with self.client(served) as client:
                    headers = {"Idempotency-Key": path.replace("/", "."), "Content-Type": "application/json"}
                    response = await client.post(path, content=to_json(content), headers=headers)
                return response.is_success

            await until(taken)  # departments come to tasks by events

    async def taken_in(self, service: str, source: str) -> int:
        """Wait until a service has taken in all that another has recorded; return the position."""
        head: int = await self.fetchval(source, "SELECT position FROM head")

        async def there() -> bool:
            statement = "SELECT position FROM inboxes WHERE name = $1"
            return bool((await self.fetchval(service, statement, source) or 0) >= head)

        await until(there, within=60)
        return head

    async def close(self) -> None:
        """End everything."""
        await self.kill_all()
        self.nats.stop()
        self.engines.drop_database(self.database_url)


def closing_procedure(folder: Folder) -> dict[str, Any]:
    """Return, to be changed at will, the procedure by which a decree closes missions."""
    return next(dict(each) for each in folder.procedures if each["template"] == folder.dossier.procedure)


@asynccontextmanager
async def ministry_in(
    engines: ThrowawayEngines, folder: Path, cluster: Cluster | None = None
) -> AsyncIterator[Ministry]:
    """Make a ministry with schemas and streams, in which nothing is served yet."""
    ministry = Ministry(engines, folder, cluster)
    try:
        await migrate_all(ministry.database_url)
        await provision_all(
            ministry.database_url, ministry.nats.url.split(","), 1 if cluster is None else REPLICATED
        )
        yield ministry
    finally:
        await ministry.close()
