"""Erasures, as log, audit's copies and stream know them; what only some of these know is noted again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from nats.aio.client import Client
from pydantic import ValidationError

from deploy.restoring.plan import ServicePlan
from services.registry.erasures import who_erased
from services.registry.staff import StaffMember
from shared.contracts.envelope import SUBJECT_ROOT
from shared.contracts.meta import Meta
from shared.contracts.registry import StaffErased
from shared.eventstore.record import Record
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.statements import ERASED, IS_ERASED
from shared.messaging.finding import along
from shared.messaging.received import Received

_Row = tuple[UUID, str, datetime, datetime, bytes, bytes]

_TYPE = StaffErased.event_type
_SUBJECT = f"{SUBJECT_ROOT}.registry.{StaffMember.kind}.*.erased"
_FILED = """
SELECT event_id, stream, recorded_at, effective_at, data, meta FROM audit.filed
WHERE type = $1 AND source = 'registry'"""


async def lost_erasures(plans: Sequence[ServicePlan]) -> list[Erasure]:
    """Gather the erasures that are in the registry's stream or in audit's copies, and not in its store."""
    found: dict[str, Erasure] = {}
    for plan in plans:
        if plan.service == "registry":
            lost = plan.stream.lost if plan.stream is not None else ()
            rows = [_row(event) for event in lost if event.type == _TYPE]
            for erasure in [*_read(rows), *await filed_erasures(plan.log.connection)]:
                if not await plan.log.connection.fetchval(IS_ERASED, erasure.owner):
                    found.setdefault(erasure.owner, erasure)
    return list(found.values())


async def recorded_erasures(connection: Any) -> list[Erasure]:
    """Gather the erasures in the registry's log."""
    records = [Record(*row) for row in await connection.fetch(ERASED, 0, None)]
    return _read(_row(record) for record in records if record.type == _TYPE)


async def published_erasures(nc: Client) -> list[tuple[str, Erasure]]:
    """Gather the erasures in the registry's stream, each with the id of the log that published it."""
    found = []
    async for event in along(nc, "registry", _SUBJECT):
        found += [(str(event.log_id), erasure) for erasure in _read([_row(event)])]
    return found


async def filed_erasures(connection: Any) -> list[Erasure]:
    """Gather the erasures in audit's copies; none where audit has no schema."""
    try:
        rows = await connection.fetch(_FILED, _TYPE)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return []
    return _read(tuple(row) for row in rows)


def _row(event: Record | Received) -> _Row:
    return event.event_id, event.stream, event.recorded_at, event.effective_at, event.data, event.meta


def _read(rows: Iterable[_Row]) -> list[Erasure]:
    read = []
    for event, stream, recorded_at, effective_at, data, meta in rows:
        try:
            told = orjson.loads(data)
            read.append(
                Erasure(
                    owner=stream,
                    event=str(event),
                    recorded_at=recorded_at,
                    reason=told["reason"],
                    basis=told["basis"],
                    effective_at=effective_at,
                    by=who_erased(told.get("erased_by"), Meta(meta).actor),
                )
            )
        except (ValueError, KeyError, TypeError, ValidationError):
            continue  # what cannot be read is no erasure of ours; `audit verify` names it
    return read
