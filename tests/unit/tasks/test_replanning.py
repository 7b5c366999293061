"""Plans that are approved, changed by hand, and moved to a newer version of their procedure."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.tasks.approving import approve_plan
from services.tasks.deadline import Deadline
from services.tasks.drafting import draft_plan
from services.tasks.plan import Plan, PlanInOtherState, PlanState, ReplanFlawed
from services.tasks.plan.amending import PlanProposal
from services.tasks.plan.reaching import out_of_reach
from services.tasks.plan.refusals import NotTheNewestVersion, SecondBaselineWithoutReason
from services.tasks.replanning import renew_plan, renewed, replan_plan
from services.tasks.scheduling import schedule_plan
from services.tasks.settling import accept_task, cancel_task, submit_task
from services.tasks.task import Task, TaskState
from services.tasks.template import ProcedureWithoutTasks, Template, TemplateFlawed, TemplateProposal
from shared.contracts import tasks as said
from shared.contracts.registry import MeasureKind
from tests.unit.tasks.given import (
    ALONE,
    DATES,
    EVIDENCE,
    LEGAL,
    LETTER,
    MEASURE,
    NOW,
    OFFICE,
    ORDERED,
    MemoryStore,
    proposal,
    report,
    step,
    store_with_procedure,
)

FIRST, SECOND, THIRD, FOURTH, FIFTH = (f"{MEASURE}-t0{number}" for number in (1, 2, 3, 4, 5))


@pytest.fixture
def store() -> MemoryStore:
    store = store_with_procedure()
    store.run(lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))
    return store


def change(**parts: Any) -> PlanProposal:
    return PlanProposal.model_validate({"reason": "The host is slow", **parts})


def replan(store: MemoryStore, **parts: Any) -> dict[str, Any]:
    return store.run(lambda turn: replan_plan(turn, MEASURE, change(**parts)), OFFICE)


def adopt(store: MemoryStore, newer: TemplateProposal) -> None:
    departments = set(newer.departments())
    store.run(lambda turn: turn.get(Template, "closing").adopt(newer, departments, NOW))


def accept(store: MemoryStore, *ids: str) -> None:
    for id in ids:
        store.run(lambda turn, id=id: turn.get(Task, id).assign("legal", (), None, OFFICE, turn.moment))
        store.run(lambda turn, id=id: turn.get(Task, id).start([], LEGAL, turn.moment))
        store.run(lambda turn, id=id: submit_task(turn, turn.get(Task, id), (LETTER,)), LEGAL)
        store.run(lambda turn, id=id: accept_task(turn, turn.get(Task, id), ALONE), OFFICE)


def flaws(store: MemoryStore, **parts: Any) -> list[str]:
    before = len(store.log)
    with pytest.raises(ReplanFlawed) as refused:
        replan(store, **parts)
    assert len(store.log) == before
    return [flaw["code"] for flaw in refused.value.facts["flaws"]]


def test_an_approval_keeps_every_window_and_day_as_it_stands(store: MemoryStore) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    answer = store.run(lambda turn: approve_plan(turn, MEASURE, None), OFFICE)
    assert (answer["state"], answer["baseline"], answer["tasks"]) == ("approved", 1, 4)
    (approved,) = store.said(said.PlanApproved)
    assert (approved.official_on, approved.by) == (date(2025, 9, 30), ("office-1",))
    first = approved.tasks[0]
    assert (first.task, first.due, first.due_on) == (FIRST, "30 days before official_on", date(2025, 8, 31))


def test_a_plan_is_approved_again_only_with_a_reason(store: MemoryStore) -> None:
    store.run(lambda turn: approve_plan(turn, MEASURE, None))
    with pytest.raises(SecondBaselineWithoutReason):
        store.run(lambda turn: approve_plan(turn, MEASURE, None))
    store.run(lambda turn: approve_plan(turn, MEASURE, "T is set"))
    assert [event.baseline for event in store.said(said.PlanApproved)] == [1, 2]


def test_a_completed_plan_is_not_approved(store: MemoryStore) -> None:
    accept(store, FIRST, SECOND, THIRD, FOURTH)
    with pytest.raises(PlanInOtherState, match="is completed; it must be draft or approved"):
        store.run(lambda turn: approve_plan(turn, MEASURE, None))


def test_a_window_is_moved_with_its_deadline(store: MemoryStore) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    answer = replan(store, move=[{"task": FIRST, "window": "-60..-45"}])
    assert answer["changed"] == [FIRST]
    (replanned,) = store.said(said.TaskReplanned)
    assert (replanned.opens, replanned.due, replanned.reason) == (
        "60 days before official_on",
        "45 days before official_on",
        "The host is slow",
    )
    # 45 days before Tuesday 30 September is Saturday 16 August, rolled back to Thursday.
    assert store.find(Deadline, FIRST).due_on == date(2025, 8, 14)
    assert store.find(Deadline, SECOND).due_on == date(2025, 9, 18)


def test_a_task_is_added_with_its_number_needs_and_deadline(store: MemoryStore) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    answer = replan(store, add=[step(5, needs=[1], window="-10", lead="protocol")])
    assert answer["added"] == [FIFTH]
    added = store.find(Task, FIFTH)
    assert (added.state, added.lead, added.planned.needs) == (TaskState.PLANNED, "protocol", (FIRST,))
    assert store.find(Deadline, FIFTH).due_on == date(2025, 9, 18)
    assert store.find(Plan, MEASURE).tasks[-1].added


def test_a_task_that_is_dropped_leaves_its_condition_unmet(store: MemoryStore) -> None:
    replan(store, drop=[SECOND])
    assert store.find(Task, SECOND).state is TaskState.CANCELLED
    accept(store, FIRST, THIRD)
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1]


def test_a_completed_plan_to_which_a_task_is_added_goes_on(store: MemoryStore) -> None:
    store.run(lambda turn: approve_plan(turn, MEASURE, None))
    accept(store, FIRST, SECOND, THIRD, FOURTH)
    replan(store, add=[step(5)])
    assert store.find(Plan, MEASURE).state is PlanState.APPROVED
    accept(store, FIFTH)
    assert len(store.said(said.PlanCompleted)) == 2


def test_what_makes_no_sense_is_refused_with_every_flaw(store: MemoryStore) -> None:
    assert flaws(store) == ["no-change"]
    assert flaws(store, move=[{"task": "x", "window": "0"}], drop=[FIRST, FIRST]) == [
        "no-open-task",
        "task-twice",
    ]
    assert flaws(store, add=[step(4)]) == ["duplicate-number"]
    assert flaws(store, add=[step(5, lead="fisheries", needs=[9])]) == ["unknown-department", "unknown-need"]
    assert flaws(store, move=[{"task": FIRST, "window": "0..-5"}]) == ["bad-window"]
    assert flaws(store, move=[{"task": FIRST, "window": "-5"}]) == ["window-before-need"]
    assert flaws(store, add=[step(5, needs=[6]), step(6, needs=[5])]) == ["cycle"]
    assert flaws(store, add=[step(5, gate=99, evidence=EVIDENCE)]) == ["no-such-condition"]
    accept(store, FIRST)
    assert flaws(store, drop=[FIRST]) == ["no-open-task"]


def test_a_gate_is_not_added_to_what_closes_nothing() -> None:
    store = store_with_procedure(proposal(step(1)))
    moved = ORDERED.model_copy(update={"measure_kind": MeasureKind.RELOCATE, "receiver": None})
    store.run(lambda turn: draft_plan(turn, MEASURE, moved, "closing"))
    assert flaws(store, add=[step(2, gate=3, evidence=EVIDENCE)]) == ["gate-without-closing"]


NEWER = proposal(
    step(1, window="-40", gate=1, evidence=EVIDENCE, co_executors=["protocol"]),
    step(3, needs=[1], gate=3, evidence=EVIDENCE, lead="archives"),
    step(4, lead="protocol", needs=["gates", 6]),
    step(6),
    label="2",
)


def test_a_preview_tells_what_a_newer_version_changes_and_stores_nothing(store: MemoryStore) -> None:
    adopt(store, NEWER)
    before = len(store.log)
    _, _, moved = store.run(lambda turn: renewed(turn, MEASURE, 2))
    assert len(store.log) == before
    assert [terms.task for terms in moved.change.added] == [f"{MEASURE}-t06"]
    assert moved.change.superseded == (SECOND,)
    assert list(moved.change.changed) == [FIRST, THIRD, FOURTH]
    assert moved.kept == ()


def test_a_plan_is_moved_to_the_newest_version(store: MemoryStore) -> None:
    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    adopt(store, NEWER)
    answer = store.run(lambda turn: renew_plan(turn, MEASURE, 2, "A better procedure"), OFFICE)
    assert (answer["template_version"], answer["added"], answer["superseded"]) == (
        2,
        [f"{MEASURE}-t06"],
        [SECOND],
    )
    third = store.find(Task, THIRD)
    assert (third.lead, third.planned.template_version) == ("archives", 2)
    assert store.find(Task, FOURTH).planned.needs == (FIRST, THIRD, f"{MEASURE}-t06")
    assert store.find(Deadline, FIRST).due_on == date(2025, 8, 21)
    assert store.find(Task, SECOND).state is TaskState.CANCELLED
    # The condition does without the task that the procedure has no more.
    accept(store, FIRST, THIRD)
    assert [gate.tasks for gate in store.said(said.PlanGateSatisfied)] == [(FIRST,), (THIRD,)]
    again = len(store.log)
    store.run(lambda turn: renew_plan(turn, MEASURE, 2, "Again"), OFFICE)
    assert len(store.log) == again


def test_the_last_open_task_of_a_condition_that_is_superseded_satisfies_it(store: MemoryStore) -> None:
    accept(store, FIRST, THIRD)
    adopt(store, NEWER)
    store.run(lambda turn: renew_plan(turn, MEASURE, 2, "A better procedure"), OFFICE)
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [1, 3]


def test_what_is_settled_or_under_way_keeps_what_it_has(store: MemoryStore) -> None:
    accept(store, FIRST)
    store.run(lambda turn: turn.get(Task, THIRD).assign("legal", (), None, OFFICE, turn.moment))
    adopt(store, NEWER)
    _, _, moved = store.run(lambda turn: renewed(turn, MEASURE, 2))
    assert moved.kept == (FIRST,)
    store.run(lambda turn: renew_plan(turn, MEASURE, 2, "A better procedure"), OFFICE)
    assert store.find(Task, THIRD).lead == "legal"
    assert store.find(Task, FIRST).planned.due == "30 days before official_on"


def test_a_plan_is_moved_to_the_version_that_was_looked_at(store: MemoryStore) -> None:
    adopt(store, NEWER)
    with pytest.raises(NotTheNewestVersion, match="is 2, not 1"):
        store.run(lambda turn: renew_plan(turn, MEASURE, 1, "Why not"), OFFICE)


def test_an_added_task_stays_and_its_number_is_not_taken_from_it(store: MemoryStore) -> None:
    replan(store, add=[step(6)])
    adopt(store, NEWER)
    with pytest.raises(ReplanFlawed, match="task 6, number"):
        store.run(lambda turn: renew_plan(turn, MEASURE, 2, "A better procedure"), OFFICE)
    without = proposal(*(one.model_dump() for one in NEWER.tasks if one.number in (1, 3)), label="3")
    adopt(store, without)
    store.run(lambda turn: renew_plan(turn, MEASURE, 3, "A better procedure"), OFFICE)
    assert store.find(Task, f"{MEASURE}-t06").state is TaskState.PLANNED


def test_a_dropped_plan_is_not_changed(store: MemoryStore) -> None:
    store.run(lambda turn: turn.get(Plan, MEASURE).drop("The measure fell", OFFICE, turn.moment))
    for decide in (
        lambda turn: replan_plan(turn, MEASURE, change(drop=[FIRST])),
        lambda turn: renew_plan(turn, MEASURE, 1, "Why not"),
        lambda turn: approve_plan(turn, MEASURE, None),
    ):
        with pytest.raises(PlanInOtherState):
            store.run(decide, OFFICE)


def test_another_calendar_of_the_newer_procedure_dates_every_open_task(store: MemoryStore) -> None:
    from services.tasks.calendar import Calendar
    from tests.unit.tasks.given import declaration

    store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    host = declaration(date(2025, 8, 31), label="host")
    store.run(lambda turn: turn.get(Calendar, "host").declare(host, NOW))
    same = proposal(
        step(1, window="-30", gate=1, evidence=EVIDENCE, co_executors=["protocol"]),
        step(2, window="-20..-10", needs=[1], gate=3, evidence=EVIDENCE),
        step(3, needs=[1], gate=3, evidence=EVIDENCE),
        step(4, lead="protocol", needs=["gates"]),
        label="2",
        calendar="host",
    )
    adopt(store, same)
    store.now = datetime(2025, 5, 6, tzinfo=UTC)
    store.run(lambda turn: renew_plan(turn, MEASURE, 2, "The host's holidays"), OFFICE)
    assert store.find(Deadline, FIRST).due_on == date(2025, 8, 28)
    scheduled = store.said(said.PlanScheduled)[-1]
    assert (scheduled.calendar, scheduled.calendar_version) == ("host", 1)


def test_what_would_have_no_gate_any_more_is_named_beforehand_and_afterwards(store: MemoryStore) -> None:
    gated = step(1, window="-30", gate=1, evidence=EVIDENCE, co_executors=["protocol"])
    # Given that the first condition is satisfied, and a task of the third was given up,
    accept(store, FIRST)
    dropped = replan(store, drop=[THIRD])
    assert dropped["out_of_reach"] == [2, 3, *range(4, 13)]
    # when a newer version has no task of the third,
    adopt(store, proposal(gated, step(9), label="2"))
    _, _, moved = store.run(lambda turn: renewed(turn, MEASURE, 2))
    told = store.run(lambda turn: renew_plan(turn, MEASURE, 2, "Simpler"), OFFICE)
    # then it stays out of reach, and what is satisfied stays so.
    assert told["out_of_reach"] == list(out_of_reach(store.find(Plan, MEASURE))) == [2, 3, *range(4, 13)]
    assert told["superseded"] == list(moved.change.superseded)


def test_what_closes_nothing_has_no_condition_out_of_reach() -> None:
    store = store_with_procedure(proposal(step(1), step(2)))
    moved = ORDERED.model_copy(update={"measure_kind": MeasureKind.RELOCATE, "receiver": None})
    store.run(lambda turn: draft_plan(turn, MEASURE, moved, "closing"))
    assert replan(store, drop=[SECOND])["out_of_reach"] == []


def test_a_version_without_tasks_for_measures_is_refused_where_there_are_plans(store: MemoryStore) -> None:
    empty = proposal(label="2", decree_tasks=[report()])
    with pytest.raises(TemplateFlawed, match="no task for them"):
        adopt(store, empty)
    for_closings = empty.model_copy(update={"measure_kinds": (MeasureKind.CLOSE,)})
    with pytest.raises(TemplateFlawed, match="no task for them"):
        Template.blank("new").adopt(for_closings, {"legal"}, NOW)
    # A decree may have tasks of its own alone, and then no measure is planned by that procedure.
    store.run(lambda turn: turn.get(Template, "own").adopt(empty, {"legal"}, NOW))
    with pytest.raises(ProcedureWithoutTasks):
        store.run(lambda turn: draft_plan(turn, "298-2025-a2-r02", ORDERED, "own"))


def test_a_plan_is_not_moved_to_a_version_without_tasks_that_was_adopted_before_that_was_refused(
    store: MemoryStore,
) -> None:
    adopt(store, proposal(step(1), label="2"))
    newest = store.said(said.TemplateAdopted)[-1]
    emptied = newest.model_copy(update={"tasks": (), "version": 3, "label": "3"})
    store.run(lambda turn: turn.get(Template, "closing").record(emptied, NOW))
    with pytest.raises(ProcedureWithoutTasks):
        store.run(lambda turn: renew_plan(turn, MEASURE, 3, "Simpler"), OFFICE)


def test_a_plan_that_was_given_up_whole_is_not_completed(store: MemoryStore) -> None:
    adopt(store, proposal(step(9), label="2"))
    store.run(lambda turn: renew_plan(turn, MEASURE, 2, "Other work"), OFFICE)
    store.run(lambda turn: cancel_task(turn, turn.get(Task, f"{MEASURE}-t09"), "Not needed"), OFFICE)
    plan = store.find(Plan, MEASURE)
    assert (plan.open, plan.state) == ((), PlanState.DRAFT)
    # It goes on where something is added to it, and is completed once that is accepted.
    replan(store, add=[step(10)])
    accept(store, f"{MEASURE}-t10")
    assert store.find(Plan, MEASURE).state is PlanState.COMPLETED
