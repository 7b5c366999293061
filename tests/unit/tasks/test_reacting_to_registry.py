"""None"""

from datetime import date, timedelta
from uuid import uuid5

import pytest

from services.tasks.department import Department
from services.tasks.mission import Mission
from services.tasks.plan import Plan
from services.tasks.reacting import SERVICE
from services.tasks.reactions import RegistryReactions
from services.tasks.template import ProcedureNotAdopted, Template
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Actor
from tests.unit.tasks.given import (
    CORRELATION,
    EVENT_ID,
    MEASURE,
    NOON,
    NOW,
    REGISTERED,
    MemoryStore,
    ordered,
    proposal,
    received,
    step,
    store_with_procedure,
)
from tests.unit.tasks.reacting import dates, looked_up_besides, react, reaction


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


def test_a_plan_is_drafted_and_scheduled_with_what_the_command_names() -> None:
    steps = [step(number) for number in range(1, 40)]
    store = store_with_procedure(proposal(*steps))
    assert looked_up_besides(store, reaction(ordered(), MEASURE)) == set()
    # The calendar is known once the plan is read.
    assert looked_up_besides(store, reaction(dates(date(2025, 9, 30)), "emb-va")) == {"calendar.ly"}


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


@pytest.mark.parametrize("planned", [False, True])
def test_a_registered_mission_becomes_known_once(planned: bool) -> None:
    store = MemoryStore()
    registered = REGISTERED.model_copy(update={"planned": planned})
    for _ in range(2):
        react(store, registered, "emb-va")
    assert store.find(Mission, "emb-va").noted
    assert store.said(said.MissionNoted) == [said.MissionNoted(mission="emb-va", name=REGISTERED.name)]
    assert looked_up_besides(store, reaction(registered, "emb-va")) == set()


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


def test_a_head_who_is_told_late_leads_here_from_their_own_day_until_the_next() -> None:
    store = store_with_procedure()
    for head, days in (("head-a", -5), ("head-b", -9)):
        headship = Headship(head=head, role="department", since=NOON + timedelta(days=days))
        appointed = registry.DepartmentHeadAppointed(headship=headship, former=None, reference="1")
        react(store, appointed, "legal")
        react(store, appointed, "legal")
    leadership = store.find(Department, "legal").leadership
    assert [one.head for one in leadership.heads] == ["head-b", "head-a"]
    noted = [row.type for row in store.log if row.stream == "department.legal"]
    assert noted.count("tasks.department.head-noted") == 2
