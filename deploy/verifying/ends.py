"""What says besides its rows how far a log goes and which logs it had: head, inboxes, copies, witnesses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from uuid import UUID

from deploy.verifying.report import Report
from deploy.verifying.row import readable
from deploy.verifying.walk import Walk
from shared.eventstore.errors import UnusableStore
from shared.eventstore.lineage import Lineage

_HEAD = f"SELECT position, {readable('recorded_at')} FROM head"
_LOGS = "SELECT count(*) FROM logs"


@dataclass(frozen=True, slots=True)
class Head:
    """The head row: the last position, and its moment, None where it is none that an event can have."""

    position: int
    recorded_at: datetime | None


async def read_head(connection: Any) -> Head:
    """Read the head row of the schema that the connection's search_path names, whatever is in it.

    Raises:
        UnusableStore: there is none.
    """
    row = await connection.fetchrow(_HEAD)
    if row is None:
        raise UnusableStore("its head is missing")
    return Head(*row)


async def check_logs(connection: Any, report: Report, lineage: Lineage, head: Head) -> None:
    """Compare the logs that a store says it had with one another."""
    stored, spans = await connection.fetchval(_LOGS), lineage.spans
    if stored > len(spans):
        report.find(f"there are {stored} logs, of which {len(spans)} lead to the one in force")
    if spans[0].first != 1:
        report.find(f"its first log begins at position {spans[0].first}")
    if spans[0].note is not None:
        report.find("its first log has something in common with one before")
    for before, span in pairwise(spans):
        if not max(before.first, span.common + 1) <= span.first <= head.position + 1:
            report.find(
                f"its log {span.log_id} begins at position {span.first}, which does not fit the one before"
            )


async def check_inboxes(
    connection: Any, report: Report, services: Sequence[str], lineage: Lineage, events: int, received: int
) -> None:
    """Compare how far others have taken in a log with how far it goes.

    Args:
        connection: it reads the schemas of all services.
        report: of the log.
        services: all that there are.
        lineage: the logs of the store.
        events: how far it goes.
        received: how far audit's copies go; its inbox is compared with them.
    """
    takers: dict[str, int] = {}
    for service in services:
        if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{service}.inboxes"):
            continue
        row = await connection.fetchrow(
            f'SELECT log_id, position FROM "{service}".inboxes WHERE name = $1', report.service
        )
        if row is None:
            continue
        log_id: UUID = row["log_id"]
        position = lineage.carried_over(log_id, row["position"])
        if position is None:
            if service != "audit":
                report.find(f"the inbox of {service} counts in the log {log_id}, which is none of its logs")
            continue
        if position < row["position"] and service != report.service:
            report.notes.append(
                f"the inbox of {service} stands at {row['position']} of a log before, of which {position} "
                "are left: a restore was not ended, or there was none"
            )
        if position > max(events, received if service == "audit" else 0):
            takers[service] = position
    if takers:
        names = " and ".join(takers)
        report.find(
            f"{names} took them in and they are missing: the end was cut off, or inboxes were changed",
            events + 1,
            max(takers.values()),
        )


def check_end(report: Report, walk: Walk, head: Head, received: int) -> None:
    """Compare the end of the rows with head, checkpoints, copies and what was witnessed."""
    events = walk.position
    if report.checkpoint < events:
        one = "is signed by no checkpoint"
        report.find("no checkpoint signs them", report.checkpoint + 1, events, one)
    if head.position != events:
        report.find(f"the head says {head.position} events, and there are {events}")
    if head.recorded_at is None or head.recorded_at < walk.recorded_at:
        report.find("the head says another moment than the last event")
    if (witnessed := report.witnessed or 0) > events:
        one = "was witnessed and is missing: the end was cut off"
        report.find("they were witnessed and are missing: the end was cut off", events + 1, witnessed, one)
    if received > events:
        one = "was received by audit and is missing: the end was cut off"
        report.find(
            "audit received them and they are missing: the end was cut off", events + 1, received, one
        )
