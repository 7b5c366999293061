"""The verification of one service's log."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from deploy.verifying.copies import Copies
from deploy.verifying.ends import check_end, check_inboxes, check_logs, read_head
from deploy.verifying.keys import ServiceKey
from deploy.verifying.parked import check_parked
from deploy.verifying.report import Report
from deploy.verifying.row import ROWS
from deploy.verifying.steps import Steps
from deploy.verifying.walk import Walk
from deploy.verifying.witnessed import read_testimony
from shared.eventstore.errors import UnusableStore
from shared.eventstore.lineage import Lineage, read_lineage
from shared.eventstore.record import Record
from shared.witness.statement import Part

_FETCH = 2_000
_TOLD_EVERY = 5_000

Tell = Callable[[str, int, int], None]
"""Is told how far a log is: the service, the position, the last one."""


async def verify_log(
    connection: Any,
    service: str,
    services: Sequence[str],
    keys: Mapping[str, ServiceKey],
    trail: Report,
    tell: Tell,
) -> tuple[Report, set[str]]:
    """Verify the log of a service and its copies, on a connection whose transaction shows one moment of all.

    Args:
        connection: it reads the schemas of all services.
        service: whose log it is.
        services: all that there are; their inboxes are compared.
        keys: of the service and its witnesses.
        trail: is told what is wrong with the copies.
        tell: is told how far it is.

    Returns:
        The report, and the types of events that were met in the copies.
    """
    await connection.execute(f'SET LOCAL search_path = "{service}"')
    report = Report(service, None)
    try:
        head, lineage = await read_head(connection), await read_lineage(connection)
    except UnusableStore as error:
        report.find(f"it cannot be verified: {error}")
        copies = Copies(connection, service, None, trail)
        await copies.check()
        return report, copies.types
    report.log_id = str(lineage.current)
    await check_logs(connection, report, lineage, head)
    testimony = await read_testimony(connection, service, lineage, _parts(lineage), keys)
    report.witnessed, report.notes = testimony.size, testimony.notes
    for fault in testimony.faults:
        report.find(fault)
    copies = Copies(connection, service, lineage, trail)
    await copies.check()
    if copies.expected < testimony.received:
        trail.find(
            f"events of {service} are missing, which audit compared when it witnessed them",
            copies.expected + 1,
            testimony.received,
        )
    walk = Walk(report, trail, lineage, keys[service], testimony)
    steps = Steps(connection, copies, walk, report, lineage)
    async for row in connection.cursor(ROWS, prefetch=_FETCH):
        await steps.take(Record(*row))
        if report.events % _TOLD_EVERY == 0:
            tell(service, min(walk.position, head.position), head.position)
    await steps.end()
    check_end(report, walk, head, copies.received)
    await check_inboxes(connection, report, services, lineage, walk.position, copies.received)
    await check_parked(connection, report, services)
    tell(service, head.position, head.position)
    return report, copies.types


def _parts(lineage: Lineage) -> list[Part]:
    """The logs of a store, with what of each is in the log in force."""
    parts: list[Part] = []
    upto: int | None = None
    for span in reversed(lineage.spans):
        parts.insert(0, Part(span.log_id, upto))
        upto = span.common if upto is None else min(upto, span.common)
    return parts
