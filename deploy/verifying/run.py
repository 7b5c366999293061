"""The verification of several logs in one database, as of one moment, and of the trail of them."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from deploy.catalogue import SERVICES
from deploy.verifying.keys import ServiceKey
from deploy.verifying.log import Tell, verify_log
from deploy.verifying.report import TRAIL, Report
from deploy.verifying.row import WRONG
from deploy.verifying.trail import check_trail


async def verify_all(
    database_url: str, services: Sequence[str], keys: Mapping[str, ServiceKey], tell: Tell
) -> list[Report]:
    """Verify the logs of services, reading only; audit's first, and at last what it filed of them.

    All schemas are read in one transaction, so that services may go on: no log is ahead of another's copy.
    """
    connection = await asyncpg.connect(
        database_url,
        timeout=10,
        statement_cache_size=0,  # the same text means another schema's table each time
        server_settings={"application_name": "tanfidh audit verify", "timezone": "UTC"},
    )
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            return await verify_in(connection, services, keys, tell)
    finally:
        await connection.close()


async def verify_in(
    connection: Any, services: Sequence[str], keys: Mapping[str, ServiceKey], tell: Tell
) -> list[Report]:
    """Verify in a transaction. What goes wrong with one log is found there, and keeps from no other."""
    trail, reports, types = Report(TRAIL, None), list[Report](), dict[str, set[str]]()
    for service in sorted(services, key=lambda service: service != "audit"):
        try:
            async with connection.transaction():
                report, met = await verify_log(connection, service, SERVICES, keys, trail, tell)
        except WRONG as error:
            if connection.is_closed():
                raise
            report = Report(service, None)
            report.find(f"it cannot be verified: {error!r}")
        else:
            types[service] = met
        reports.append(report)
    if "audit" not in services:
        return [*reports, *([trail] if trail.events or trail.findings else [])]
    try:
        async with connection.transaction():
            await check_trail(connection, trail, SERVICES, types)
    except WRONG as error:
        if connection.is_closed():
            raise
        trail.find(f"it cannot be verified: {error!r}")
    return [*reports, trail]
