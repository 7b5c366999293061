"""The questions that this service answers: views for what is now, streams for what was."""

from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.department import Department
from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.task import Task
from services.tasks.template import Template
from services.tasks.views import matrix
from shared.contracts.identity import stream_of
from shared.contracts.meta import rfc3339
from shared.domain import Aggregate, NotFound
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views

KINDS: dict[str, type[Aggregate]] = {
    kind.kind: kind for kind in (Calendar, Department, Mission, Plan, Task, Template)
}
MOST_TASKS = 1000
"""More tasks than a procedure may have, so that a plan comes with all of its own."""

Row = dict[str, Any]


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

    async def row(self, view: str, kind: str, id: str) -> Row:
        """Return one row; refuse where there is none."""
        found = await self._views.get(view, id)
        if found is None:
            raise NotFound(kind=kind, id=id)
        return found

    async def plan(self, id: str) -> Row:
        """Return a plan with the rows of its tasks in place of their states alone."""
        plan = await self.row("plans", "plan", id)
        tasks = await self._views.list("tasks", {"plan": id}, limit=MOST_TASKS)
        return {**plan, "tasks": [task for _, task in tasks]}

    async def declared_version(self, kind: str, id: str, version: int) -> Row:
        """Return the version of a calendar or template as it was declared; refuse where there is none."""
        for record in await self._store.history(stream_of(kind, id), version - 1):
            if record.version == version:
                return told(record)
        raise NotFound(kind=kind, id=f"{id} version {version}")

    async def history(self, kind: str, id: str) -> list[Row]:
        """Tell everything that happened to an aggregate, in order; refuse where there is nothing."""
        records = await self._store.history(stream_of(kind, id)) if kind in KINDS else []
        if not records:
            raise NotFound(kind=kind, id=id)
        return [told(record) for record in records]

    async def counts_by_department(self, decree: str | None) -> matrix.Counts:
        """Count tasks by lead department and state."""
        return await matrix.by_department(self._views, decree)

    async def counts_by_decree(self) -> matrix.Counts:
        """Count tasks by decree and state."""
        return await matrix.by_decree(self._views)


def told(record: Record) -> Row:
    """Tell one event: what, when, by whom, and its data."""
    return {
        "position": record.position,
        "version": record.version,
        "type": record.type,
        "recorded_at": rfc3339(record.recorded_at),
        "effective_at": rfc3339(record.effective_at),
        "actor": record.about.actor,
        "data": record.event.model_dump(mode="json"),
    }
