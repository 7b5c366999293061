"""The aggregates that the writer holds in memory, each exactly as of the writer's head."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Set
from datetime import datetime
from time import monotonic
from typing import Any

from shared.domain import Aggregate
from shared.eventstore import snapshots
from shared.eventstore.codec import decode
from shared.eventstore.log.leaf import NO_LEAF

LONGEST_GO = 0.05
"""Seconds that are worked in one go on the event loop; then others get their turn. Seats are held by signs of
life on the same loop."""

Wanted = tuple[type[Aggregate], str]


class UnreadableStream(Exception):
    """A stored event cannot be folded: of a type that this release does not know, or damaged."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(f"{stream} cannot be read at version {version}")
        self.stream = stream


class Entry:
    """An aggregate, version and leaf of its last event in the store or on its way there, the version of its
    last snapshot, and when the next comes."""

    __slots__ = ("aggregate", "interval", "leaf", "snapshot", "version")

    def __init__(self, aggregate: Aggregate, leaf: bytes = NO_LEAF) -> None:
        self.aggregate = aggregate
        self.version = 0
        self.leaf = leaf
        self.snapshot = 0
        self.interval = snapshots.EVERY

    def restore(
        self, version: int, recorded: datetime, state: bytes, leaf: bytes, effective: datetime
    ) -> None:
        """Take up a snapshot."""
        snapshots.restore(self.aggregate, state)
        self.aggregate.version, self.aggregate.modified_on = version, recorded
        self.aggregate.last_effective_at = effective
        self.leaf, self.snapshot, self.version = leaf, version, version
        self.interval = snapshots.interval_after(state)

    def forward(
        self,
        version: int,
        type: str,
        schema: int,
        recorded: datetime,
        data: bytes,
        leaf: bytes,
        sealed: bytes,
        effective: datetime,
    ) -> None:
        """Fold the next stored event of the stream."""
        self.aggregate.replay(decode(type, schema, data, sealed), version, recorded, effective)
        self.leaf, self.version = leaf, version


async def fold(wanted: Iterable[Wanted], rows: Iterable[Any]) -> dict[str, Entry]:
    """Build aggregates from the rows of ``load.sql``; those without a row stay blank.

    Of many rows it lets the event loop run in between.
    """
    entries = {}
    for kind, id in wanted:
        aggregate = kind.blank(id)
        entries[aggregate.stream] = Entry(aggregate)
    until = monotonic() + LONGEST_GO
    for stream, version, type, schema, recorded, data, leaf, sealed, effective in rows:
        entry = entries[stream]
        try:
            if type is None:
                entry.restore(version, recorded, data, leaf, effective)
            else:
                entry.forward(version, type, schema, recorded, data, leaf, sealed, effective)
        except Exception as error:
            raise UnreadableStream(stream, version) from error
        if monotonic() > until:
            await asyncio.sleep(0)
            until = monotonic() + LONGEST_GO
    return entries


class Cache:
    """A bounded store of entries; the least recently used leaves first."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    def get(self, stream: str) -> Entry | None:
        """Return the entry, or None where it must be loaded."""
        entry = self._entries.get(stream)
        if entry is not None:
            self._entries.move_to_end(stream)
        return entry

    def __contains__(self, stream: str) -> bool:
        return stream in self._entries

    def add(self, entries: dict[str, Entry]) -> None:
        """Take in what was loaded."""
        self._entries.update(entries)

    def drop(self, streams: Iterable[str]) -> None:
        """Forget aggregates whose state in memory is not that of the store."""
        for stream in streams:
            self._entries.pop(stream, None)

    def trim(self, spared: Set[str]) -> None:
        """Forget the least recently used beyond the capacity, but for those that must stay."""
        for _ in range(len(self._entries) - self._capacity):
            stream, entry = self._entries.popitem(last=False)
            if stream in spared:
                self._entries[stream] = entry
