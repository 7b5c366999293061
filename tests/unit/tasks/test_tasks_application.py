from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from services.tasks.application import Tasks
from services.tasks.calendar import Calendar, CalendarNotDeclared, Grounds, NotTheNewest
from services.tasks.deadline import Deadline
from services.tasks.drafting import draft_plan
from services.tasks.permissions import PERMISSIONS
from services.tasks.plan import Plan, PlanWithoutDate
from services.tasks.plan.amending import MovedTask, PlanProposal
from services.tasks.scheduling import schedule_plan
from services.tasks.sweeping import missing
from services.tasks.task import AcceptedByDoer, PrerequisitesOpen, Task, TaskState, UnknownDepartment
from services.tasks.template import Template, TemplateFlawed
from shared.calendar import Basis, Holiday
from shared.contracts import tasks as said
from shared.contracts.registry import MeasureKind
from shared.contracts.text import Text
from shared.domain import Actor, NotFound
from shared.domain.delegation import NotDelegated
from shared.domain.permission import NotPermitted
from shared.eventstore.command import Command, Instruction, Outcome
from tests.unit.tasks.escalated import LADDER
from tests.unit.tasks.given import (
    ADMIN,
    ALONE,
    AUDITOR,
    DATES,
    LEGAL,
    LETTER,
    MEASURE,
    OFFICE,
    ORDERED,
    PROTOCOL,
    SMALL,
    MemoryStore,
    MemoryViews,
    by,
    declaration,
    delegated,
    on_behalf,
    proposal,
    step,
    store_with_procedure,
)

FIRST, SECOND, THIRD, FOURTH = (f"{MEASURE}-t0{number}" for number in (1, 2, 3, 4))
HEAD = Actor(subject="head-1", role="head-of-mission")
CONTROLLER = Actor(subject="controller-1", role="controller")
ISSUER = Actor(subject="issuer-1", role="issuer")
LATER = date(2025, 9, 10)
MOVE = PlanProposal(reason="The host is slow", move=(MovedTask(task=FIRST, window="-40"),))
RELOCATION = ORDERED.model_copy(update={"measure_kind": MeasureKind.RELOCATE, "receiver": None})
HOLIDAY = Holiday(day=LATER, name=Text(en="Day of mourning"), basis=Basis.ANNOUNCED)
GROUNDS = Grounds("Cabinet decision 120/2025", "National mourning")
ARCHIVES = Actor(subject="archives-1", role="department", department="archives")
CLERK = Actor(subject="archives-2", role="department", department="archives")
ACTORS = {
    "admin": ADMIN,
    "follow-up-office": OFFICE,
    "lead": LEGAL,
    "co-executor": PROTOCOL,
    "another department": ARCHIVES,
    "head-of-mission": HEAD,
    "issuer": ISSUER,
    "controller": CONTROLLER,
    "auditor": AUDITOR,
    "service": Actor(subject="service:registry", role="service"),
}
OFFICES = {"admin", "follow-up-office"}
MAY = {
    "declare": OFFICES,
    "change": OFFICES,
    "adopt": OFFICES,
    "approve": OFFICES,
    "replan": OFFICES,
    "renew": OFFICES,
    "set-date": OFFICES,
    "apply": OFFICES,
    "set": OFFICES,
    "acknowledge": OFFICES | {"lead"},
    "accept": OFFICES,
    "return": OFFICES,
    "cancel": OFFICES,
    "assign": OFFICES | {"lead"},
    "hand-over": OFFICES,
    "start": OFFICES | {"lead"},
    "attach": OFFICES | {"lead", "co-executor"},
    "submit": OFFICES | {"lead"},
    "report-part": OFFICES | {"co-executor"},
    "comment": OFFICES | {"lead", "co-executor", "controller"},
    "block": OFFICES | {"lead", "co-executor"},
    "unblock": OFFICES | {"lead", "co-executor"},
    "request": OFFICES | {"lead"},
    "decide": {"issuer", "controller"},
    "refuse": {"issuer", "controller"},
}


@pytest.fixture
def store() -> MemoryStore:
    """A plan whose first task is led by legal with protocol beside it."""
    store = store_with_procedure()
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    return store


@pytest.fixture
def tasks(store: MemoryStore) -> Tasks:
    return Tasks(store, MemoryViews(store))  # type: ignore[arg-type]  # engines in memory


async def submitted(tasks: Tasks, task: str, *, doer: Actor = ADMIN) -> None:
    await tasks.assign_task(by(OFFICE), task)
    await tasks.start_task(by(doer), task)
    await tasks.submit_task(by(doer), task, (LETTER,))


async def accepted(tasks: Tasks, *names: str) -> None:
    for task in names:
        await submitted(tasks, task)
        await tasks.accept_task(by(OFFICE), task, ALONE)


Act = Callable[[Tasks, Instruction], Awaitable[Outcome[Any]]]
ACTS: dict[str, tuple[str, Act]] = {
    "declare": ("planned", lambda tasks, i: tasks.declare_calendar(i, "ly", declaration(label="2"))),
    "change": ("planned", lambda tasks, i: tasks.calendars.declare_holiday(i, "ly", HOLIDAY, GROUNDS)),
    "adopt": ("planned", lambda tasks, i: tasks.adopt_template(i, "closing", proposal(step(1), label="2"))),
    "approve": ("planned", lambda tasks, i: tasks.planning.approve(i, MEASURE, None)),
    "replan": ("planned", lambda tasks, i: tasks.planning.replan(i, MEASURE, MOVE)),
    "renew": ("planned", lambda tasks, i: tasks.planning.renew(i, MEASURE, 1, "A better procedure")),
    "set-date": ("relocating", lambda tasks, i: tasks.planning.set_date(i, "298-2025-a1-r09", LATER)),
    "apply": ("scheduled", lambda tasks, i: tasks.calendars.apply(i, "ly", 1, MEASURE, None)),
    "set": ("planned", lambda tasks, i: tasks.escalations.declare(i, "default", LADDER)),
    "acknowledge": ("escalated", lambda tasks, i: tasks.escalations.acknowledge(i, FIRST, None, "At it")),
    "assign": ("planned", lambda tasks, i: tasks.assign_task(i, FIRST)),
    "hand-over": ("planned", lambda tasks, i: tasks.assign_task(i, FIRST, lead="archives")),
    "start": ("assigned", lambda tasks, i: tasks.start_task(i, FIRST)),
    "attach": ("started", lambda tasks, i: tasks.attach_evidence(i, FIRST, (LETTER,))),
    "submit": ("started", lambda tasks, i: tasks.submit_task(i, FIRST, (LETTER,))),
    "accept": ("submitted", lambda tasks, i: tasks.accept_task(i, FIRST, ALONE)),
    "return": ("submitted", lambda tasks, i: tasks.return_task(i, FIRST, "Unsigned")),
    "cancel": ("planned", lambda tasks, i: tasks.cancel_task(i, FIRST, "Not needed")),
    "report-part": ("assigned", lambda tasks, i: tasks.participating.report_part(i, FIRST, True, "protocol")),
    "comment": ("planned", lambda tasks, i: tasks.participating.comment(i, FIRST, "The host asks for more")),
    "block": ("assigned", lambda tasks, i: tasks.participating.block(i, FIRST, "The host is silent")),
    "unblock": ("blocked", lambda tasks, i: tasks.participating.unblock(i, FIRST)),
    "request": ("scheduled", lambda tasks, i: tasks.extensions.request(i, FIRST, LATER, "The host is slow")),
    "decide": ("requested", lambda tasks, i: tasks.extensions.grant(i, f"{FIRST}-x1", None, "Agreed")),
    "refuse": ("requested", lambda tasks, i: tasks.extensions.refuse(i, f"{FIRST}-x1", "No")),
}


async def bring_to(state: str, store: MemoryStore, tasks: Tasks) -> None:
    nobody = by(Actor(subject="another", role="admin"))
    if state == "relocating":
        store.run(lambda turn: draft_plan(turn, "298-2025-a1-r09", RELOCATION, "closing"))
    if state in ("scheduled", "requested", "escalated"):
        store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    if state == "escalated":
        await tasks.escalations.declare(nobody, "default", LADDER)
        store.now = store.find(Deadline, FIRST).due_at or store.now
        store.run(missing(FIRST, store.now).decide)
    if state == "requested":
        await tasks.extensions.request(nobody, FIRST, LATER, "The host is slow")
    if state == "blocked":
        await tasks.participating.block(nobody, FIRST, "The host is silent")
    if state in ("assigned", "started", "submitted"):
        await tasks.assign_task(nobody, FIRST)
    if state in ("started", "submitted"):
        await tasks.start_task(nobody, FIRST)
    if state == "submitted":
        await tasks.submit_task(nobody, FIRST, (LETTER,))


@pytest.mark.parametrize("role", ACTORS)
@pytest.mark.parametrize("act", ACTS)
async def test_who_may_do_what(act: str, role: str, store: MemoryStore, tasks: Tasks) -> None:
    state, do = ACTS[act]
    await bring_to(state, store, tasks)
    before = len(store.log)
    if role in MAY[act]:
        await do(tasks, by(ACTORS[role]))
    else:
        with pytest.raises(NotPermitted):
            await do(tasks, by(ACTORS[role]))
        assert len(store.log) == before


def test_the_matrix_knows_every_action_of_the_table() -> None:
    # Meetings, indicators, reports and documents have a matrix of their own.
    own = ("meeting.", "indicator.", "report.", "document.")
    actions = {action for action in PERMISSIONS.table if not action.startswith(own)}
    assert {action.partition(".")[2] for action in actions} == set(ACTS) - {"refuse"}


async def test_a_task_is_led_from_plan_to_acceptance(store: MemoryStore, tasks: Tasks) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, assignee=LEGAL.subject)
    await tasks.start_task(by(LEGAL), FIRST)
    await tasks.submit_task(by(LEGAL), FIRST, (LETTER,))
    await tasks.return_task(by(OFFICE), FIRST, "The letter is not signed")
    await tasks.start_task(by(LEGAL), FIRST)
    await tasks.submit_task(by(LEGAL), FIRST, ())
    outcome = await tasks.accept_task(by(OFFICE), FIRST, ALONE)
    assert outcome.value == {"task": FIRST, "state": "accepted", "department": "legal", "due_on": None}


async def test_accepting_writes_the_task_and_its_plan_in_one_command(
    store: MemoryStore, tasks: Tasks
) -> None:
    await submitted(tasks, FIRST)
    before = len(store.log)
    outcome = await tasks.accept_task(by(OFFICE), FIRST, ALONE)
    assert [type(row.event) for row in store.log[before:]] == [
        said.TaskAccepted,
        said.PlanTaskSettled,
        said.PlanGateSatisfied,
    ]
    assert outcome.events == 3


async def test_the_whole_plan_ends_with_its_checklist_and_itself_complete(
    store: MemoryStore, tasks: Tasks
) -> None:
    await accepted(tasks, FIRST, SECOND)
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1]
    await accepted(tasks, THIRD)
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1, 3]
    assert len(store.said(said.PlanChecklistCompleted)) == 1
    assert store.said(said.PlanCompleted) == []
    await accepted(tasks, FOURTH)
    assert len(store.said(said.PlanCompleted)) == 1


async def test_a_refused_acceptance_leaves_task_and_plan_alone(store: MemoryStore, tasks: Tasks) -> None:
    await submitted(tasks, FIRST, doer=OFFICE)
    before = len(store.log)
    with pytest.raises(AcceptedByDoer):
        await tasks.accept_task(by(OFFICE), FIRST, ALONE)
    assert len(store.log) == before


async def test_a_task_starts_once_what_it_needs_is_accepted(tasks: Tasks) -> None:
    await tasks.assign_task(by(OFFICE), SECOND)
    with pytest.raises(PrerequisitesOpen, match=FIRST):
        await tasks.start_task(by(LEGAL), SECOND)
    await accepted(tasks, FIRST)
    await tasks.start_task(by(LEGAL), SECOND)


async def test_cancelling_a_gate_task_counts_in_the_plan_and_leaves_its_condition_unmet(
    store: MemoryStore, tasks: Tasks
) -> None:
    await accepted(tasks, FIRST, SECOND)
    await tasks.cancel_task(by(OFFICE), THIRD, "There is no gap")
    assert [settled.outcome for settled in store.said(said.PlanTaskSettled)][-1] is said.Outcome.CANCELLED
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1]
    await tasks.assign_task(by(OFFICE), FOURTH)
    await tasks.start_task(by(OFFICE), FOURTH)


async def test_a_task_moves_to_another_department_which_may_then_do_it(
    store: MemoryStore, tasks: Tasks
) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, lead="archives", co_executors=())
    await tasks.start_task(by(ARCHIVES), FIRST)
    with pytest.raises(NotPermitted):
        await tasks.submit_task(by(LEGAL), FIRST, (LETTER,))


@pytest.mark.parametrize(
    "change",
    [
        {"lead": "archives"},
        {"lead": "protocol", "co_executors": ("legal",)},
        {"co_executors": ()},
        {"co_executors": ("protocol", "archives")},
        {"lead": "fisheries"},
    ],
)
async def test_a_lead_department_neither_gives_its_task_away_nor_changes_who_helps(
    store: MemoryStore, tasks: Tasks, change: dict[str, Any]
) -> None:
    before = len(store.log)
    with pytest.raises(NotPermitted, match=r"task\.hand-over is not for the role department"):
        await tasks.assign_task(by(LEGAL), FIRST, assignee="lawyer-1", **change)
    assert len(store.log) == before


@pytest.mark.parametrize("same", [{}, {"lead": "legal"}, {"lead": "legal", "co_executors": ("protocol",)}])
async def test_a_lead_department_names_who_of_its_own_does_the_task(
    store: MemoryStore, tasks: Tasks, same: dict[str, Any]
) -> None:
    await tasks.assign_task(by(LEGAL), FIRST, assignee="lawyer-1", **same)
    (assigned,) = store.said(said.TaskAssigned)
    assert (assigned.department, assigned.co_executors, assigned.assignee) == (
        "legal",
        ("protocol",),
        "lawyer-1",
    )


async def test_the_assignee_does_the_task_whatever_their_department(store: MemoryStore, tasks: Tasks) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, assignee=PROTOCOL.subject)
    await tasks.start_task(by(PROTOCOL), FIRST)
    await tasks.assign_task(by(OFFICE), FIRST, assignee=ARCHIVES.subject)
    await tasks.start_task(by(ARCHIVES), FIRST)
    await tasks.attach_evidence(by(ARCHIVES), FIRST, (LETTER,))
    with pytest.raises(NotPermitted):
        await tasks.submit_task(by(PROTOCOL), FIRST, ())
    deputy = on_behalf(CLERK, ARCHIVES.subject)
    with pytest.raises(NotDelegated):
        await tasks.submit_task(by(deputy), FIRST, ())
    await tasks.submit_task(by(delegated(store, deputy)), FIRST, ())
    assert store.find(Task, FIRST).state is TaskState.SUBMITTED


async def test_an_assignee_neither_passes_the_task_on_nor_acts_in_another_role(
    store: MemoryStore, tasks: Tasks
) -> None:
    await tasks.assign_task(by(OFFICE), FIRST, assignee=AUDITOR.subject)
    with pytest.raises(NotPermitted):
        await tasks.start_task(by(AUDITOR), FIRST)
    await tasks.assign_task(by(OFFICE), FIRST, assignee=ARCHIVES.subject)
    with pytest.raises(NotPermitted):
        await tasks.assign_task(by(ARCHIVES), FIRST, assignee="somebody-else")
    with pytest.raises(NotPermitted):
        await tasks.start_task(by(CLERK), FIRST)


async def test_a_task_cannot_go_to_a_department_that_nobody_registered(tasks: Tasks) -> None:
    with pytest.raises(UnknownDepartment, match="fisheries"):
        await tasks.assign_task(by(OFFICE), FIRST, lead="fisheries")
    with pytest.raises(UnknownDepartment, match="fisheries"):
        await tasks.assign_task(by(OFFICE), FIRST, co_executors=("fisheries",))


async def test_an_unknown_task_is_not_found(tasks: Tasks) -> None:
    with pytest.raises(NotFound):
        await tasks.accept_task(by(OFFICE), "nothing")
    with pytest.raises(NotFound):
        await tasks.start_task(by(LEGAL), "nothing")


async def test_adoption_needs_departments_that_are_registered(store: MemoryStore, tasks: Tasks) -> None:
    with pytest.raises(TemplateFlawed, match="there is no department fisheries"):
        await tasks.adopt_template(by(OFFICE), "other", proposal(step(1, lead="fisheries")))
    assert not store.find(Template, "other").exists


async def test_adoption_needs_a_calendar_that_is_declared(tasks: Tasks) -> None:
    with pytest.raises(CalendarNotDeclared, match="calendar tn"):
        await tasks.adopt_template(by(OFFICE), "other", proposal(step(1), calendar="tn"))


async def test_adopting_answers_with_the_version(tasks: Tasks) -> None:
    outcome = await tasks.adopt_template(by(OFFICE), "other", SMALL)
    assert outcome.value == {"template": "other", "version": 1, "tasks": 4}
    assert next(iter(outcome.versions.values())) == 1


async def test_a_newer_calendar_reschedules_a_plan_on_request(store: MemoryStore, tasks: Tasks) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    same = await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    assert (same.value, same.events) == ({"calendar": "ly", "version": 1, "moved": []}, 0)
    await tasks.declare_calendar(by(OFFICE), "ly", declaration(date(2025, 9, 30), label="2"))
    with pytest.raises(NotTheNewest):
        await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    moved = await tasks.calendars.apply(by(OFFICE), "ly", 2, MEASURE, None)
    assert moved.value is not None
    moments = {"from": "2025-09-30T22:00:00.000000Z", "to": "2025-09-29T22:00:00.000000Z"}
    assert moved.value["moved"] == [
        {"task": task, "from": "2025-09-30", "to": "2025-09-29", "due_at": moments}
        for task in (THIRD, FOURTH)
    ]
    assert store.find(Deadline, FOURTH).due_on == date(2025, 9, 29)


async def test_rescheduling_names_the_tasks_that_it_will_need(
    store: MemoryStore, tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    asked: list[Command[Any]] = []
    execute = store.execute

    async def noting(command: Command[Any]) -> Outcome[Any]:
        asked.append(command)
        return await execute(command)

    monkeypatch.setattr(store, "execute", noting)
    outcome = await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    hinted = {f"{kind.kind}.{id}" for kind, id in asked[0].reads}
    # Calendar and decree are known once the plan is read.
    assert outcome.versions.keys() - hinted == {"decree.298-2025"}
    assert asked[0].reads[:2] == ((Calendar, "ly"), (Plan, MEASURE))


async def test_a_plan_without_t_cannot_be_rescheduled(tasks: Tasks) -> None:
    with pytest.raises(PlanWithoutDate):
        await tasks.calendars.apply(by(OFFICE), "ly", 1, MEASURE, None)
    with pytest.raises(NotFound):
        await tasks.calendars.apply(by(OFFICE), "ly", 1, "nothing", None)
