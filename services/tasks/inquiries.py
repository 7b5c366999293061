"""The questions that this service answers."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from starlette.responses import Response

from services.tasks.affected import AffectedInquiries
from services.tasks.calendar import NoSuchVersion
from services.tasks.calendar_inquiries import CalendarInquiries
from services.tasks.country import Country
from services.tasks.meeting.meeting import MOST_DECISIONS
from services.tasks.plan.noting import Asked, notes
from services.tasks.plan.timing import SETTLED
from services.tasks.template.difference import difference
from services.tasks.views import matrix
from services.tasks.views.deadlines import in_force
from shared.calendar import CountsBy
from shared.contracts.identity import stream_of
from shared.contracts.tasks import TemplateAdopted
from shared.documents import Keeping
from shared.documents.keeping import NOTHING_KEPT
from shared.domain import NotFound
from shared.domain.clock import Clock
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views
from shared.service.inquiries import Effective, Inquiries, Row, past, standing
from shared.service.streams import told
from shared.web import AsOf, json_response

MOST_EARLIER = 20
"""Meetings in a row whose decisions are followed up in one answer."""

MOST_TASKS = 1000
"""More tasks than a procedure may have, so that a plan comes with all of its own."""


class TaskInquiries(Inquiries):
    """What is known of plans, tasks, deadlines, procedures and calendars."""

    kinds: ClassVar[Mapping[str, str]] = {
        "calendars": "calendar",
        "comments": "comment",
        "deadlines": "deadline",
        "escalation-policies": "escalation-policy",
        "escalations": "escalation",
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
        "template_versions": "template",
    }

    effective: ClassVar[Mapping[str, Effective]] = {"deadlines": in_force}

    def __init__(
        self, store: EventStore, views: Views, clock: Clock, keeping: Keeping = NOTHING_KEPT
    ) -> None:
        super().__init__(store, views)
        self.calendars = CalendarInquiries(store, views)
        self.affected = AffectedInquiries(store, views, clock)
        self._keeping = keeping

    async def evidence(self, task: str, when: AsOf | None = None) -> Response:
        """Answer with the documents of a task, and of each whether its bytes are stored here now."""
        position = await self.folded(when)
        row = await self.row("tasks", task, when)
        kept = await self._keeping.kept(document["sha256"] for document in row["evidence"])
        items = [document | {"stored": document["sha256"] in kept} for document in row["evidence"]]
        return json_response({"task": task, "items": items}, headers=standing(position, when))

    async def plan(self, id: str, when: AsOf | None = None) -> Row:
        """Return a plan with the rows of its tasks in place of their states, all as of one position.

        Its `notes` tell where tasks ask for the calendar of the host State and it has none here.
        """
        at = self._views.position if when is None else when.position
        plan = await self._views.get("plans", id, at)
        if plan is None:
            raise NotFound(kind=self.kinds["plans"], id=id)
        tasks = await self._views.list("tasks", {"plan": id}, limit=MOST_TASKS, as_of=at)
        rows = [task for _, task in tasks]
        return {**plan, "tasks": rows, "notes": notes(await self._asked_of_host(plan, rows, at))}

    async def _asked_of_host(self, plan: Row, tasks: Sequence[Row], at: int) -> Asked:
        asking = [row["task"] for row in tasks if _asks_host(row) and row["task"] not in plan["superseded"]]
        country = plan["host"] if asking else None
        calendar = None if country is None else (await self._store.load(Country, country, at)).calendar
        return Asked(
            country=country,
            ministry=plan["calendar"],
            asking=asking,
            declared=calendar,
            dated=plan["official_on"] is not None,
            counted=None if plan["host_calendar"] is None else plan["host_calendar"]["calendar"],
        )

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
        """Answer with a version of a procedure as it was adopted; refuse where there is none.

        It never changes: asked as of an earlier position, it is the same or not declared yet.
        """
        declared = await self.declaration(kind, id, version, when)
        return json_response(told(declared), headers={} if when is None else when.headers())

    async def template_difference(
        self, template: str, earlier: int | None, version: int, when: AsOf | None = None
    ) -> Response:
        """Answer with what a version of a procedure has otherwise than another."""
        versions = [version - 1 if earlier is None else earlier, version]
        found = [(await self.declaration("template", template, one, when)).event for one in versions]
        old, new = (event for event in found if isinstance(event, TemplateAdopted))
        return json_response(difference(old, new), headers={} if when is None else when.headers())

    async def declaration(self, kind: str, id: str, version: int, when: AsOf | None = None) -> Record:
        """Return the event with which a version was declared; refuse where there was none by then."""
        for record in await self._store.history(stream_of(kind, id), version - 1, limit=1):
            if record.version == version and (when is None or record.position <= when.position):
                return record
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


def _asks_host(task: Row) -> bool:
    return CountsBy(task["counts_by"]).asks_host and task["state"] not in SETTLED
