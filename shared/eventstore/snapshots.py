"""An aggregate's state as bytes and back: a shortcut for loading, never evidence."""

import asyncio
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

import asyncpg
import structlog
from pydantic import BaseModel, create_model

from shared.domain import Aggregate
from shared.eventstore.line import ANY_FAILURE

if TYPE_CHECKING:
    from shared.eventstore.cache import Entry

EVERY = 200
"""A snapshot is taken when a stream is so many events beyond its last one, at least."""

BYTES_PER_EVENT = 1_024
"""Bytes of snapshots that an event costs, at most: the larger a state is, the more seldom it is written.
Loading an aggregate reads its snapshot and at most as many events as that has KiB, or `EVERY`."""

_KEEP = """
INSERT INTO snapshots (stream, version, format, leaf, state) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (stream) DO UPDATE
SET version = excluded.version, format = excluded.format, leaf = excluded.leaf, state = excluded.state
WHERE snapshots.version < excluded.version OR snapshots.format <> excluded.format"""

log = structlog.get_logger()


@cache
def _state_model(kind: type[Aggregate]) -> type[BaseModel]:
    hints = get_type_hints(kind, include_extras=True)
    members: dict[str, Any] = {field.name: (hints[field.name], ...) for field in fields(kind)}  # type: ignore[arg-type]  # the library makes every aggregate with fields a dataclass
    return create_model(f"{kind.__name__}State", **members)


def dump(aggregate: Aggregate) -> bytes:
    """Render the aggregate's own fields as JSON."""
    model = _state_model(type(aggregate))
    values = {name: getattr(aggregate, name) for name in model.model_fields}
    state = model.model_construct(**values)
    return state.__pydantic_serializer__.to_json(state)


def restore(aggregate: Aggregate, state: bytes) -> None:
    """Set the fields of a blank aggregate from what `dump` rendered."""
    model = _state_model(type(aggregate)).model_validate_json(state)
    for name in type(model).model_fields:
        setattr(aggregate, name, getattr(model, name))


def interval_after(state: bytes) -> int:
    """How many events after a snapshot the next one is taken."""
    return max(EVERY, len(state) // BYTES_PER_EVENT)


class Snapshots:
    """Takes snapshots of what was committed and keeps them aside from the write path."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[str, int, int, bytes, bytes]] = asyncio.Queue()

    def offer(self, entries: "Iterable[Entry]") -> None:
        """Take a snapshot of each committed aggregate that is due for one."""
        for entry in entries:
            aggregate = entry.aggregate
            if aggregate.version - entry.snapshot >= entry.interval and not aggregate.pending_events:
                entry.snapshot = aggregate.version
                try:
                    state = dump(aggregate)
                except Exception:
                    log.exception("snapshot.impossible", stream=aggregate.stream)
                    continue
                entry.interval = interval_after(state)
                self._waiting.put_nowait(
                    (aggregate.stream, aggregate.version, aggregate.snapshot_version, entry.leaf, state)
                )

    async def run(self, pool: "asyncpg.Pool[Any]") -> None:
        """Write snapshots until cancelled; one that cannot be written is left out."""
        while True:
            snapshot = await self._waiting.get()
            try:
                await pool.execute(_KEEP, *snapshot)
            except ANY_FAILURE as error:
                log.warning("snapshot.lost", stream=snapshot[0], error=repr(error))
            finally:
                self._waiting.task_done()

    async def written(self) -> None:
        """Wait until all that were offered are dealt with."""
        await self._waiting.join()
