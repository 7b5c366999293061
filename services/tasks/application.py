"""The use cases of this service: may the actor do it, which aggregates, which decision."""

from services.tasks.calendar import Calendar
from services.tasks.calendars import Calendars
from services.tasks.deciding import Answer, on_task
from services.tasks.declaring import declare_calendar
from services.tasks.department import Department
from services.tasks.escalations import Escalations
from services.tasks.extensions import Extensions
from services.tasks.indicators import Indicators
from services.tasks.inquiries import TaskInquiries
from services.tasks.meetings import Meetings
from services.tasks.participating import Participating
from services.tasks.permissions import PERMITS, doing
from services.tasks.planning import Planning
from services.tasks.reporting.gathering import Gathering
from services.tasks.reports import Reports
from services.tasks.settling import accept_task, cancel_task, return_task, submit_task
from services.tasks.standstills import Standstills
from services.tasks.suppositions import Suppositions
from services.tasks.task import Task, UnknownDepartment
from services.tasks.template import Template, TemplateProposal
from services.tasks.timetables import Timetables
from shared.calendar import CalendarDeclaration
from shared.contracts.tasks import Evidence
from shared.documents.keeping import NOTHING_KEPT, Keeping
from shared.domain.clock import Clock, system_clock
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.messaging.asking import Ask, nobody_asked
from shared.projections import Views


class Tasks:
    """The commands of the service, each one transaction, and beside them its inquiries."""

    def __init__(
        self,
        store: EventStore,
        views: Views,
        clock: Clock = system_clock,
        ask: Ask = nobody_asked,
        keeping: Keeping = NOTHING_KEPT,
    ) -> None:
        self.inquiries = TaskInquiries(store, views, clock, keeping)
        self._keeping = keeping
        self.timetables = Timetables(store, self.inquiries, clock)
        self.standstills = Standstills(store, views, self.inquiries, clock)
        self.planning = Planning(store)
        self.suppositions = Suppositions(store, clock)
        self.extensions = Extensions(store)
        self.participating = Participating(store)
        self.escalations = Escalations(store)
        self.calendars = Calendars(store)
        self.meetings = Meetings(store)
        self.indicators = Indicators(store)
        self.reports = Reports(store, Gathering(store, views, ask))
        self._store = store

    async def declare_calendar(
        self, by: Instruction, calendar: str, declaration: CalendarDeclaration
    ) -> Outcome[Answer]:
        """Declare the next version of a calendar; it becomes that of the country that it names.

        The answer tells whose it is now, and whose it is no longer: without a country it is that of none.
        """
        by = PERMITS.ask(by, "calendar.declare")

        def decide(turn: Turn) -> Answer:
            former = turn.get(Calendar, calendar).country
            version = declare_calendar(turn, calendar, declaration)
            return {
                "calendar": calendar,
                "version": version.version,
                "label": version.label,
                "country": version.country,
                "no_longer_of": None if former == version.country else former,
            }

        return await self._store.execute(Command("declare-calendar", by, decide, ((Calendar, calendar),)))

    async def adopt_template(
        self, by: Instruction, template: str, proposal: TemplateProposal
    ) -> Outcome[Answer]:
        """Adopt the next version of a procedure; its departments and its calendar must be known."""
        by = PERMITS.ask(by, "template.adopt")
        departments = proposal.departments()

        def decide(turn: Turn) -> Answer:
            adopted = turn.get(Template, template)
            known = {key for key in departments if turn.get(Department, key).exists}
            # Flaws are told before a calendar that is missing: it can be sent later, they must be mended.
            adopted.check(proposal, known)
            turn.get(Calendar, proposal.calendar).in_force()
            adopted.adopt(proposal, known, turn.moment)
            return {"template": template, "version": adopted.version, "tasks": len(adopted.tasks)}

        reads = (
            (Template, template),
            (Calendar, proposal.calendar),
            *((Department, key) for key in departments),
        )
        return await self._store.execute(Command("adopt-template", by, decide, reads))

    async def assign_task(
        self,
        by: Instruction,
        task: str,
        lead: str | None = None,
        co_executors: tuple[str, ...] | None = None,
        assignee: str | None = None,
    ) -> Outcome[Answer]:
        """Assign a task; lead and co-executors stay as they are where nothing else is said.

        A department names who of its own does a task; which departments take part is not for it to change.
        """

        def decide(turn: Turn, assigned: Task) -> None:
            PERMITS.check(turn, "task.assign", (assigned.lead,))
            leading = assigned.lead if lead is None else lead
            helping = assigned.co_executors if co_executors is None else co_executors
            if (leading, *helping) != assigned.departments:
                PERMITS.check(turn, "task.hand-over")
            unknown = [key for key in (leading, *helping) if not turn.get(Department, key).exists]
            if unknown:
                raise UnknownDepartment(departments=", ".join(unknown))
            assigned.assign(leading, helping, assignee, turn.actor, turn.moment)

        return await on_task(self._store, "assign-task", by, task, decide)

    async def start_task(self, by: Instruction, task: str) -> Outcome[Answer]:
        """Start a task; everything that it needs must be accepted or cancelled."""

        def decide(turn: Turn, started: Task) -> None:
            PERMITS.check(turn, "task.start", doing(started, turn.actor))
            needed = [turn.get(Task, need) for need in started.planned.needs]
            started.start(needed, turn.actor, turn.moment)

        return await on_task(self._store, "start-task", by, task, decide)

    async def attach_evidence(
        self, by: Instruction, task: str, evidence: tuple[Evidence, ...], must_be_stored: bool = False
    ) -> Outcome[Answer]:
        """Attach documents to a task; their bytes may be elsewhere, unless they must be stored here."""
        if must_be_stored:
            await self._keeping.must_be_kept(document.sha256 for document in evidence)

        def decide(turn: Turn, supported: Task) -> None:
            helping = (*doing(supported, turn.actor), *supported.co_executors)
            PERMITS.check(turn, "task.attach", helping)
            supported.attach(evidence, turn.actor, turn.moment)

        return await on_task(self._store, "attach-evidence", by, task, decide)

    async def submit_task(
        self, by: Instruction, task: str, evidence: tuple[Evidence, ...], must_be_stored: bool = False
    ) -> Outcome[Answer]:
        """Submit a task with its evidence."""
        if must_be_stored:
            await self._keeping.must_be_kept(document.sha256 for document in evidence)

        def decide(turn: Turn, submitted: Task) -> None:
            PERMITS.check(turn, "task.submit", doing(submitted, turn.actor))
            submit_task(turn, submitted, evidence)

        return await on_task(self._store, "submit-task", by, task, decide)

    async def accept_task(self, by: Instruction, task: str, waiver: str | None = None) -> Outcome[Answer]:
        """Accept a task; its plan counts it in the same command.

        A `waiver` says why the parts of co-executors that are missing are done without.
        """
        by = PERMITS.ask(by, "task.accept")
        return await on_task(
            self._store, "accept-task", by, task, lambda turn, done: accept_task(turn, done, waiver)
        )

    async def return_task(self, by: Instruction, task: str, reason: str) -> Outcome[Answer]:
        """Return a task to its doers."""
        by = PERMITS.ask(by, "task.return")
        return await on_task(
            self._store, "return-task", by, task, lambda turn, back: return_task(turn, back, reason)
        )

    async def cancel_task(self, by: Instruction, task: str, reason: str) -> Outcome[Answer]:
        """Cancel a task; its plan counts it in the same command."""
        by = PERMITS.ask(by, "task.cancel")
        return await on_task(
            self._store, "cancel-task", by, task, lambda turn, given_up: cancel_task(turn, given_up, reason)
        )
