"""Aggregates out of the store, from their newest snapshots where these can be read."""

from collections.abc import Collection
from typing import Any

import structlog

from shared.eventstore.cache import Entry, UnreadableStream, Wanted, fold
from shared.eventstore.statements import LOAD

_NO_FORMAT = -1

log = structlog.get_logger()


async def load(connection: Any, wanted: Collection[Wanted], position: int) -> dict[str, Entry]:
    """Build aggregates as of a position of the log; those that do not exist are blank.

    Raises:
        UnreadableStream: an event, not only a snapshot, cannot be read.
    """
    if not wanted:
        return {}
    streams = [f"{kind.kind}.{id}" for kind, id in wanted]
    formats = [kind.snapshot_version for kind, _ in wanted]
    try:
        return await fold(wanted, await connection.fetch(LOAD, streams, formats, position))
    except UnreadableStream as error:
        log.warning("load.without-snapshots", stream=error.stream, error=repr(error.__cause__))
    none = [_NO_FORMAT] * len(streams)
    return await fold(wanted, await connection.fetch(LOAD, streams, none, position))
