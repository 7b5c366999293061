"""Between typed events and the bytes of ``data`` and ``sealed``."""

from collections.abc import Callable
from typing import Any

import orjson
from pydantic_core import SchemaValidator

from shared.contracts.event import CATALOGUE, Event

READERS: dict[tuple[str, int], Callable[[bytes], Event]] = {}
"""What reads the payload of a type's schema of today, by both; filled as types are met."""


class UnknownEventType(Exception):
    """A stored or received event has a type, or a schema version, that this release does not know."""


def encode(event: Event) -> bytes:
    """Render the payload; the one place where it is done."""
    return event.__pydantic_serializer__.to_json(event)


def encode_sealed(event: Event) -> bytes:
    """Render the tokens of the personal fields as a JSON object; nothing where there are none."""
    if not event.sealed_fields:
        return b""
    tokens = event.sealed()
    return orjson.dumps(tokens) if tokens else b""


def decode(event_type: str, schema: int, data: bytes, sealed: bytes = b"") -> Event:
    """Read a payload of any schema version up to today's, upcasting step by step.

    Sealed fields take part with their tokens, so that upcasting renames or moves them like any other.
    """
    if not sealed and (read := READERS.get((event_type, schema))) is not None:
        return read(data)
    kind = CATALOGUE.get(event_type)
    if kind is None:
        raise UnknownEventType(f"no event type {event_type!r} is declared")
    if schema == kind.class_version and not sealed:
        READERS[event_type, schema] = read = _reader_of(kind)
        event: Event = read(data)
        return event
    if schema > kind.class_version:
        raise UnknownEventType(
            f"{event_type} has schema {schema}; this release knows up to {kind.class_version}"
        )
    state: dict[str, Any] = orjson.loads(data)
    if sealed:
        state |= orjson.loads(sealed)
    for step in range(schema, kind.class_version):
        getattr(kind, f"upcast_v{step}_v{step + 1}")(state)
    return kind.model_validate(state)


def _reader_of(kind: type[Event]) -> Callable[[bytes], Event]:
    """Return what reads the payload of an event of today's schema.

    Every member is validated. What is asked of an object as a whole was asked when the event was made (a text
    has words), and is a call back into Python for each; so it is left out, in values within the event too.
    """
    read: Callable[[bytes], Event] = SchemaValidator(
        _of_members(kind.__pydantic_core_schema__), _use_prebuilt=False
    ).validate_json
    return read


def _of_members(schema: Any) -> Any:
    """A schema of pydantic without what is asked of objects."""
    if isinstance(schema, list):
        return [_of_members(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    asked = "post_init" if schema.get("type") == "model" else None
    return {name: _of_members(value) for name, value in schema.items() if name != asked}
