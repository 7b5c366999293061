"""What is stored of events that inboxes have parked, compared with what the log says of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from deploy.verifying.report import Report
from deploy.verifying.row import UNREADABLE
from shared.messaging.parking.taking_up import received_from
from shared.messaging.received import Received

_THERE = "SELECT to_regclass($1) IS NOT NULL"
_EVENTS = """
    SELECT position, type, data FROM events WHERE starts_with(stream, 'inbox.') ORDER BY position"""
_ROWS = """
    SELECT source, position, log_id, leaf_log, stream, type, data, meta, sealed_digest, previous
    FROM inbox_parked ORDER BY source, position"""
_OF_SOURCE = """SELECT leaf, meta FROM "{source}".events WHERE position = $1"""
_FETCH = 500

Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """What the log says of a parked event: at which position of its own, and how it is known again."""

    at: int
    event: str
    stream: str
    type: str
    log_id: str
    leaf: str | None


async def check_parked(connection: Any, report: Report, services: Sequence[str]) -> None:
    """Compare `inbox_parked` of the schema that the connection's search_path names with its log.

    An event that was parked before its leaf was told is compared with the row of its service, where that has
    it still.
    """
    if not await connection.fetchval(_THERE, "inbox_parked"):
        return
    told = await _told(connection)
    async for row in connection.cursor(_ROWS, prefetch=_FETCH):
        place = (row["source"], row["position"])
        known = told.pop(place, None)
        if known is None:
            report.find(f"inbox_parked has an event that is not parked: position {place[1]} of {place[0]}")
        elif not await _is_the_same(connection, row, known, services):
            report.find(
                f"parked an event of which inbox_parked holds another one: position {place[1]} of {place[0]}",
                known.at,
            )
    for (source, position), known in sorted(told.items()):
        report.find(
            f"parked an event that is gone from inbox_parked: position {position} of {source}", known.at
        )


async def _told(connection: Any) -> dict[Place, Told]:
    """What is parked by the log; events of it that cannot be read are told of elsewhere."""
    told: dict[Place, Told] = {}
    async for row in connection.cursor(_EVENTS, prefetch=_FETCH):
        name = row["type"].rpartition(".")[2]
        try:
            said = orjson.loads(row["data"])
            place = (said["source"], said["of_position"])
            if name == "event-parked":
                event, leaf = said["of_event"], said.get("of_leaf")
                told[place] = Told(
                    row["position"], event, said["of_stream"], said["of_type"], said["of_log"], leaf
                )
            elif name in ("event-taken-in", "event-skipped"):
                told.pop(place, None)
        except UNREADABLE:
            continue
    return told


async def _is_the_same(connection: Any, row: Any, known: Told, services: Sequence[str]) -> bool:
    columns = (row["stream"], row["type"], str(row["log_id"]))
    if columns != (known.stream, known.type, known.log_id):
        return False
    try:
        stored = received_from(row)
        if (str(stored.event_id), stored.stream, stored.type) != (known.event, known.stream, known.type):
            return False
        leaf = stored.leaf()
    except UNREADABLE:
        return False
    expected = known.leaf or await _leaf_at_source(connection, row["source"], stored, services)
    return expected in (None, leaf.hex())


async def _leaf_at_source(
    connection: Any, source: str, stored: Received, services: Sequence[str]
) -> str | None:
    """The leaf of the event in the log of its service; None where that has it no more, or is not there."""
    if source not in services or not await connection.fetchval(_THERE, f'"{source}".events'):
        return None
    row = await connection.fetchrow(_OF_SOURCE.format(source=source), stored.position)
    if row is None:
        return None
    try:
        same = UUID(orjson.loads(row["meta"])["id"]) == stored.event_id
    except UNREADABLE:
        return None
    leaf: bytes = row["leaf"]
    return leaf.hex() if same else None
