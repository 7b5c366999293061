"""The leaf of an event in the log: what exactly is hashed, frozen as format 1."""

import hashlib
import struct
from datetime import UTC, datetime, timedelta
from uuid import UUID

FORMAT = 1
NO_LEAF = bytes(32)
"""Stands for the previous leaf of the first event of a stream."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_HEAD = struct.Struct(">BH16sQ")
_NAMES = struct.Struct(">HHI")
_TIMES = struct.Struct(">Qqq")


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01T00:00:00Z; negative before."""
    return (moment - _EPOCH) // _MICROSECOND


def leaf_hash(
    log_id: bytes,
    position: int,
    stream: bytes,
    version: int,
    type: bytes,
    schema: int,
    recorded_at: int,
    effective_at: int,
    data: bytes,
    meta: bytes,
    sealed: bytes,
    previous: bytes,
) -> bytes:
    """Hash one event as a leaf (RFC 9162, section 2.1.1: SHA-256 over a zero byte and the entry).

    The entry is, big-endian: format number (2 bytes), log id (16), position (8), the lengths of
    stream (2) and type (2) with the schema version (4), stream, type, version (8), both times in
    microseconds since 1970 (8 each, signed), and 32 bytes each: the digests of data, meta and
    sealed, and the previous leaf of the same stream.

    Args:
        log_id: the 16 bytes of the log's UUID.
        data, meta, sealed: their SHA-256 digests.
    """
    return hashlib.sha256(
        _HEAD.pack(0, FORMAT, log_id, position)
        + _NAMES.pack(len(stream), len(type), schema)
        + stream
        + type
        + _TIMES.pack(version, recorded_at, effective_at)
        + data
        + meta
        + sealed
        + previous
    ).digest()


def leaf_of(
    log_id: UUID,
    position: int,
    stream: str,
    version: int,
    type: str,
    schema: int,
    recorded_at: datetime,
    effective_at: datetime,
    data: bytes,
    meta: bytes,
    sealed: bytes,
    previous: bytes,
) -> bytes:
    """Hash a stored row, given with its full bytes."""
    return leaf_hash(
        log_id.bytes,
        position,
        stream.encode(),
        version,
        type.encode(),
        schema,
        microseconds(recorded_at),
        microseconds(effective_at),
        hashlib.sha256(data).digest(),
        hashlib.sha256(meta).digest(),
        hashlib.sha256(sealed).digest(),
        previous,
    )
