"""The use cases of this service: may the actor do it, which aggregates, which decision."""

from collections.abc import Callable
from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.department import Department
from services.tasks.drafting import Reads, likely_deadlines, likely_tasks
from services.tasks.extensions import Extensions
from services.tasks.inquiries import TaskInquiries
from services.tasks.permissions import PERMITS, doing
from services.tasks.plan import Plan
from services.tasks.scheduling import reschedule_decree, reschedule_plan
from services.tasks.settling import accept_task, cancel_task, return_task, submit_task
from services.tasks.task import Task, UnknownDepartment
from services.tasks.template import Template, TemplateProposal
from shared.calendar import CalendarDeclaration
from shared.contracts.tasks import Evidence
from shared.documents.keeping import NOTHING_KEPT, Keeping
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore
from shared.projections import Views

Answer = dict[str, Any]


class Tasks:
    """The commands of the service, each one transaction, and beside them its inquiries."""

    def __init__(self, store: EventStore, views: Views, keeping: Keeping = NOTHING_KEPT) -> None:
        self.inquiries = TaskInquiries(store, views, keeping)
        self._keeping = keeping
        self.extensions = Extensions(store)
        self._store = store

    async def declare_calendar(
        self, by: Instruction, calendar: str, declaration: CalendarDeclaration
    ) -> Outcome[Answer]:
        """Declare the next version of a calendar."""
        by = PERMITS.ask(by, "calendar.declare")

        def decide(turn: Turn) -> Answer:
            version = turn.get(Calendar, calendar).declare(declaration, turn.moment)
            return {"calendar": calendar, "version": version.version, "label": version.label}

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

    async def reschedule_plan(self, by: Instruction, plan: str) -> Outcome[Answer]:
        """Compute a plan's deadlines again under the newest version of its calendar."""
        by = PERMITS.ask(by, "plan.reschedule")
        reads: Reads = ((Plan, plan), *likely_tasks(plan), *likely_deadlines(plan))
        return await self._store.execute(
            Command("reschedule-plan", by, lambda turn: reschedule_plan(turn, plan), reads)
        )

    async def reschedule_decree(self, by: Instruction, decree: str) -> Outcome[Answer]:
        """Compute the deadlines of a decree's own tasks again under the newest version of their calendar."""
        by = PERMITS.ask(by, "decree.reschedule")
        return await self._store.execute(
            Command(
                "reschedule-decree", by, lambda turn: reschedule_decree(turn, decree), ((Decree, decree),)
            )
        )

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

        return await self._on_task("assign-task", by, task, decide)

    async def start_task(self, by: Instruction, task: str) -> Outcome[Answer]:
        """Start a task; everything that it needs must be accepted or cancelled."""

        def decide(turn: Turn, started: Task) -> None:
            PERMITS.check(turn, "task.start", doing(started, turn.actor))
            needed = [turn.get(Task, need) for need in started.planned.needs]
            started.start(needed, turn.actor, turn.moment)

        return await self._on_task("start-task", by, task, decide)

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

        return await self._on_task("attach-evidence", by, task, decide)

    async def submit_task(
        self, by: Instruction, task: str, evidence: tuple[Evidence, ...], must_be_stored: bool = False
    ) -> Outcome[Answer]:
        """Submit a task with its evidence."""
        if must_be_stored:
            await self._keeping.must_be_kept(document.sha256 for document in evidence)

        def decide(turn: Turn, submitted: Task) -> None:
            PERMITS.check(turn, "task.submit", doing(submitted, turn.actor))
            submit_task(turn, submitted, evidence)

        return await self._on_task("submit-task", by, task, decide)

    async def accept_task(self, by: Instruction, task: str) -> Outcome[Answer]:
        """Accept a task; its plan counts it in the same command."""
        by = PERMITS.ask(by, "task.accept")
        return await self._on_task("accept-task", by, task, accept_task)

    async def return_task(self, by: Instruction, task: str, reason: str) -> Outcome[Answer]:
        """Return a task to its doers."""
        by = PERMITS.ask(by, "task.return")
        return await self._on_task(
            "return-task", by, task, lambda turn, back: return_task(turn, back, reason)
        )

    async def cancel_task(self, by: Instruction, task: str, reason: str) -> Outcome[Answer]:
        """Cancel a task; its plan counts it in the same command."""
        by = PERMITS.ask(by, "task.cancel")
        return await self._on_task(
            "cancel-task", by, task, lambda turn, given_up: cancel_task(turn, given_up, reason)
        )

    async def _on_task(
        self, name: str, by: Instruction, task: str, decide: Callable[[Turn, Task], None]
    ) -> Outcome[Answer]:
        def decide_on(turn: Turn) -> Answer:
            found = turn.get(Task, task).must_exist()
            deadline = turn.get(Deadline, task)
            decide(turn, found)
            return {
                "task": task,
                "state": found.state.value,
                "department": found.lead,
                "due_on": deadline.due_on.isoformat() if deadline.exists else None,
            }

        return await self._store.execute(Command(name, by, decide_on, ((Task, task), (Deadline, task))))
