"""The questions that the registry answers: views for what is now, streams for what was."""

from collections import defaultdict
from typing import Any

from services.registry.measure.measure import MeasureState
from services.registry.mission.mission import MissionState
from shared.contracts.identity import stream_of
from shared.contracts.meta import rfc3339
from shared.domain import NotFound
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views

KINDS = {
    "decrees": "decree",
    "departments": "department",
    "measures": "measure",
    "missions": "mission",
    "staff": "staff",
}
"""The kind of aggregate in each view."""

MEASURES = tuple(state.value for state in MeasureState if state is not MeasureState.UNKNOWN)
MISSIONS = tuple(state.value for state in MissionState if state is not MissionState.UNKNOWN)

Row = dict[str, Any]
Counts = dict[str, dict[str, dict[str, int]]]


class Inquiries:
    """Reads only. Rows come from views, which may be a moment behind the log."""

    def __init__(self, store: EventStore, views: Views) -> None:
        self._store = store
        self._views = views

    @property
    def position(self) -> int:
        """The position of the log up to which the views are folded."""
        return self._views.position

    async def rows(
        self, view: str, where: dict[str, str | None], after: str | None, limit: int
    ) -> list[tuple[str, Row]]:
        """List the rows of a view, by key, filtered by those facets that have a value."""
        asked = {facet: value for facet, value in where.items() if value is not None}
        return await self._views.list(view, asked, after, limit)

    async def row(self, view: str, id: str) -> Row:
        """Return one row; refuse where there is none."""
        found = await self._views.get(view, id)
        if found is None:
            raise NotFound(kind=KINDS[view], id=id)
        return found

    async def history(self, kind: str, id: str) -> list[Row]:
        """Tell everything that happened to an aggregate, in order; refuse where there is nothing."""
        records = await self._store.history(stream_of(kind, id)) if kind in KINDS.values() else []
        if not records:
            raise NotFound(kind=kind, id=id)
        return [_told(record) for record in records]

    async def counts_by_decree(self) -> Counts:
        """Count by state: ``{"298-2025": {"measures": {"ordered": 19, …}, "missions": {"closing": 19, …}}}``.

        Every state has its count, 0 too. The missions counted are those that a row of the decree is
        about, not those that receive.
        """
        counts: defaultdict[str, dict[str, dict[str, int]]] = defaultdict(
            lambda: {"measures": dict.fromkeys(MEASURES, 0), "missions": dict.fromkeys(MISSIONS, 0)}
        )
        for view in ("measures", "missions"):
            for (decree, state), count in await self._views.count(view, ("decree", "state")):
                if decree:
                    counts[decree][view][state] = count
        return dict(counts)


def _told(record: Record) -> Row:
    return {
        "position": record.position,
        "version": record.version,
        "type": record.type,
        "recorded_at": rfc3339(record.recorded_at),
        "effective_at": rfc3339(record.effective_at),
        "actor": record.about.actor,
        "data": record.event,
    }
