"""The envelope in which an event travels: CloudEvents 1.0, binary mode, bound to NATS headers.

An event's payload is the message body, byte for byte as stored. The headers carry everything else,
so that whoever receives a message can compute the event's leaf in the log of its service.
"""

import re
from functools import lru_cache
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from shared.contracts.identity import check_token
from shared.contracts.meta import Meta

SUBJECT_ROOT = "evt"
TYPE_PREFIX = "tanfidh."
NO_SEALED = sha256(b"").hexdigest().encode()

_TOKEN = "[A-Za-z0-9_-]{1,64}"
_TYPE = re.compile(rf"({_TOKEN})\.({_TOKEN})\.({_TOKEN})")
_STREAM = re.compile(rf"({_TOKEN})\.({_TOKEN})")

_META = re.compile(
    rb'\{"id":"([0-9a-f-]{36})","type":"[\w.-]+","schema":\d+,"stream":"[\w.-]+","version":\d+,'
    rb'"recorded_at":"([0-9TZ:.-]+)",'
)

_LINES = (
    b"ce-specversion: 1.0\r\n"
    b"ce-id: %b\r\n"
    b"ce-source: /tanfidh/%b\r\n"
    b"ce-type: tanfidh.%b.v%d\r\n"
    b"ce-time: %b\r\n"
    b"ce-subject: %b\r\n"
    b"ce-datacontenttype: application/json\r\n"
    b"tf-log: %b\r\n"
    b"tf-position: %d\r\n"
    b"tf-previous: %b\r\n"
    b"tf-sealed: %b\r\n"
    b"tf-meta: %b\r\n"
)


class Unpublishable(ValueError):
    """A stored event cannot be put into an envelope; nothing of it may reach the wire."""


class Stored(Protocol):
    """What the envelope needs to know of a stored event."""

    @property
    def position(self) -> int: ...  # noqa: D102 - explained at the stored row
    @property
    def stream(self) -> str: ...  # noqa: D102 - explained at the stored row
    @property
    def type(self) -> str: ...  # noqa: D102 - explained at the stored row
    @property
    def schema(self) -> int: ...  # noqa: D102 - explained at the stored row
    @property
    def meta(self) -> bytes: ...  # noqa: D102 - explained at the stored row
    @property
    def sealed(self) -> bytes: ...  # noqa: D102 - explained at the stored row
    @property
    def previous(self) -> bytes: ...  # noqa: D102 - explained at the stored row


def stream_name(service: str) -> str:
    """Name a service's JetStream stream, for example ``EVT_REGISTRY``."""
    return f"EVT_{check_token(service).upper()}"


def subjects_of(service: str) -> str:
    """The subjects of all events of a service."""
    return f"{SUBJECT_ROOT}.{check_token(service)}.>"


def subject_of(record: Stored) -> str:
    """Build the subject of an event, for example ``evt.registry.mission.emb-va.closed``.

    Raises:
        Unpublishable: a part of it is no token, or the event's type is not of its stream's kind.
    """
    return _subject(record.type, record.stream)


@lru_cache(4096)
def _subject(event_type: str, stream: str) -> str:
    parts = _TYPE.fullmatch(event_type)
    named = _STREAM.fullmatch(stream)
    if parts is None or named is None or parts[2] != named[1]:
        raise Unpublishable(f"an event of type {event_type!r} in stream {stream!r} has no subject")
    return f"{SUBJECT_ROOT}.{parts[1]}.{stream}.{parts[3]}"


def header_lines(record: Stored, log_id: UUID, leaf_log: UUID | None = None) -> bytes:
    """Render the headers of an event, each line with its CR and LF.

    Args:
        record: the stored event.
        log_id: the log that the stream carries; positions count in it.
        leaf_log: the log under which the event was recorded, where it is an older one: its leaf is hashed
            with that id.

    Raises:
        Unpublishable: the stored meta holds a line break, which would end the header.
    """
    meta = record.meta
    if b"\n" in meta or b"\r" in meta:
        raise Unpublishable(f"the meta of position {record.position} holds a line break")
    event_id, recorded_at, traceparent = _said_in(meta)
    event_type = record.type.encode()
    lines = _LINES % (
        event_id,
        event_type.partition(b".")[0],
        event_type,
        record.schema,
        recorded_at,
        record.stream.encode(),
        _name_of(log_id),
        record.position,
        record.previous.hex().encode(),
        sha256(record.sealed).hexdigest().encode() if record.sealed else NO_SEALED,
        meta,
    )
    if traceparent is not None:
        lines += b"traceparent: %b\r\n" % traceparent
    return lines if leaf_log is None else lines + b"tf-leaf-log: %b\r\n" % _name_of(leaf_log)


@lru_cache(16)
def _name_of(log_id: UUID) -> bytes:
    return str(log_id).encode()


def _said_in(meta: bytes) -> tuple[bytes, bytes, bytes | None]:
    """Take id, recording moment and trace from stored meta.

    The store renders meta in one order, whose beginning holds nothing that JSON would escape; reading
    that much of it takes a fifth of the time of parsing it, and a relay does it for every event.
    """
    begins = _META.match(meta)
    if begins is not None and b'"traceparent"' not in meta:
        return begins[1], begins[2], None
    fields = Meta(meta).fields
    traceparent = fields.get("traceparent")
    return (
        fields["id"].encode(),
        fields["recorded_at"].encode(),
        traceparent.encode() if traceparent is not None else None,
    )
