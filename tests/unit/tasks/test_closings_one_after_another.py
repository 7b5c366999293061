"""A mission that closes, is opened again and closes by another measure: what belongs to which closing."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.tasks.plan import Plan, PlanState
from services.tasks.settling import accept_task, submit_task
from services.tasks.task import Task
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
