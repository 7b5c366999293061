"""What engines need before a service can start: schemas, streams, consumers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from deploy.catalogue import READS, SERVICES, own_migrations
from shared.eventstore.migrate import migrate
from shared.messaging.connection import broker_for
from shared.messaging.provision import provision_consumer, provision_stream


async def migrate_all(database_url: str, log_ids: Mapping[str, UUID] | None = None) -> list[str]:
    """Bring the schema of every service to this release; return a line on each.

    New logs get the ids given, or drawn ones.
    """
    done = []
    for service in SERVICES:
        applied = await migrate(database_url, service, (log_ids or {}).get(service), own_migrations(service))
        done.append(f"{service}: {'applied ' + ', '.join(applied) if applied else 'up to date'}")
    return done


async def provision_all(database_url: str, nats_servers: Sequence[str], replicas: int = 1) -> list[str]:
    """Make sure that every stream and every consumer is there as it should be; return a line on each."""
    done = []
    logs = await _logs(database_url)
    broker = broker_for(list(nats_servers), "tanfidh provision")
    client = await broker.connect()
    try:
        for service in SERVICES:
            found = await provision_stream(client, service, logs[service], replicas)
            done.append(f"{service}: a stream with {found.messages} events of the log {found.log_id}")
        for service, sources in READS.items():
            for source in sources:
                await provision_consumer(client, service, source)
                done.append(f"{service}: a consumer of {source}")
    finally:
        await broker.stop()
    return done


async def _logs(database_url: str) -> dict[str, UUID]:
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        return {
            service: await connection.fetchval(f'SELECT log_id FROM "{service}".head') for service in SERVICES
        }
    finally:
        await connection.close()
