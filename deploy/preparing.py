"""What engines need before a service can start: schemas, streams, consumers."""

from collections.abc import Callable, Sequence
from uuid import UUID

import asyncpg

from deploy.catalogue import READS, SERVICES
from shared.eventstore.migrate import migrate
from shared.messaging.connection import broker_for
from shared.messaging.provision import provision_consumer, provision_stream

Tell = Callable[[str], None]


async def migrate_all(database_url: str, tell: Tell) -> None:
    """Bring the schema of every service to this release, one after the other."""
    for service in SERVICES:
        applied = await migrate(database_url, service)
        tell(f"{service}: {', '.join(applied) if applied else 'up to date'}")


async def provision_all(database_url: str, nats_servers: Sequence[str], tell: Tell) -> None:
    """Make sure that every service's stream and every reader's consumer is there and as it should be."""
    logs = await _logs(database_url)
    broker = broker_for(list(nats_servers), "tanfidh provision")
    client = await broker.connect()
    try:
        for service in SERVICES:
            found = await provision_stream(client, service, logs[service])
            tell(f"{service}: stream with {found.messages} events of log {found.log_id}")
        for service, sources in READS.items():
            for source in sources:
                await provision_consumer(client, service, source)
                tell(f"{service}: reads {source}")
    finally:
        await broker.stop()


async def _logs(database_url: str) -> dict[str, UUID]:
    connection = await asyncpg.connect(database_url, timeout=10)
    try:
        return {
            service: await connection.fetchval(f'SELECT log_id FROM "{service}".head') for service in SERVICES
        }
    finally:
        await connection.close()
