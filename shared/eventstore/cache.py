"""The aggregates that the writer holds in memory, each exactly as of the writer's head."""

from collections import OrderedDict
from collections.abc import Iterable, Set
from datetime import datetime
from typing import Any

from shared.domain import Aggregate
from shared.eventstore import snapshots
from shared.eventstore.codec import decode
from shared.eventstore.log.leaf import NO_LEAF

Wanted = tuple[type[Aggregate], str]


class UnreadableStream(Exception):
    """A stored event cannot be folded: of a type that this release does not know, or damaged."""

    def __init__(self, stream: str, version: int) -> None:
        super().__init__(f"{stream} cannot be read at version {version}")
        self.stream = stream


class Entry:
    """An aggregate, the leaf of its last event, and the version of its last snapshot."""

    __slots__ = ("aggregate", "leaf", "snapshot")

    def __init__(self, aggregate: Aggregate, leaf: bytes = NO_LEAF) -> None:
        self.aggregate = aggregate
        self.leaf = leaf
        self.snapshot = 0

    def restore(self, version: int, recorded: datetime, state: bytes, leaf: bytes) -> None:
        """Take up a snapshot."""
        snapshots.restore(self.aggregate, state)
        self.aggregate.version, self.aggregate.modified_on = version, recorded
        self.leaf, self.snapshot = leaf, version

    def forward(
        self,
        version: int,
        type: str,
        schema: int,
        recorded: datetime,
        data: bytes,
        leaf: bytes,
        sealed: bytes,
    ) -> None:
        """Fold the next stored event of the stream."""
        self.aggregate.replay(decode(type, schema, data, sealed), version, recorded)
        self.leaf = leaf


def fold(wanted: Iterable[Wanted], rows: Iterable[Any]) -> dict[str, Entry]:
    """Build aggregates from the rows of ``load.sql``; those without a row stay blank."""
    entries = {}
    for kind, id in wanted:
        aggregate = kind.blank(id)
        entries[aggregate.stream] = Entry(aggregate)
    for stream, version, type, schema, recorded, data, leaf, sealed in rows:
        entry = entries[stream]
        try:
            if type is None:
                entry.restore(version, recorded, data, leaf)
            else:
                entry.forward(version, type, schema, recorded, data, leaf, sealed)
        except Exception as error:
            raise UnreadableStream(stream, version) from error
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
