"""One stored row: its leaf computed anew, and its columns compared with its meta."""

import struct
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from shared.eventstore.log.leaf import leaf_of
from shared.eventstore.record import Record
from shared.eventstore.statements import COLUMNS

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, OverflowError, struct.error)
"""What reading and hashing raise of values that no event has: whoever changes a row chooses them."""

WRONG = (*UNREADABLE, asyncpg.PostgresError)
"""What a table raises in which somebody changed more than rows."""

_SAME = ("type", "schema", "stream", "version")
_MOMENTS = ("recorded_at", "effective_at")


def readable(columns: str) -> str:
    """Let a list of columns be read whatever is in it: a moment that no event can have is NULL.

    PostgreSQL knows moments before the year 1, after the year 9999 and in no year at all.
    """
    for moment in _MOMENTS:
        columns = columns.replace(
            moment,
            f"CASE WHEN {moment} BETWEEN '0001-01-01T00:00:00Z' AND '9999-12-31T23:59:59.999999Z'"
            f" THEN {moment} END AS {moment}",
        )
    return columns


ROWS = f"SELECT {readable(COLUMNS)} FROM events ORDER BY position"


def computed_leaf(log_id: UUID, row: Record) -> bytes | None:
    """The leaf that follows from the row's content and place, with the leaf before it as the row has it.

    None where a value is none that a leaf can have.
    """
    try:
        return leaf_of(
            log_id,
            row.position,
            row.stream,
            row.version,
            row.type,
            row.schema,
            row.recorded_at,
            row.effective_at,
            row.data,
            row.meta,
            row.sealed,
            row.previous,
        )
    except UNREADABLE:
        return None


def disagreement(row: Record) -> str | None:
    """Say which columns tell something else than the meta; None where all agree."""
    try:
        meta: dict[str, Any] = orjson.loads(row.meta)
        differ = [name for name in _SAME if meta[name] != getattr(row, name)]
        differ += [name for name in _MOMENTS if datetime.fromisoformat(meta[name]) != getattr(row, name)]
    except UNREADABLE:
        return "its meta cannot be read"
    return f"its meta tells another {' and '.join(differ)}" if differ else None
