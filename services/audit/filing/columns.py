"""From events to the columns of the trail."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.contracts.event import CO_EXECUTORS
from shared.contracts.identity import check_token
from shared.messaging.received import Received

LONGEST = 256
"""Characters of an actor's subject or role by which it can be asked for."""


class Filed(NamedTuple):
    """A row of the trail without its source and log, in the order of the parameters of ``file.sql``."""

    position: int
    version: int
    recorded_at: datetime
    effective_at: datetime
    schema: int
    event_id: UUID
    leaf_log: UUID | None
    stream: str
    kind: str
    type: str
    command: UUID | None
    correlation: UUID | None
    causation: UUID | None
    actor: str | None
    role: str | None
    decree: str | None
    article: str | None
    measure: str | None
    mission: str | None
    staff: str | None
    task: str | None
    plan: str | None
    departments: list[str]
    data: bytes
    meta: bytes
    sealed_digest: bytes
    previous: bytes
    leaf: bytes


def filed(received: Received) -> Filed:
    """Build the row of an event, its leaf computed.

    Whatever passes the envelope can be filed: what its meta says about cause, actor and keys is an index to
    it, and where that is missing or no such thing, the event is filed without.
    """
    fields = received.about.fields
    actor = _object(fields, "actor")
    keys = _object(fields, "keys")
    return Filed(
        received.position,
        received.version,
        received.recorded_at,
        received.effective_at,
        received.schema,
        received.event_id,
        received.leaf_log,
        received.stream,
        received.kind,
        received.type,
        _id(fields, "command"),
        _id(fields, "correlation"),
        _id(fields, "causation"),
        _name(actor, "subject"),
        _name(actor, "role"),
        _key(keys, "decree"),
        _key(keys, "article"),
        _key(keys, "measure"),
        _key(keys, "mission"),
        _key(keys, "staff"),
        _key(keys, "task"),
        _key(keys, "plan"),
        _departments(fields, keys, actor),
        received.data,
        received.meta,
        received.sealed_digest,
        received.previous,
        received.leaf(),
    )


def columns(rows: Sequence[Filed]) -> list[list[Any]]:
    """Turn rows into one list for each column; of departments, each row's are one text."""
    return [
        [" ".join(each) for each in column] if name == "departments" else list(column)
        for name, column in zip(Filed._fields, zip(*rows, strict=True), strict=True)
    ]


def _departments(fields: Mapping[str, Any], keys: Mapping[str, Any], actor: Mapping[str, Any]) -> list[str]:
    """The departments that an event concerns, each once: lead, co-executors, and the one that acted."""
    beside = fields.get(CO_EXECUTORS)
    named = [keys.get("department"), *(beside if isinstance(beside, list) else ()), actor.get("department")]
    found = (_token(name) for name in named)
    return list(dict.fromkeys(name for name in found if name is not None))


def _object(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = fields.get(name)
    return found if isinstance(found, dict) else {}


def _id(fields: Mapping[str, Any], name: str) -> UUID | None:
    with suppress(ValueError, TypeError, AttributeError):
        return UUID(fields[name]) if name in fields else None
    return None


def _name(fields: Mapping[str, Any], name: str) -> str | None:
    found = fields.get(name)
    if not isinstance(found, str) or not 0 < len(found) <= LONGEST or "\0" in found:
        return None
    return found


def _key(fields: Mapping[str, Any], name: str) -> str | None:
    return _token(fields.get(name))


def _token(found: Any) -> str | None:
    with suppress(ValueError, TypeError):
        return check_token(found) if found is not None else None
    return None
