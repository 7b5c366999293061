"""The verification of several logs in one database, as of one moment."""

from collections.abc import Mapping, Sequence

import asyncpg

from deploy.verifying.keys import ServiceKey
from deploy.verifying.log import Tell, verified_in_order, verify_log
from deploy.verifying.report import Report


async def verify_all(
    database_url: str, services: Sequence[str], keys: Mapping[str, ServiceKey], tell: Tell
) -> list[Report]:
    """Verify the logs of services, reading only; audit's first.

    All schemas are read in one transaction, so that services may go on: no log is ahead of another's copy.

    Raises:
        UnusableStore: a schema holds no log.
    """
    connection = await asyncpg.connect(
        database_url,
        timeout=10,
        statement_cache_size=0,  # the same text means another schema's table each time
        server_settings={"application_name": "tanfidh audit verify", "timezone": "UTC"},
    )
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return [
                await verify_log(connection, service, keys, tell) for service in verified_in_order(services)
            ]
    finally:
        await connection.close()
