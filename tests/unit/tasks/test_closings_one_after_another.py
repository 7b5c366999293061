"""A mission that closes, is opened again and closes by another measure: what belongs to which closing."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.tasks.plan import Plan, PlanInOtherState, PlanState
from services.tasks.plan.amending import PlanProposal
from services.tasks.plan.refusals import PlanOver
from services.tasks.replanning import renew_plan, renewed, replan_plan
from services.tasks.settling import accept_task, cancel_task, submit_task
from services.tasks.task import Task, TaskState
from services.tasks.template import Template
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.event import Event
from tests.unit.tasks.given import (
    LEGAL,
    LETTER,
    MEASURE,
    NOON,
    OFFICE,
    MemoryStore,
    MemoryViews,
    ordered,
    proposal,
    step,
    store_with_procedure,
)
from tests.unit.tasks.reacting import reaction

SECOND, OPENING = "17-2026-a1-r01", "16-2026-a1-r01"
DAY = timedelta(days=1)
CLOSED, REOPENED, AGAIN = NOON + 10 * DAY, NOON + 20 * DAY, NOON + 30 * DAY
ANOTHER = PlanProposal.model_validate({"reason": "Still more", "add": [step(6)]})
REDUCING = registry.MeasureKind.REDUCE_STAFF


def tell(store: MemoryStore, event: Event, id: str, at: datetime, told: datetime | None = None) -> Any:
    """Take an event in; it is effective `at`, and told then where nothing else is said."""
    store.now = max(store.now, told or at)
    command = reaction(event, id)
    return store.run(command.decide, command.by.actor, at)


def recall(store: MemoryStore, staff: str, at: datetime, told: datetime | None = None) -> None:
    event = registry.StaffRecalled(mission="emb-va", category="diplomat", by="cabinet")
    tell(store, event, staff, at, told)


def reassign(store: MemoryStore, staff: str, at: datetime) -> None:
    event = registry.StaffReassigned(
        from_mission="emb-va", mission="emb-it", category="diplomat", by="cabinet", reference=None
    )
    tell(store, event, staff, at)


def first_closing() -> MemoryStore:
    store = store_with_procedure(proposal(step(1)))
    tell(store, ordered(), MEASURE, NOON)
    return store


def complete(store: MemoryStore, plan: str = MEASURE) -> None:
    id = f"{plan}-t01"
    store.run(lambda turn: turn.get(Task, id).assign("legal", (), None, OFFICE, turn.moment))
    store.run(lambda turn: turn.get(Task, id).start([], LEGAL, turn.moment))
    store.run(lambda turn: submit_task(turn, turn.get(Task, id), (LETTER,)), LEGAL)
    store.run(lambda turn: accept_task(turn, turn.get(Task, id)), OFFICE)
    assert store.find(Plan, plan).state is PlanState.COMPLETED


def reopen(store: MemoryStore) -> None:
    tell(store, registry.MissionReopened(decree="16-2026", measure=OPENING), "emb-va", REOPENED)


def close_again(store: MemoryStore) -> None:
    closing = ordered(decree="17-2026", measure_kind=registry.MeasureKind.CLOSE, receiver=None)
    tell(store, closing, SECOND, AGAIN)


def second_closing() -> MemoryStore:
    """The first plan is completed, and the mission closes by the second measure."""
    store = first_closing()
    complete(store)
    reopen(store)
    close_again(store)
    return store


def noted(store: MemoryStore) -> list[tuple[str, str, str]]:
    return [(one.plan, one.staff, one.outcome.value) for one in store.said(said.PlanStaffOutcomeNoted)]


def test_each_closing_has_an_outcome_of_its_own_on_its_own_plan() -> None:
    store = first_closing()
    reassign(store, "p-1", NOON + DAY)
    complete(store)
    reopen(store)
    close_again(store)
    recall(store, "p-1", AGAIN + DAY)
    recall(store, "p-2", AGAIN + DAY)
    assert noted(store) == [
        (MEASURE, "p-1", "reassigned"),
        (SECOND, "p-1", "recalled"),
        (SECOND, "p-2", "recalled"),
    ]
    rows = MemoryViews(store).rows("outcomes")
    assert {key: row["outcome"] for key, row in rows.items()} == {
        f"{MEASURE}.p-1": "reassigned",
        f"{SECOND}.p-1": "recalled",
        f"{SECOND}.p-2": "recalled",
    }


def test_who_leaves_a_mission_that_is_open_again_has_no_outcome_of_a_closing() -> None:
    store = first_closing()
    complete(store)
    reopen(store)
    recall(store, "p-2", REOPENED + DAY)
    assert noted(store) == []


def test_who_left_before_the_mission_was_closing_has_no_outcome_of_the_closing() -> None:
    store = first_closing()
    recall(store, "p-1", NOON - DAY, told=NOON)
    assert noted(store) == []


def test_who_leaves_what_closes_no_mission_has_no_outcome_of_a_closing() -> None:
    store = store_with_procedure(proposal(step(1)))
    tell(store, ordered(measure_kind=REDUCING, receiver=None), MEASURE, NOON)
    recall(store, "p-1", NOON + DAY)
    assert noted(store) == []


def test_an_outcome_of_the_former_closing_that_is_told_late_is_noted_on_its_plan() -> None:
    store = second_closing()
    recall(store, "p-1", NOON + DAY, told=AGAIN + DAY)
    recall(store, "p-2", REOPENED + DAY, told=AGAIN + DAY)
    assert noted(store) == [(MEASURE, "p-1", "recalled")]


def test_the_closing_is_that_of_the_moment_also_where_it_began_as_of_the_reopening() -> None:
    store = first_closing()
    complete(store)
    reopen(store)
    tell(store, ordered(decree="17-2026", article="1"), SECOND, REOPENED)
    recall(store, "p-1", REOPENED)
    recall(store, "p-2", REOPENED - DAY, told=REOPENED)
    assert noted(store) == [(SECOND, "p-1", "recalled"), (MEASURE, "p-2", "recalled")]


def test_who_stayed_when_the_mission_closed_gets_an_outcome_of_that_closing() -> None:
    store = first_closing()
    complete(store)
    recall(store, "p-1", CLOSED + DAY)
    assert noted(store) == [(MEASURE, "p-1", "recalled")]


def test_a_closing_that_was_called_off_notes_what_happened_before_that_day_alone() -> None:
    store = first_closing()
    off = registry.MeasureDropped(
        decree="298-2025", article="2", mission="emb-va", receiver=None, by="310-2025", on=date(2025, 5, 15)
    )
    tell(store, off, MEASURE, CLOSED)
    recall(store, "p-1", CLOSED + DAY)
    recall(store, "p-2", NOON + DAY, told=CLOSED + DAY)
    assert noted(store) == [(MEASURE, "p-2", "recalled")]


def test_a_measure_that_is_about_another_mission_notes_nothing_of_the_former() -> None:
    store = first_closing()
    store.run(lambda turn: turn.get(Plan, MEASURE).drop("Moved", OFFICE, turn.moment))
    tell(store, ordered(mission="emb-al"), MEASURE, NOON + DAY)
    recall(store, "p-1", NOON + 2 * DAY)
    assert noted(store) == []


@pytest.mark.parametrize("late", [False, True])
def test_a_reopening_drops_what_is_open_of_the_former_closing_and_nothing_of_the_later(late: bool) -> None:
    store = first_closing()
    if late:  # it was parked, and the order is of another stream of the registry
        close_again(store)
        reopen(store)
    else:
        reopen(store)
        close_again(store)
    states = [store.find(Plan, plan).state for plan in (MEASURE, SECOND)]
    assert states == [PlanState.DROPPED, PlanState.DRAFT]


def test_the_same_reopening_is_noted_once() -> None:
    store = first_closing()
    reopen(store)
    reopen(store)
    assert len(store.said(said.MissionReopeningNoted)) == 1


def test_a_log_in_which_a_later_outcome_stands_on_the_former_plan_shows_the_first() -> None:
    store = first_closing()
    reassign(store, "p-1", NOON + DAY)
    plan = store.find(Plan, MEASURE)
    later = said.PlanStaffOutcomeNoted(
        **plan.about, staff="p-1", outcome=registry.StaffOutcome.RECALLED, to_mission=None
    )
    store.run(lambda turn: turn.get(Plan, MEASURE).record(later, turn.moment))
    views = MemoryViews(store)
    assert views.rows("outcomes")[f"{MEASURE}.p-1"]["outcome"] == "reassigned"
    told = views.rows("plans")[MEASURE]["staff"]
    assert told == {"p-1": {"outcome": "reassigned", "to_mission": "emb-it"}}


def test_a_plan_of_another_mission_since_shows_the_outcome_of_its_own_closing() -> None:
    store = first_closing()
    reassign(store, "p-1", NOON + DAY)
    store.run(lambda turn: turn.get(Plan, MEASURE).drop("Moved", OFFICE, turn.moment))
    tell(store, ordered(mission="emb-al"), MEASURE, NOON + 2 * DAY)
    left = registry.StaffRecalled(mission="emb-al", category="diplomat", by="cabinet")
    tell(store, left, "p-1", NOON + 3 * DAY)
    assert MemoryViews(store).rows("outcomes")[f"{MEASURE}.p-1"]["outcome"] == "recalled"


def execute(store: MemoryStore, plan: str = MEASURE, at: datetime = CLOSED) -> None:
    executed = registry.MeasureExecuted(decree="298-2025", article="2", mission="emb-va")
    tell(store, executed, plan, at)


def adopt_second_version(store: MemoryStore) -> None:
    newer = proposal(step(1), step(2), label="2")
    store.run(lambda turn: turn.get(Template, "closing").adopt(newer, {"legal"}, turn.moment))


def add_task(turn: Any, plan: str = MEASURE) -> None:
    replan_plan(turn, plan, PlanProposal.model_validate({"reason": "More", "add": [step(5)]}))


def apply_version(turn: Any) -> None:
    renew_plan(turn, MEASURE, 2, "A better procedure")


def look_at_version(turn: Any) -> None:
    renewed(turn, MEASURE, 2)


def draft_again(turn: Any) -> None:
    plan = turn.get(Plan, MEASURE)
    plan.draft(plan.ordered, (), turn.moment)


REVIVING = (add_task, apply_version, look_at_version, draft_again)


@pytest.mark.parametrize("reviving", REVIVING)
@pytest.mark.parametrize("complete_before", [True, False])
def test_nothing_is_planned_of_a_closing_that_is_carried_out(
    reviving: Callable[[Any], None], complete_before: bool
) -> None:
    store = first_closing()
    adopt_second_version(store)
    if complete_before:
        complete(store)
    execute(store)
    before = len(store.log)
    with pytest.raises(PlanOver) as refused:
        store.run(reviving, OFFICE)
    assert (refused.value.slug, refused.value.facts["plan"]) == ("plan-over", MEASURE)
    assert len(store.log) == before


@pytest.mark.parametrize("reviving", (add_task, apply_version, look_at_version))
def test_a_completed_plan_goes_on_until_its_measure_is_executed(reviving: Callable[[Any], None]) -> None:
    store = first_closing()
    adopt_second_version(store)
    complete(store)
    store.run(reviving, OFFICE)


@pytest.mark.parametrize("reviving", (add_task, apply_version))
def test_a_plan_of_a_closing_that_is_over_is_not_revived(reviving: Callable[[Any], None]) -> None:
    store = first_closing()
    adopt_second_version(store)
    execute(store)
    reopen(store)
    close_again(store)
    with pytest.raises(PlanInOtherState):
        store.run(reviving, OFFICE)
    with pytest.raises(PlanOver):
        store.run(draft_again, OFFICE)
    store.run(lambda turn: add_task(turn, SECOND), OFFICE)


def test_what_closes_nothing_goes_on_after_its_execution_while_something_of_it_is_open() -> None:
    store = store_with_procedure(proposal(step(1), step(2, completed_by="measure.executed")))
    tell(store, ordered(measure_kind=REDUCING, receiver=None), MEASURE, NOON)
    execute(store)
    assert store.find(Task, f"{MEASURE}-t02").state is TaskState.ACCEPTED
    store.run(add_task, OFFICE)
    for number in (1, 5):
        id = f"{MEASURE}-t0{number}"
        store.run(lambda turn, id=id: cancel_task(turn, turn.get(Task, id), "No more"), OFFICE)
    with pytest.raises(PlanOver):
        store.run(lambda turn: replan_plan(turn, MEASURE, ANOTHER), OFFICE)


def test_an_execution_is_noted_once_and_of_a_plan_alone_and_shown() -> None:
    store = first_closing()
    execute(store)
    execute(store, at=CLOSED + DAY)
    execute(store, "298-2025-a2-r09")
    assert [one.plan for one in store.said(said.PlanMeasureExecuted)] == [MEASURE]
    assert MemoryViews(store).rows("plans")[MEASURE]["executed_at"] == CLOSED.isoformat()


def test_a_dropped_plan_notes_no_execution() -> None:
    store = first_closing()
    store.run(lambda turn: turn.get(Plan, MEASURE).drop("Moved", OFFICE, turn.moment))
    execute(store)
    assert store.said(said.PlanMeasureExecuted) == []


@pytest.mark.parametrize(("at", "state"), [(NOON, PlanState.NONE), (REOPENED, PlanState.DRAFT)])
def test_an_order_that_was_parked_until_its_closing_was_over_plans_nothing(
    at: datetime, state: PlanState
) -> None:
    store = store_with_procedure(proposal(step(1)))
    reopen(store)
    tell(store, ordered(), MEASURE, at, told=AGAIN)
    assert store.find(Plan, MEASURE).state is state


def test_an_order_of_what_closes_nothing_is_planned_whatever_was_reopened_since() -> None:
    store = store_with_procedure(proposal(step(1)))
    reopen(store)
    tell(store, ordered(measure_kind=REDUCING, receiver=None), MEASURE, NOON)
    assert store.find(Plan, MEASURE).state is PlanState.DRAFT
