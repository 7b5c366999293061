"""What amendments, repeals, reopenings and other events of the registry do to plans and tasks."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.plan import Plan, PlanState
from services.tasks.reactions import RegistryReactions
from services.tasks.settling import accept_task, submit_task
from services.tasks.task import Task, TaskState
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.text import Text
from tests.unit.tasks.given import (
    EVIDENCE,
    ISSUED,
    LEGAL,
    LETTER,
    MEASURE,
    NOON,
    OFFICE,
    MemoryStore,
    ordered,
    proposal,
    received,
    report,
    step,
    store_with_procedure,
)

AMENDING = "310-2025"
REOPENING = "320-2026-a1-r01"


def react(store: MemoryStore, event: Event, id: str, at: datetime | None = None) -> Any:
    command = RegistryReactions().react(received(event, id))
    assert command is not None
    return store.run(command.decide, command.by.actor, at)


def dates(official_on: date = date(2025, 9, 30)) -> registry.MissionDatesSet:
    return registry.MissionDatesSet(
        decree="298-2025", measure=MEASURE, public_on=date(2025, 8, 31), official_on=official_on
    )


def dropped(measure_mission: str = "emb-va") -> registry.MeasureDropped:
    return registry.MeasureDropped(
        decree="298-2025",
        article="2",
        mission=measure_mission,
        receiver="emb-it",
        by=AMENDING,
        on=date(2025, 5, 5),
    )


def retargeted(**changes: Any) -> registry.MeasureRetargeted:
    parts: dict[str, Any] = {
        "decree": "298-2025",
        "article": "2",
        "by": AMENDING,
        "on": date(2025, 5, 5),
        "mission": "emb-va",
        "receiver": "emb-fr",
        "target": None,
        "former_mission": "emb-va",
        "former_receiver": "emb-it",
        "void": (3,),
    }
    return registry.MeasureRetargeted(**(parts | changes))


def planned(*steps: dict[str, Any], **changes: Any) -> MemoryStore:
    """A store with the plan of the sample measure; SMALL's procedure where no steps are given."""
    store = store_with_procedure(proposal(*steps, **changes)) if steps else store_with_procedure()
    react(store, ordered(), MEASURE)
    return store


def task(number: int, suffix: str = "") -> str:
    return f"{MEASURE}-t{number:02d}{suffix}"


def begin(store: MemoryStore, id: str) -> None:
    store.run(lambda turn: turn.get(Task, id).assign("legal", (), None, OFFICE, turn.moment))
    store.run(lambda turn: turn.get(Task, id).start([], LEGAL, turn.moment))


def accept(store: MemoryStore, *ids: str) -> None:
    for id in ids:
        begin(store, id)
        store.run(lambda turn, id=id: submit_task(turn, turn.get(Task, id), (LETTER,)), LEGAL)
        store.run(lambda turn, id=id: accept_task(turn, turn.get(Task, id)), OFFICE)


def states(store: MemoryStore) -> list[TaskState]:
    return [store.find(Task, listed.task).state for listed in store.find(Plan, MEASURE).tasks]


def test_a_dropped_measure_cancels_what_is_open_of_its_plan() -> None:
    store = planned()
    react(store, dates(), "emb-va")
    accept(store, task(1))
    begin(store, task(2))
    answer = react(store, dropped(), MEASURE)
    assert answer["cancelled"] == [task(2), task(3), task(4)]
    assert store.find(Plan, MEASURE).state is PlanState.DROPPED
    assert states(store) == [TaskState.ACCEPTED, *[TaskState.CANCELLED] * 3]
    (plan,) = store.said(said.PlanDropped)
    assert AMENDING in plan.reason and plan.by == ("service:tasks",)
    assert all(AMENDING in event.reason for event in store.said(said.TaskCancelled))
    assert [event.task for event in store.said(said.DeadlineDropped)] == [task(2), task(3), task(4)]
    assert store.said(said.PlanCompleted) == []


def test_a_dropped_measure_without_a_plan_changes_nothing() -> None:
    store = store_with_procedure()
    before = len(store.log)
    react(store, dropped(), MEASURE)
    react(store, retargeted(), MEASURE)
    assert len(store.log) == before


def test_what_was_not_due_when_the_measure_was_dropped_is_not_missed_however_late_that_arrives() -> None:
    store = planned()
    react(store, dates(), "emb-va")
    store.now = datetime(2025, 12, 1, tzinfo=UTC)
    react(store, dropped(), MEASURE)
    assert store.said(said.DeadlineMissed) == []
    assert len(store.said(said.DeadlineDropped)) == 4


def test_a_measure_dropped_from_a_day_to_come_is_dropped_now() -> None:
    store = planned()
    react(store, dropped(), MEASURE, NOON + timedelta(days=30))
    assert store.find(Plan, MEASURE).state is PlanState.DROPPED


def test_a_dropped_plan_takes_no_dates() -> None:
    store = planned()
    react(store, dropped(), MEASURE)
    assert react(store, dates(), "emb-va")["scheduled"] == 0
    assert store.said(said.PlanScheduled) == []


def test_a_measure_about_another_mission_is_planned_anew_when_it_is_ordered_again() -> None:
    store = planned()
    react(store, retargeted(mission="emb-al", void=()), MEASURE)
    assert store.find(Plan, MEASURE).state is PlanState.DROPPED
    react(store, ordered(mission="emb-al", receiver="emb-fr"), MEASURE)
    plan = store.find(Plan, MEASURE)
    assert (plan.state, plan.ordered.mission) == (PlanState.DRAFT, "emb-al")
    assert [listed.task for listed in plan.tasks] == [task(n, "-2") for n in (1, 2, 3, 4)]
    assert store.find(Task, task(4, "-2")).planned.needs == tuple(task(n, "-2") for n in (1, 2, 3))
    accept(store, task(1, "-2"))
    assert [gate.mission for gate in store.said(said.PlanGateSatisfied)] == ["emb-al"]


def test_another_receiver_has_the_void_conditions_evidenced_anew() -> None:
    store = planned()
    react(store, dates(), "emb-va")
    accept(store, task(1), task(2), task(3))
    assert len(store.said(said.PlanChecklistCompleted)) == 1
    answer = react(store, retargeted(), MEASURE)
    assert (answer["added"], answer["superseded"], answer["void"]) == (
        [task(2, "-2"), task(3, "-2")],
        [task(2), task(3)],
        [3],
    )
    assert answer["changed"] == [task(4)]
    assert store.find(Task, task(4)).planned.needs == (task(1), task(2, "-2"), task(3, "-2"))
    plan = store.find(Plan, MEASURE)
    assert (plan.satisfied, plan.ordered.receiver) == ((1,), "emb-fr")
    anew = store.find(Task, task(2, "-2"))
    assert (anew.state, anew.planned.gate, anew.planned.needs) == (TaskState.PLANNED, 3, (task(1),))
    assert store.find(Deadline, task(2, "-2")).due_on == store.find(Deadline, task(2)).due_on
    accept(store, task(2, "-2"), task(3, "-2"))
    gates = [(gate.condition, gate.tasks) for gate in store.said(said.PlanGateSatisfied)]
    assert gates[2:] == [(3, (task(2, "-2"), task(3, "-2")))]
    assert len(store.said(said.PlanChecklistCompleted)) == 2


def test_work_under_way_for_the_former_receiver_is_cancelled_and_what_nobody_began_stays() -> None:
    store = planned()
    begin(store, task(2))
    answer = react(store, retargeted(), MEASURE)
    assert (answer["added"], answer["superseded"]) == ([task(2, "-2")], [task(2)])
    assert states(store) == [
        TaskState.PLANNED,
        TaskState.CANCELLED,
        TaskState.PLANNED,
        TaskState.PLANNED,
        TaskState.PLANNED,
    ]
    # What was superseded puts no condition out of reach: the new task stands for it.
    accept(store, task(3), task(2, "-2"))
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [3]


def test_a_task_of_the_receiver_is_done_anew_though_its_condition_was_not_satisfied_yet() -> None:
    of_receiver = step(1, gate=4, evidence=EVIDENCE, of_receiver=True)
    store = planned(of_receiver, step(2, gate=4, evidence=EVIDENCE), step(3, of_receiver=True))
    accept(store, task(1))
    answer = react(store, retargeted(void=()), MEASURE)
    assert (answer["added"], answer["void"]) == ([task(1, "-2")], [])
    accept(store, task(2))
    assert store.said(said.PlanGateSatisfied) == []
    accept(store, task(1, "-2"))
    (gate,) = store.said(said.PlanGateSatisfied)
    assert gate.tasks == (task(2), task(1, "-2"))


def test_another_target_of_the_same_receiver_has_nothing_done_anew() -> None:
    store = planned()
    accept(store, task(1), task(2), task(3))
    before = len(store.log)
    react(store, retargeted(receiver="emb-it", void=()), MEASURE)
    assert len(store.log) == before


def test_a_completed_plan_goes_on_where_something_is_done_anew() -> None:
    store = planned(step(1, gate=3, evidence=EVIDENCE))
    accept(store, task(1))
    assert store.find(Plan, MEASURE).state is PlanState.COMPLETED
    react(store, retargeted(), MEASURE)
    assert store.find(Plan, MEASURE).state is PlanState.DRAFT
    react(store, retargeted(receiver="emb-ve", former_receiver="emb-fr"), MEASURE)
    accept(store, task(1, "-2"))
    assert store.find(Plan, MEASURE).state is PlanState.COMPLETED


def test_a_repealed_decree_cancels_its_own_tasks() -> None:
    store = store_with_procedure()
    react(store, ISSUED, "298-2025")
    react(store, ordered(), MEASURE)
    repealed = registry.DecreeRepealed(by=AMENDING, on=date(2025, 5, 5), dropped=(MEASURE,))
    answer = react(store, repealed, "298-2025")
    assert answer["cancelled"] == ["298-2025-t40"]
    assert store.find(Task, "298-2025-t40").state is TaskState.CANCELLED
    assert store.find(Plan, MEASURE).state is PlanState.DRAFT


def test_a_dropped_article_cancels_the_tasks_that_it_asked_for_and_no_others() -> None:
    store = store_with_procedure()
    react(store, ISSUED, "298-2025")
    react(store, ordered(), MEASURE)
    # When articles change or are dropped that asked for no task, then nothing is cancelled.
    other = registry.DecreeAmended(by=AMENDING, on=date(2025, 5, 5), dropped=("1",))
    assert react(store, other, "298-2025")["cancelled"] == []
    # When Article 3 is dropped, then its report is not asked for any more, and a repetition changes nothing.
    dropped = registry.DecreeAmended(by=AMENDING, on=date(2025, 5, 5), dropped=("3",))
    assert react(store, dropped, "298-2025")["cancelled"] == ["298-2025-t40"]
    assert store.find(Task, "298-2025-t40").state is TaskState.CANCELLED
    (cancelled,) = store.said(said.TaskCancelled)
    assert AMENDING in cancelled.reason and "المادة" in cancelled.reason
    assert react(store, dropped, "298-2025")["cancelled"] == []
    assert store.find(Plan, MEASURE).state is PlanState.DRAFT


def test_an_amendment_that_drops_no_article_cancels_nothing() -> None:
    store = store_with_procedure()
    react(store, ISSUED, "298-2025")
    before = len(store.log)
    changed = registry.DecreeAmended(by=AMENDING, on=date(2025, 5, 5), rows_changed=(MEASURE,))
    assert react(store, changed, "298-2025")["cancelled"] == [] and len(store.log) == before


def test_a_reopened_mission_drops_its_closing_and_no_other_plan() -> None:
    store = planned(step(1), step(2))
    react(store, ordered(measure_kind=registry.MeasureKind.OPEN, receiver=None), REOPENING)
    reopened = registry.MissionReopened(decree="320-2026", measure=REOPENING)
    store.now = NOON + timedelta(days=1)
    react(store, reopened, "emb-va")
    assert store.find(Plan, MEASURE).state is PlanState.DROPPED
    assert store.find(Plan, REOPENING).state is PlanState.DRAFT


def announced(measure: str = MEASURE) -> registry.MissionAnnounced:
    return registry.MissionAnnounced(decree="298-2025", measure=measure, reference="Gazette 4")


def test_an_event_completes_the_task_that_waits_for_it_with_itself_as_evidence() -> None:
    store = planned(step(1), step(2, needs=[1], completed_by="mission.announced"))
    react(store, dates(), "emb-va")
    answer = react(store, announced(), "emb-va")
    assert answer == {"event": "mission.announced", "completed": [task(2)]}
    done = store.find(Task, task(2))
    assert (done.state, done.doers, done.submitted_at) == (TaskState.ACCEPTED, (), NOON)
    (accepted,) = store.said(said.TaskAccepted)
    assert accepted.by == ("service:tasks",)
    assert accepted.completion is not None
    told = received(announced(), "emb-va")
    assert (accepted.completion.event, accepted.completion.event_id) == (
        "registry.mission.announced",
        told.event_id,
    )
    (leaf,) = accepted.evidence
    assert (leaf.document, leaf.sha256) == (
        f"registry.mission.announced {told.event_id}",
        told.leaf().hex(),
    )
    (met,) = store.said(said.DeadlineMet)
    assert (met.task, met.on_time) == (task(2), True)
    assert react(store, announced(), "emb-va")["completed"] == []
    assert react(store, announced("298-2025-a2-r09"), "emb-al")["completed"] == []


def test_a_completion_counts_for_its_gate_and_its_plan() -> None:
    store = planned(step(1, gate=12, evidence=EVIDENCE, completed_by="handover.signed.inspection"))
    outgoing = registry.HandoverSigned(
        mission="emb-va", signatory=registry.Signatory.OUTGOING, by="head-1", reference="1"
    )
    assert react(store, outgoing, "emb-va")["completed"] == []
    inspection = outgoing.model_copy(update={"signatory": registry.Signatory.INSPECTION})
    assert react(store, inspection, "emb-va")["completed"] == [task(1)]
    assert [gate.condition for gate in store.said(said.PlanGateSatisfied)] == [12]
    assert store.find(Plan, MEASURE).state is PlanState.COMPLETED


@pytest.mark.parametrize("swept", [False, True])
def test_an_event_that_arrives_after_the_deadline_and_was_recorded_before_it_makes_no_plain_miss(
    swept: bool,
) -> None:
    store = planned(step(1, window="-30", completed_by="mission.announced"))
    react(store, dates(), "emb-va")
    store.now = datetime(2025, 9, 10, tzinfo=UTC)
    if swept:
        store.run(lambda turn: turn.get(Deadline, task(1)).miss(turn.get(Task, task(1)), (), turn.moment))
    # The inbox was away: the registry recorded it at NOON, long before the due day.
    react(store, announced(), "emb-va", NOON)
    assert len(store.said(said.DeadlineMissed)) == swept
    assert len(store.said(said.DeadlineMissQualified)) == swept
    assert [met.on_time for met in store.said(said.DeadlineMet)] == [True]


def test_work_that_was_handed_in_is_confirmed_by_the_event() -> None:
    store = planned(step(1, completed_by="mission.announced"))
    begin(store, task(1))
    store.run(lambda turn: submit_task(turn, turn.get(Task, task(1)), (LETTER,)), LEGAL)
    store.now = NOON + timedelta(days=3)
    react(store, announced(), "emb-va")
    done = store.find(Task, task(1))
    assert (done.state, done.doers, done.submitted_at) == (TaskState.ACCEPTED, ("legal-1",), NOON)
    assert done.evidence[0].document == "Letter"


def test_an_event_of_the_decree_completes_the_decrees_own_task() -> None:
    store = store_with_procedure(
        proposal(step(1), decree_tasks=[report(completed_by="decree.final-report-approved")])
    )
    react(store, ISSUED, "298-2025")
    approved = registry.DecreeFinalReportApproved(reference="R-1", by=("office-2",))
    assert react(store, approved, "298-2025")["completed"] == ["298-2025-t40"]
    assert store.find(Decree, "298-2025").tasks == ("298-2025-t40",)


def test_dates_that_complete_a_task_also_date_the_plan() -> None:
    store = planned(step(1, completed_by="mission.dates-set"), step(2))
    react(store, dates(), "emb-va")
    assert states(store) == [TaskState.ACCEPTED, TaskState.PLANNED]
    assert store.find(Deadline, task(2)).due_on == date(2025, 9, 30)


def test_what_nobody_waits_for_completes_nothing() -> None:
    event = registry.DepartmentRegistered(name=Text(en="Legal"))
    command = RegistryReactions().react(received(event, "legal"))
    assert command is not None and command.name == "note-department"
