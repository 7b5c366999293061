from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid5

import pytest

from services.tasks.calendar import Calendar, CalendarNotDeclared
from services.tasks.deadline import Deadline
from services.tasks.department import Department
from services.tasks.plan import Plan
from services.tasks.reactions import SERVICE, RegistryReactions
from services.tasks.task import Task, TaskState
from services.tasks.template import ProcedureNotAdopted, Template, UnknownProcedureTask
from shared.calendar import Roll
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Actor
from shared.eventstore.command import Command
from tests.unit.tasks.given import (
    ALONE,
    CORRELATION,
    EVENT_ID,
    ISSUED,
    LEGAL,
    LETTER,
    MEASURE,
    NOON,
    NOW,
    OFFICE,
    REPORT,
    SMALL,
    MemoryStore,
    MemoryTurn,
    declaration,
    ordered,
    proposal,
    received,
    step,
    store_with_procedure,
)


def reaction(event: Event, id: str) -> Command[Any]:
    command = RegistryReactions().react(received(event, id))
    assert command is not None
    return command


def react(store: MemoryStore, event: Event, id: str) -> Any:
    command = reaction(event, id)
    return store.run(command.decide, command.by.actor)


def dates(
    official_on: date, measure: str = MEASURE, public_on: date = date(2025, 8, 31)
) -> registry.MissionDatesSet:
    return registry.MissionDatesSet(
        decree="298-2025", measure=measure, public_on=public_on, official_on=official_on
    )


def test_a_reaction_is_a_command_whose_id_follows_from_the_event() -> None:
    command = reaction(ordered(), MEASURE)
    assert command.by.id == uuid5(EVENT_ID, "tasks.draft-plan")
    assert (command.by.actor, command.by.causation, command.by.correlation) == (
        SERVICE,
        EVENT_ID,
        CORRELATION,
    )
    assert command.by.effective_at == NOON
    assert command.reads[0] == (Plan, MEASURE)


def looked_up_besides(store: MemoryStore, command: Command[Any]) -> set[str]:
    """The streams that a decision gets and its command does not name before."""
    hinted = {f"{kind.kind}.{id}" for kind, id in command.reads}
    got = MemoryTurn(store, command.by.actor, NOW, {})
    command.decide(got)
    return got.got.keys() - hinted


def test_a_plan_is_drafted_and_scheduled_with_what_the_command_names() -> None:
    steps = [step(number) for number in range(1, 40)]
    store = store_with_procedure(proposal(*steps))
    assert looked_up_besides(store, reaction(ordered(), MEASURE)) == set()
    # The calendar is known once the plan is read.
    assert looked_up_besides(store, reaction(dates(date(2025, 9, 30)), "emb-va")) == {"calendar.ly"}


def test_the_tasks_that_a_decree_owes_are_named_by_the_command() -> None:
    store = store_with_procedure()
    assert looked_up_besides(store, reaction(ISSUED, "298-2025")) == {"calendar.ly"}


def test_a_decree_without_a_procedure_is_noted_with_its_objectives() -> None:
    store = store_with_procedure()
    objective = registry.Objective(key="spending", text=Text(en="Spend less"))
    issued = ISSUED.model_copy(update={"procedure": None, "objectives": (objective,)})
    for _ in range(2):
        command = RegistryReactions().react(received(issued, "298-2025"))
        assert command is not None
        store.run(command.decide)
    assert store.said(said.DecreeNoted)[0].objectives == (objective,)
    assert len(store.said(said.DecreeNoted)) == 1 and not store.said(said.TaskPlanned)


@pytest.mark.parametrize(
    "event",
    [
        registry.DecreeEnteredIntoForce(on=date(2025, 5, 1)),
        ordered(procedure=None),
    ],
)
def test_what_asks_nothing_of_this_service_gets_no_reaction(event: Event) -> None:
    assert RegistryReactions().react(received(event, "x")) is None


def test_a_registered_department_becomes_known() -> None:
    store = MemoryStore()
    react(store, registry.DepartmentRegistered(name=Text(en="Legal")), "legal")
    assert store.find(Department, "legal").name == Text(en="Legal")


def test_an_ordered_measure_gets_its_plan_with_all_its_tasks() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    (plan,) = store.said(said.PlanDrafted)
    assert [(task.task, task.gate) for task in plan.tasks] == [
        (f"{MEASURE}-t01", 1),
        (f"{MEASURE}-t02", 3),
        (f"{MEASURE}-t03", 3),
        (f"{MEASURE}-t04", None),
    ]
    assert (plan.template, plan.template_version, plan.receiver, plan.calendar) == (
        "closing",
        1,
        "emb-it",
        "ly",
    )
    first, second, _, fourth = store.said(said.TaskPlanned)
    assert (first.department, first.co_executors, first.opens, first.due) == (
        "legal",
        ("protocol",),
        None,
        "30 days before official_on",
    )
    assert (second.opens, second.due) == ("20 days before official_on", "10 days before official_on")
    assert (fourth.due, fourth.needs) == ("on official_on", tuple(f"{MEASURE}-t0{n}" for n in (1, 2, 3)))


def test_a_measure_ordered_again_keeps_its_plan() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    before = len(store.log)
    react(store, ordered(receiver="emb-ve"), MEASURE)
    assert len(store.log) == before


def test_a_plan_keeps_the_version_of_the_procedure_that_it_was_drafted_from() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    newer = proposal(step(1), label="2")
    store.run(lambda turn: turn.get(Template, "closing").adopt(newer, {"legal"}, NOW))
    react(store, ordered(mission="emb-al"), "298-2025-a2-r02")
    assert [(plan.template_version, len(plan.tasks)) for plan in store.said(said.PlanDrafted)] == [
        (1, 4),
        (2, 1),
    ]


def test_an_order_under_a_procedure_that_nobody_adopted_is_refused() -> None:
    with pytest.raises(ProcedureNotAdopted):
        react(MemoryStore(), ordered(), MEASURE)


def test_until_t_is_set_a_plan_has_windows_and_no_deadlines() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    assert store.said(said.DeadlineSet) == []
    assert not store.find(Deadline, f"{MEASURE}-t01").exists


def test_t_gives_every_task_of_the_plan_its_deadline() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    assert [event.deadline.due_on for event in store.said(said.DeadlineSet)] == [
        date(2025, 8, 31),
        date(2025, 9, 18),
        date(2025, 9, 30),
        date(2025, 9, 30),
    ]
    (plan,) = store.said(said.PlanScheduled)
    assert plan.public_on == date(2025, 8, 31)
    assert (plan.official_on, plan.calendar, plan.calendar_version) == (date(2025, 9, 30), "ly", 1)


def test_a_second_t_supersedes_every_open_deadline() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    first = [event.deadline for event in store.said(said.DeadlineSet)]
    react(store, dates(date(2025, 10, 30)), "emb-va")
    assert [event.supersedes for event in store.said(said.DeadlineSet)[4:]] == first
    assert store.said(said.PlanScheduled)[1].supersedes == date(2025, 9, 30)


def note_verbale_submitted() -> MemoryStore:
    """A plan with dates, whose one task is about them and waits for acceptance."""
    note = step(1, gate=2, evidence={"en": "Letter"}, needs_dates=True)
    store = store_with_procedure(proposal(note, step(2)))
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    task = f"{MEASURE}-t01"
    store.run(lambda turn: turn.get(Task, task).assign("legal", (), None, OFFICE, NOW))
    store.run(lambda turn: turn.get(Task, task).start([], LEGAL, NOW))
    store.run(lambda turn: turn.get(Task, task).submit((LETTER,), True, LEGAL, NOW))
    return store


@pytest.mark.parametrize(
    "changed", [dates(date(2025, 10, 30)), dates(date(2025, 9, 30), public_on=date(2025, 9, 1))]
)
def test_either_date_that_changes_returns_submitted_work_on_the_dates(
    changed: registry.MissionDatesSet,
) -> None:
    store = note_verbale_submitted()
    answer = react(store, changed, "emb-va")
    (returned,) = store.said(said.TaskReturned)
    assert (returned.task, returned.by) == (f"{MEASURE}-t01", ("service:tasks",))
    assert returned.reason.startswith("The dates changed")
    assert answer["returned"] == [f"{MEASURE}-t01"]
    assert store.find(Task, f"{MEASURE}-t01").state is TaskState.RETURNED


def test_work_that_other_dates_return_after_its_due_moment_is_missed_at_once() -> None:
    store = note_verbale_submitted()
    store.now = datetime(2025, 10, 5, tzinfo=UTC)
    react(store, dates(date(2025, 9, 30), public_on=date(2025, 9, 1)), "emb-va")
    (missed,) = store.said(said.DeadlineMissed)
    assert (missed.task, missed.late) == (f"{MEASURE}-t01", False)


def test_the_same_dates_under_a_newer_calendar_return_nothing() -> None:
    store = note_verbale_submitted()
    newer = declaration(date(2025, 9, 30), label="2")
    store.run(lambda turn: turn.get(Calendar, "ly").declare(newer, NOW))
    answer = react(store, dates(date(2025, 9, 30)), "emb-va")
    assert (answer["scheduled"], answer["returned"]) == (2, [])
    assert store.find(Task, f"{MEASURE}-t01").state is TaskState.SUBMITTED


def test_the_newest_calendar_version_is_the_one_that_counts() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    newer = declaration(date(2025, 9, 30), label="2")
    store.run(lambda turn: turn.get(Calendar, "ly").declare(newer, NOW))
    react(store, dates(date(2025, 9, 30)), "emb-va")
    last = store.said(said.DeadlineSet)[-1].deadline
    assert (last.due_on, last.calendar_version) == (date(2025, 9, 29), 2)


def test_t_of_a_mission_without_a_plan_changes_nothing() -> None:
    store = store_with_procedure()
    before = len(store.log)
    react(store, dates(date(2025, 9, 30), measure="298-2025-a2-r09"), "emb-bf")
    assert len(store.log) == before


def test_the_report_of_the_decree_is_due_on_thursday_29_may_2025() -> None:
    store = store_with_procedure()
    react(store, ISSUED, "298-2025")
    (planned,) = store.said(said.TaskPlanned)
    (scheduled,) = store.said(said.DeadlineSet)
    assert (planned.task, planned.decree, planned.article, planned.plan) == (
        "298-2025-t40",
        "298-2025",
        "3",
        None,
    )
    assert (scheduled.deadline.raw, scheduled.deadline.due_on) == (date(2025, 5, 30), date(2025, 5, 29))
    assert scheduled.deadline.rule == "1 month after announced_on"


def test_a_decree_issued_again_keeps_its_tasks() -> None:
    store = store_with_procedure()
    react(store, ISSUED, "298-2025")
    before = len(store.log)
    react(store, ISSUED, "298-2025")
    assert len(store.log) == before


def test_the_decree_itself_goes_before_the_rule_of_the_procedure() -> None:
    store = store_with_procedure()
    owed = REPORT.model_copy(update={"rule": "10 working days after announced_on", "roll": Roll.FORWARD})
    react(store, ISSUED.model_copy(update={"obligations": (owed,)}), "298-2025")
    (scheduled,) = store.said(said.DeadlineSet)
    assert (scheduled.deadline.due_on, scheduled.deadline.roll) == (date(2025, 5, 14), Roll.FORWARD)


def test_a_decree_that_owes_nothing_is_bound_by_the_procedure_alone() -> None:
    store = store_with_procedure()
    react(store, ISSUED.model_copy(update={"obligations": ()}), "298-2025")
    (scheduled,) = store.said(said.DeadlineSet)
    assert (scheduled.deadline.due_on, scheduled.article) == (date(2025, 5, 29), None)


def test_a_decree_task_whose_anchor_is_unknown_waits_without_a_deadline() -> None:
    unsigned = proposal(
        step(1),
        decree_tasks=[{**SMALL.decree_tasks[0].model_dump(mode="json"), "due": "1 month of signed_on"}],
    )
    store = store_with_procedure(unsigned)
    react(store, ISSUED.model_copy(update={"obligations": ()}), "298-2025")
    assert len(store.said(said.TaskPlanned)) == 1
    assert store.said(said.DeadlineSet) == []


def test_an_obligation_to_do_a_task_that_the_procedure_lacks_is_refused() -> None:
    store = store_with_procedure(proposal(step(1)))
    with pytest.raises(UnknownProcedureTask, match="no decree task 40"):
        react(store, ISSUED, "298-2025")


def test_a_decree_task_needs_its_calendar() -> None:
    store = store_with_procedure(proposal(step(1), calendar="tn", decree_tasks=[report_of_sample()]))
    with pytest.raises(CalendarNotDeclared, match="calendar tn"):
        react(store, ISSUED, "298-2025")


def report_of_sample() -> dict[str, Any]:
    return SMALL.decree_tasks[0].model_dump(mode="json")


@pytest.mark.parametrize(
    ("event", "outcome", "joined"),
    [
        (
            registry.StaffReassigned(
                from_mission="emb-va", mission="emb-it", category="diplomat", by="cabinet", reference=None
            ),
            registry.StaffOutcome.REASSIGNED,
            "emb-it",
        ),
        (
            registry.StaffRecalled(mission="emb-va", category="diplomat", by="cabinet"),
            registry.StaffOutcome.RECALLED,
            None,
        ),
        (
            registry.StaffSeparated(mission="emb-va", category="local", by="emb-va"),
            registry.StaffOutcome.SEPARATED,
            None,
        ),
    ],
)
def test_the_plan_of_the_mission_that_was_left_notes_the_outcome(
    event: Event, outcome: registry.StaffOutcome, joined: str | None
) -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    react(store, event, "p-7f3a")
    (noted,) = store.said(said.PlanStaffOutcomeNoted)
    assert (noted.plan, noted.mission, noted.staff) == (MEASURE, "emb-va", "p-7f3a")
    assert (noted.outcome, noted.to_mission) == (outcome, joined)


def test_an_outcome_at_a_mission_without_a_plan_changes_nothing() -> None:
    store = store_with_procedure()
    before = len(store.log)
    react(store, registry.StaffRecalled(mission="emb-fr", category="diplomat", by="cabinet"), "p-1")
    assert len(store.log) == before


def test_a_settled_task_keeps_its_deadline_when_t_moves() -> None:
    store = store_with_procedure()
    react(store, ordered(), MEASURE)
    react(store, dates(date(2025, 9, 30)), "emb-va")
    task = store.find(Task, f"{MEASURE}-t01")
    task.assign("legal", (), None, OFFICE, NOW)
    task.start([], SERVICE, NOW)
    task.submit((LETTER,), True, SERVICE, NOW)
    task.accept(OFFICE, NOW, ALONE)
    task.collect_events()
    before = store.find(Deadline, task.id).due_on
    react(store, dates(date(2025, 10, 30)), "emb-va")
    assert store.find(Deadline, task.id).due_on == before
    assert len(store.said(said.DeadlineSet)) == 4 + 3


def test_the_leadership_of_a_department_is_noted_as_the_registry_tells_it() -> None:
    store = store_with_procedure()
    since, until = NOON, NOON + timedelta(days=30)
    headship = Headship(head="head-1", role="department", since=since)
    deputy = StandIn(key="d-1", head="head-1", deputy="deputy-1", since=since, until=until)
    acting = StandIn(key="a-1", head="head-1", deputy="deputy-2", since=since, until=until, acting=True)
    for event in (
        registry.DepartmentHeadAppointed(headship=headship, former=None, reference="1"),
        registry.DepartmentDelegated(stand_in=deputy, reference="2"),
        registry.DepartmentActingHeadNamed(stand_in=acting, reference="3"),
        registry.DepartmentDelegationEnded(key="d-1", ended_at=until - timedelta(days=1)),
    ):
        react(store, event, "legal")
        react(store, event, "legal")
    noted = [row.type for row in store.log if row.stream == "department.legal"]
    assert noted[1:] == [
        "tasks.department.head-noted",
        "tasks.department.stand-in-noted",
        "tasks.department.stand-in-noted",
        "tasks.department.stand-in-ended",
    ]
    leadership = store.find(Department, "legal").leadership
    for who, days, may in (("deputy-1", 28, True), ("deputy-1", 29, False), ("deputy-2", 29, True)):
        actor = Actor(subject=who, role="department", department="legal", on_behalf_of="head-1")
        assert leadership.covers(actor, "task.submit", since + timedelta(days=days)) is may
