"""A message as it came from another service's stream, checked and readable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from shared.contracts.envelope import SUBJECT_ROOT, TYPE_PREFIX
from shared.contracts.event import Event
from shared.contracts.meta import Meta
from shared.contracts.once import Once
from shared.eventstore.codec import decode
from shared.eventstore.log.leaf import leaf_hash, microseconds

_TYPE = re.compile(r"([\w-]+)\.([\w-]+)\.([\w-]+)\.v([1-9][0-9]{0,8})", re.ASCII)
_POSITION = re.compile(r"[1-9][0-9]{0,18}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TWICE = ("id", "type", "schema", "stream", "recorded_at")
"""What both headers and meta say."""
_MOST = 2**63 - 1
"""The largest number that a store keeps as position or version."""
_MOST_SCHEMA = 2**31 - 1


class MalformedMessage(Exception):
    """A message that is not an event of ours, or contradicts itself."""


@dataclass(frozen=True)
class Received:
    """An event of another service: its stored row, but of the sealed bytes only the digest."""

    log_id: UUID
    position: int
    stream: str
    version: int
    type: str
    schema: int
    recorded_at: datetime
    effective_at: datetime
    event_id: UUID
    data: bytes
    meta: bytes
    sealed_digest: bytes
    previous: bytes
    leaf_log: UUID | None = None
    """The older log under which it was recorded, where its service was restored since."""

    @Once
    def event(self) -> Event:
        """The payload as today's type of event."""
        return decode(self.type, self.schema, self.data)

    @Once
    def about(self) -> Meta:
        """What is known about the event: who, when, why."""
        return Meta(self.meta)

    @property
    def service(self) -> str:
        """The service whose event it is."""
        return self.type.partition(".")[0]

    @property
    def kind(self) -> str:
        """The kind of the aggregate that it happened to."""
        return self.stream.partition(".")[0]

    @property
    def id(self) -> str:
        """The id of the aggregate that it happened to."""
        return self.stream.partition(".")[2]

    @property
    def correlation(self) -> UUID:
        """The id of the command with which the whole chain began."""
        return self.about.correlation

    @property
    def traceparent(self) -> str | None:
        """The W3C trace context of the command that caused it, where it had one."""
        return self.about.traceparent

    def leaf(self) -> bytes:
        """The event's leaf in the log of its service."""
        return leaf_hash(
            (self.leaf_log or self.log_id).bytes,
            self.position,
            self.stream.encode(),
            self.version,
            self.type.encode(),
            self.schema,
            microseconds(self.recorded_at),
            microseconds(self.effective_at),
            sha256(self.data).digest(),
            sha256(self.meta).digest(),
            self.sealed_digest,
            self.previous,
        )


def open_envelope(subject: str, headers: Mapping[str, str] | None, body: bytes) -> Received:
    """Read a message; raise `MalformedMessage` saying what is wrong with it.

    Headers and stored meta say some things twice; a message in which they differ is refused.
    """
    if not headers:
        raise MalformedMessage(f"a message on {subject} has no headers")
    try:
        received = _read(headers, body)
    except KeyError as missing:
        raise MalformedMessage(f"a message on {subject} lacks {missing.args[0]}") from missing
    except (ValueError, TypeError, AttributeError, OverflowError) as wrong:
        raise MalformedMessage(f"a message on {subject} is not an event of ours: {wrong}") from wrong
    service, kind, name = received.type.split(".")
    expected = f"{SUBJECT_ROOT}.{service}.{received.stream}.{name}"
    if subject != expected or received.kind != kind:
        raise MalformedMessage(f"a message on {subject} says that it belongs on {expected}")
    return received


def _read(headers: Mapping[str, str], body: bytes) -> Received:
    if headers["ce-specversion"] != "1.0":
        raise ValueError(f"ce-specversion is {headers['ce-specversion']!r}, not 1.0")
    meta = headers["tf-meta"].encode()
    fields = Meta(meta).fields
    event_type, schema = _read_type(headers["ce-type"])
    told = (headers["ce-id"], event_type, schema, headers["ce-subject"], headers["ce-time"])
    differing = [name for name, said in zip(_TWICE, told, strict=True) if fields[name] != said]
    if differing:
        raise ValueError(f"its headers and its meta differ in {', '.join(differing)}")
    return received_of(
        fields,
        meta,
        body,
        log_id=UUID(headers["tf-log"]),
        position=int(_matching(_POSITION, headers["tf-position"], "tf-position")),
        sealed_digest=bytes.fromhex(_matching(_DIGEST, headers["tf-sealed"], "tf-sealed")),
        previous=bytes.fromhex(_matching(_DIGEST, headers["tf-previous"], "tf-previous")),
        leaf_log=UUID(headers["tf-leaf-log"]) if "tf-leaf-log" in headers else None,
    )


def received_of(
    fields: Mapping[str, Any],
    meta: bytes,
    data: bytes,
    *,
    log_id: UUID,
    position: int,
    sealed_digest: bytes,
    previous: bytes,
    leaf_log: UUID | None,
) -> Received:
    """Put an event together from its stored bytes, its place, and the parsed meta.

    What it accepts has a leaf in the log and moments that a database can store.

    Raises:
        KeyError, ValueError, TypeError, AttributeError, OverflowError: the meta is not that of an event.
    """
    return Received(
        log_id=log_id,
        position=_number("position", position, _MOST),
        stream=fields["stream"],
        version=_number("version", fields["version"], _MOST),
        type=fields["type"],
        schema=_number("schema", fields["schema"], _MOST_SCHEMA),
        recorded_at=_moment(fields["recorded_at"]),
        effective_at=_moment(fields["effective_at"]),
        event_id=UUID(fields["id"]),
        data=data,
        meta=meta,
        sealed_digest=sealed_digest,
        previous=previous,
        leaf_log=leaf_log,
    )


def _number(name: str, value: Any, most: int) -> int:
    if type(value) is not int or not 1 <= value <= most:
        raise ValueError(f"its {name} is no whole number from 1 to {most}")
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{value!r} has no offset from UTC")
    return moment.astimezone(UTC)


def _read_type(value: str) -> tuple[str, int]:
    parts = _TYPE.fullmatch(value.removeprefix(TYPE_PREFIX)) if value.startswith(TYPE_PREFIX) else None
    if parts is None:
        raise ValueError(f"ce-type {value!r} is none of ours")
    return f"{parts[1]}.{parts[2]}.{parts[3]}", int(parts[4])


def _matching(pattern: re.Pattern[str], value: str, name: str) -> str:
    if pattern.fullmatch(value) is None:
        raise ValueError(f"{name} {value[:80]!r} is malformed")
    return value
