"""One stored row: its leaf computed anew, and its columns compared with its meta."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from shared.eventstore.log.leaf import leaf_of
from shared.eventstore.record import Record

_SAME = ("type", "schema", "stream", "version")


def computed_leaf(log_id: UUID, row: Record) -> bytes:
    """The leaf that follows from the row's content and place, with the leaf before it as the row has it."""
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


def disagreement(row: Record) -> str | None:
    """Say which columns tell something else than the meta; None where all agree."""
    try:
        meta: dict[str, Any] = orjson.loads(row.meta)
        differ = [name for name in _SAME if meta[name] != getattr(row, name)]
        differ += [
            name
            for name in ("recorded_at", "effective_at")
            if datetime.fromisoformat(meta[name]) != getattr(row, name)
        ]
    except (ValueError, KeyError, TypeError):
        return "its meta cannot be read"
    return f"its meta tells another {' and '.join(differ)}" if differ else None
