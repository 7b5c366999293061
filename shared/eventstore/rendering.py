"""The one rendering of an event: payload, meta and leaf, as they stay for ever."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson

from shared.contracts.event import CO_EXECUTORS, QUERY_KEYS
from shared.contracts.meta import rfc3339
from shared.domain import Change
from shared.eventstore.cache import Entry
from shared.eventstore.codec import encode, encode_sealed
from shared.eventstore.command import Command, Instruction
from shared.eventstore.errors import EventTooLarge
from shared.eventstore.log.leaf import leaf_hash, microseconds
from shared.eventstore.record import Record

MAX_EVENT_BYTES = 256 * 1024
"""Payload and meta of one event together; the stream takes no larger message."""

_NOTHING_SEALED = hashlib.sha256(b"").digest()


class Row:
    """An event on its way into the table; `previous` and `leaf` are set when it gets its place.

    `effective_microseconds` (since 1970) stays None where the event is effective when it is recorded.
    """

    __slots__ = (
        "data",
        "effective_at",
        "effective_microseconds",
        "leaf",
        "meta",
        "position",
        "previous",
        "record",
        "schema",
        "sealed",
        "stream",
        "type",
        "version",
    )

    def __init__(
        self,
        position: int,
        stream: str,
        version: int,
        type: str,
        schema: int,
        effective_at: datetime,
        data: bytes,
        meta: bytes,
        sealed: bytes,
    ) -> None:
        self.position = position
        self.stream = stream
        self.version = version
        self.type = type
        self.schema = schema
        self.effective_at = effective_at
        self.effective_microseconds: int | None = None
        self.data = data
        self.meta = meta
        self.sealed = sealed
        self.previous = b""
        self.leaf = b""
        self.record: Record | None = None

    def stored(self, recorded_at: datetime) -> Record:
        """The row as it reads from the table; built once for the relay and the views."""
        if self.record is None:
            self.record = self._build(recorded_at)
        return self.record

    def _build(self, recorded_at: datetime) -> Record:
        return Record(
            self.position,
            self.stream,
            self.version,
            self.type,
            self.schema,
            recorded_at,
            self.effective_at,
            self.data,
            self.meta,
            self.sealed,
            self.previous,
            self.leaf,
        )


def event_id(log_id: bytes, command: str, index: int) -> str:
    """The id of a command's event number `index`: UUID version 5 of ``<command id>/<index>`` in the log.

    The log takes part because a command that a restore lost may come again: its events are new ones.
    """
    name = f"{command}/{index}".encode()
    digest = hashlib.sha1(log_id + name, usedforsecurity=False).hexdigest()
    variant = "89ab"[int(digest[16], 16) & 3]
    return f"{digest[:8]}-{digest[8:12]}-5{digest[13:16]}-{variant}{digest[17:20]}-{digest[20:32]}"


class Gap(RuntimeError):
    """Events that would not follow the last stored one of their stream: an error of the code."""


def _following(stream: str, entry: Entry) -> Sequence[Any]:
    pending = entry.aggregate.pending_events
    if pending and pending[0].originator_version != entry.version + 1:
        raise Gap(f"{stream} stands at {entry.version}, not before {pending[0].originator_version}")
    return pending


class Renderer:
    """Renders the events of one batch, which all carry the same `recorded_at`."""

    def __init__(self, log_id: UUID, position: int, recorded_at: datetime) -> None:
        self.position = position
        self._log_id = log_id.bytes
        self._recorded_at = recorded_at
        self._recorded = rfc3339(recorded_at)
        self._recorded_microseconds = microseconds(recorded_at)

    def render(self, command: Command[Any], got: dict[str, Entry], offset: int) -> list[Row]:
        """Render all events that a decision recorded, without taking them off their aggregates.

        Raises:
            Gap: an aggregate in memory is not the one in the store.
        """
        changes = [
            (stream, entry.aggregate.kind, cast(Change, change))
            for stream, entry in got.items()
            for change in _following(stream, entry)
        ]
        if not changes:
            return []
        common = _common(command.by)
        start = self.position + offset + 1
        rows = []
        for index, (stream, kind, change) in enumerate(changes):
            about = common
            if change.cause is not None:
                of = next(number for number, one in enumerate(changes) if one[2] is change.cause)
                about = {**common, "causation": event_id(self._log_id, common["command"], of)}
            rows.append(self._row(about, index, start + index, stream, kind, change))
        return rows

    def _row(
        self,
        common: dict[str, Any],
        index: int,
        position: int,
        stream: str,
        kind: str,
        change: Change,
    ) -> Row:
        event = change.event
        data = encode(event)
        keys = event.keys()
        if kind in QUERY_KEYS:
            keys[kind] = change.originator_id
        # An event may have an effective moment of its own; where it has none, it is the batch's very object.
        own = change.effective_at is not self._recorded_at
        effective = rfc3339(change.effective_at) if own else self._recorded
        meta = orjson.dumps(
            {
                "id": event_id(self._log_id, common["command"], index),
                "type": event.event_type,
                "schema": event.class_version,
                "stream": stream,
                "version": change.originator_version,
                "recorded_at": self._recorded,
                "effective_at": effective,
                **common,
                "keys": keys,
                **({CO_EXECUTORS: beside} if (beside := event.co_executors_told()) else {}),
            }
        )
        if len(data) + len(meta) > MAX_EVENT_BYTES:
            raise EventTooLarge(type=event.event_type, size=len(data) + len(meta), limit=MAX_EVENT_BYTES)
        return Row(
            position,
            stream,
            change.originator_version,
            event.event_type,
            event.class_version,
            change.effective_at,
            data,
            meta,
            encode_sealed(event),
        )

    def leaf(self, row: Row, previous: bytes) -> bytes:
        """Give the row its place after `previous`, the last leaf of its stream; return its own leaf."""
        effective = self._recorded_microseconds
        if row.effective_at is not self._recorded_at:
            effective = row.effective_microseconds = microseconds(row.effective_at)
        row.previous = previous
        row.leaf = leaf_hash(
            self._log_id,
            row.position,
            row.stream.encode(),
            row.version,
            row.type.encode(),
            row.schema,
            self._recorded_microseconds,
            effective,
            hashlib.sha256(row.data).digest(),
            hashlib.sha256(row.meta).digest(),
            _NOTHING_SEALED if not row.sealed else hashlib.sha256(row.sealed).digest(),
            previous,
        )
        return row.leaf


def _common(by: Instruction) -> dict[str, Any]:
    """What the meta of all events of a command has in common."""
    actor = {"subject": by.actor.subject, "role": by.actor.role}
    if by.actor.department is not None:
        actor["department"] = by.actor.department
    if by.actor.on_behalf_of is not None:
        actor["on_behalf_of"] = by.actor.on_behalf_of
    command = str(by.id)
    common: dict[str, Any] = {
        "actor": actor,
        "command": command,
        "correlation": str(by.correlation) if by.correlation is not None else command,
    }
    if by.causation is not None:
        common["causation"] = str(by.causation)
    if by.traceparent is not None:
        common["traceparent"] = by.traceparent
    return common


def columns(rows: Sequence[Row]) -> tuple[Any, ...]:
    """Turn rows into the parameters 4 to 13 of ``append.sql``; see there."""
    effective = [
        "" if row.effective_microseconds is None else str(row.effective_microseconds) for row in rows
    ]
    return (
        ",".join([row.stream for row in rows]),
        ",".join([str(row.version) for row in rows]),
        ",".join([row.type for row in rows]),
        ",".join([str(row.schema) for row in rows]),
        ",".join(effective),
        [row.data for row in rows],
        [row.meta for row in rows],
        [row.sealed for row in rows] if any(row.sealed for row in rows) else [],
        b"".join([row.previous for row in rows]),
        b"".join([row.leaf for row in rows]),
    )
