"""Stands in for the store and the views of a service whose log ends at a position."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Self, TypeVar, cast

from services.registry.inquiries import RegistryInquiries
from services.tasks.application import Tasks
from shared.domain import Aggregate
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views
from tests.integration.asof.replaying.replay import Replay, Row, Rows, matching, plain, said

A = TypeVar("A", bound=Aggregate)
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Shortened:
    """A log that ends at a position. What it is asked as of is that position, or nothing."""

    replay: Replay
    position: int
    now: datetime

    @classmethod
    def at(cls, replay: Replay, position: int) -> Self:
        """The log up to a position, at the moment at which the last event was recorded."""
        last = replay.records[max(position, 1) - 1]
        return cls(replay, position, last.recorded_at)

    @property
    def rows(self) -> Mapping[str, Rows]:
        return self.replay.rows(self.position)

    @cached_property
    def store(self) -> EventStore:
        return cast(EventStore, _Store(self))

    @cached_property
    def views(self) -> Views:
        return cast(Views, _Views(self))

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.store, self.views, lambda: self.now)

    @cached_property
    def registry(self) -> RegistryInquiries:
        return RegistryInquiries(self.store, self.views)

    def is_end(self, position: int | None) -> None:
        assert position in (None, self.position), f"asked as of {position}, and not as of {self.position}"


@dataclass(frozen=True)
class _Store:
    log: Shortened

    @property
    def head(self) -> int:
        return self.log.position

    async def load(self, kind: type[A], id: str, upto: int | None = None) -> A:
        """The aggregate at the end, or as it was before that: at the end of a deadline, for one."""
        upto = self.log.position if upto is None else upto
        assert upto <= self.log.position, f"asked as of {upto}, which is not there yet"
        return self.log.replay.aggregate(kind, id, upto)

    async def load_all(self, wanted: Sequence[tuple[type[Aggregate], str]], upto: int) -> list[Aggregate]:
        return [await self.load(kind, id, upto) for kind, id in wanted]

    async def history(
        self, stream: str, after_version: int = 0, upto: int | None = None, limit: int | None = None
    ) -> list[Record]:
        self.log.is_end(upto)
        return self.log.replay.stream(stream, self.log.position)[after_version:][:limit]

    async def is_erased(self, stream: str) -> bool:
        """By now, and so of the whole log: what is erased is erased as of any position."""
        records = self.log.replay.stream(stream, self.log.replay.head)
        return any(record.type.endswith(".erased") for record in records)


@dataclass(frozen=True)
class _Views:
    log: Shortened

    @property
    def position(self) -> int:
        return self.log.position

    async def wait_for(self, position: int, timeout: float) -> bool:
        return position == self.log.position

    async def get(self, view: str, key: str, as_of: int | None = None) -> Row | None:
        self.log.is_end(as_of)
        return cast("Row | None", plain(self.log.rows[view].get(key)))

    async def list(
        self,
        view: str,
        where: Mapping[str, str] = NOTHING,
        after: str | None = None,
        limit: int = 50,
        as_of: int | None = None,
    ) -> list[tuple[str, Row]]:
        self.log.is_end(as_of)
        found = matching(self.log.rows[view], where)
        return [(key, plain(row)) for key, row in found.items() if key > (after or "")][:limit]

    async def count(
        self, view: str, by: Sequence[str], where: Mapping[str, str] = NOTHING, as_of: int | None = None
    ) -> Sequence[tuple[tuple[str, ...], int]]:
        self.log.is_end(as_of)
        rows = matching(self.log.rows[view], where).values()
        counted = Counter(tuple(said(row, name) or "" for name in by) for row in rows)
        return sorted(counted.items())
