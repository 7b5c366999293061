"""Erasures that a restored database no longer knows, though something else does; they are noted again."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from pydantic import ValidationError

from deploy.restoring.plan import ServicePlan
from shared.contracts.registry import StaffErased
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.statements import IS_ERASED

_TYPE = StaffErased.event_type
_FILED = """
SELECT event_id, stream, recorded_at, data FROM audit.filed
WHERE type = $1 AND source = 'registry'"""


async def lost_erasures(plans: Sequence[ServicePlan]) -> list[Erasure]:
    """Gather the erasures that are in the registry's stream or in audit's copies, and not in its store."""
    found: dict[str, Erasure] = {}
    for plan in plans:
        if plan.service == "registry":
            lost = plan.stream.lost if plan.stream is not None else ()
            rows = [(e.event_id, e.stream, e.recorded_at, e.data) for e in lost if e.type == _TYPE]
            for erasure in [*_read(rows), *await filed_erasures(plan.log.connection)]:
                if not await plan.log.connection.fetchval(IS_ERASED, erasure.owner):
                    found.setdefault(erasure.owner, erasure)
    return list(found.values())


async def filed_erasures(connection: Any) -> list[Erasure]:
    """Gather the erasures in audit's copies; none where audit has no schema."""
    try:
        rows = await connection.fetch(_FILED, _TYPE)
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        return []
    return _read((row["event_id"], row["stream"], row["recorded_at"], row["data"]) for row in rows)


def _read(rows: Iterable[tuple[UUID, str, datetime, bytes]]) -> list[Erasure]:
    read = []
    for event, stream, recorded_at, data in rows:
        try:
            told = orjson.loads(data)
            read.append(
                Erasure(
                    owner=stream,
                    event=str(event),
                    recorded_at=recorded_at,
                    reason=told["reason"],
                    basis=told["basis"],
                )
            )
        except (ValueError, KeyError, TypeError, ValidationError):
            continue  # what cannot be read is no erasure of ours; `audit verify` names it
    return read
