"""Rows of the registry's views, folded in memory from events."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast
from uuid import UUID

import orjson

from services.registry.views.row import OwnRows
from shared.contracts.event import Event
from shared.domain import Aggregate, Change
from shared.eventstore.codec import encode
from shared.eventstore.record import Record

WHEN = datetime(2025, 5, 5, tzinfo=UTC)
ABOUT = {"id": str(UUID(int=1)), "correlation": str(UUID(int=2))}
"""Which event it is and of which chain: of every one the same."""


def fold(
    view: OwnRows, *happened: tuple[str, Event], moments: Sequence[datetime] = ()
) -> dict[str, dict[str, Any]]:
    """Fold events, each of the stream named; the rows that come of it. `moments` are the effective ones."""
    rows: dict[str, dict[str, Any]] = {}
    versions: dict[str, int] = {}
    for position, (stream, event) in enumerate(happened, 1):
        versions[stream] = versions.get(stream, 0) + 1
        record = Record(
            position=position,
            stream=stream,
            version=versions[stream],
            type=event.event_type,
            schema=1,
            recorded_at=WHEN,
            effective_at=moments[position - 1] if moments else WHEN,
            data=encode(event),
            meta=orjson.dumps({**ABOUT, "keys": event.keys()}),
            sealed=b"",
            previous=bytes(32),
            leaf=bytes(32),
        )
        for key in view.keys(record):
            folded = view.fold(key, rows.get(key), record)
            assert folded is not None
            rows[key] = orjson.loads(orjson.dumps(folded))
    return rows


def row_of(aggregate: Aggregate, view: OwnRows) -> dict[str, Any]:
    """The row that comes of everything that was recorded of an aggregate since it was blank."""
    changes = [cast(Change, change) for change in aggregate.pending_events]
    happened = ((aggregate.stream, change.event) for change in changes)
    return fold(view, *happened, moments=[change.effective_at for change in changes])[aggregate.id]
