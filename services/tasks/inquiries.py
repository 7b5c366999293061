"""The questions that this service answers."""

from collections.abc import Mapping
from typing import ClassVar

from starlette.responses import Response

from services.tasks.meeting.meeting import MOST_DECISIONS
from services.tasks.views import matrix
from shared.contracts.identity import stream_of
from shared.domain import NotFound, Text
from shared.service.inquiries import Inquiries, Row, past
from shared.service.streams import told
from shared.web import AsOf, json_response


class NoSuchVersion(NotFound):
    """A procedure or a calendar has no version of that number."""

    detail = Text(
        en="There is no version {version} of {kind} {id}.",
        ar="لا يوجد الإصدار {version} من «{kind_ar}» {id}.",
    )


MOST_EARLIER = 20
"""Meetings in a row whose decisions are followed up in one answer."""

MOST_TASKS = 1000
"""More tasks than a procedure may have, so that a plan comes with all of its own."""


class TaskInquiries(Inquiries):
    """What is known of plans, tasks, deadlines, procedures and calendars."""

    kinds: ClassVar[Mapping[str, str]] = {
        "calendars": "calendar",
        "deadlines": "deadline",
        "decisions": "decision",
        "extensions": "extension",
        "holds": "decree",
        "indicators": "indicator",
        "meetings": "meeting",
        "outcomes": "staff",
        "plans": "plan",
        "reports": "report",
        "tasks": "task",
        "templates": "template",
    }

    async def plan(self, id: str, when: AsOf | None = None) -> Row:
        """Return a plan with the rows of its tasks in place of their states, all as of one position."""
        at = self._views.position if when is None else when.position
        plan = await self._views.get("plans", id, at)
        if plan is None:
            raise NotFound(kind=self.kinds["plans"], id=id)
        tasks = await self._views.list("tasks", {"plan": id}, limit=MOST_TASKS, as_of=at)
        return {**plan, "tasks": [task for _, task in tasks]}

    async def meeting(self, id: str, when: AsOf | None = None) -> Row:
        """Return a meeting with its decisions, and how each stands."""
        meeting = await self.row("meetings", id, when)
        return {**meeting, "decisions": await self._decisions(id, when)}

    async def followed_up(self, id: str, when: AsOf | None = None) -> list[Row]:
        """Return the decisions of the meetings that a meeting follows, the last meeting first."""
        found: list[Row] = []
        meeting, seen = await self.row("meetings", id, when), {id}
        while (
            (earlier := meeting["follows"]) is not None and earlier not in seen and len(seen) <= MOST_EARLIER
        ):
            seen.add(earlier)
            found += await self._decisions(earlier, when)
            meeting = await self.row("meetings", earlier, when)
        return found

    async def _decisions(self, meeting: str, when: AsOf | None) -> list[Row]:
        rows = await self._views.list(
            "decisions", {"meeting": meeting}, limit=MOST_DECISIONS, as_of=past(when)
        )
        return sorted((row for _, row in rows), key=lambda row: int(row["number"]))

    async def declared_version(self, kind: str, id: str, version: int, when: AsOf | None = None) -> Response:
        """Answer with a version of a calendar or template as it was declared; refuse where there is none.

        It never changes: asked as of an earlier position, it is the same or not declared yet.
        """
        for record in await self._store.history(stream_of(kind, id), version - 1, limit=1):
            if record.version == version and (when is None or record.position <= when.position):
                return json_response(told(record), headers={} if when is None else when.headers())
        raise NoSuchVersion(kind=kind, id=id, version=version)

    async def counts_by_department(
        self, decree: str | None = None, when: AsOf | None = None
    ) -> matrix.Counts:
        """Count tasks by lead department and state."""
        return await matrix.by_department(self._views, decree, past(when))

    async def deadlines_by_decree(self) -> matrix.Counts:
        """Count the deadlines of every decree that were missed, are near, or are suspended."""
        return await matrix.deadlines_by_decree(self._views)

    async def counts_by_decree(self, when: AsOf | None = None) -> matrix.Counts:
        """Count tasks by decree and state."""
        return await matrix.by_decree(self._views, past(when))
