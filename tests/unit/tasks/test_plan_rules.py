from dataclasses import replace
from datetime import date

import pytest

from services.tasks.calendar import Reckoning
from services.tasks.plan import Order, Plan, PlanWithoutDate
from shared.calendar import Roll, WorkingCalendar
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.registry import StaffOutcome
from shared.domain import Change, NotFound
from tests.unit.tasks.given import DATES, LETTER, MINUTES, NOW, declaration

ACCEPTED, CANCELLED = said.Outcome.ACCEPTED, said.Outcome.CANCELLED
ORDER = Order(
    decree="298-2025",
    article="2",
    mission="emb-va",
    measure_kind="merge",
    receiver="emb-it",
    template="closing",
    template_version=1,
    calendar="ly",
    roll=Roll.BACK,
    warn_days=5,
)


def drafted(*gates: int | None) -> Plan:
    """A plan with one task per gate given: t1, t2 …"""
    plan = Plan.blank("p")
    tasks = [
        said.PlannedTask(task=f"t{number}", number=number, gate=gate) for number, gate in enumerate(gates, 1)
    ]
    plan.draft(ORDER, tuple(tasks), NOW)
    plan.collect_events()
    return plan


def happened(plan: Plan) -> list[Event]:
    return [change.event for change in plan.collect_events() if isinstance(change, Change)]


def gates_of(events: list[Event]) -> list[said.PlanGateSatisfied]:
    return [event for event in events if isinstance(event, said.PlanGateSatisfied)]


def version(number: int) -> Reckoning:
    return Reckoning(WorkingCalendar(name="ly", version=number, **declaration().model_dump()))


def test_a_gate_of_one_task_is_satisfied_by_its_acceptance() -> None:
    plan = drafted(7, 8)
    plan.settle("t1", ACCEPTED, (LETTER,), NOW)
    (gate,) = gates_of(happened(plan))
    assert (gate.condition, gate.tasks, gate.evidence) == (7, ("t1",), (LETTER,))
    assert (gate.decree, gate.measure, gate.mission) == ("298-2025", "p", "emb-va")


def test_a_gate_of_two_tasks_waits_for_the_second_and_carries_the_evidence_of_both() -> None:
    plan = drafted(4, 4, 8)
    plan.settle("t2", ACCEPTED, (MINUTES,), NOW)
    assert gates_of(happened(plan)) == []
    plan.settle("t1", ACCEPTED, (LETTER, MINUTES), NOW)
    (gate,) = gates_of(happened(plan))
    assert (gate.tasks, gate.evidence) == (("t1", "t2"), (LETTER, MINUTES))


@pytest.mark.parametrize("first", [ACCEPTED, CANCELLED])
@pytest.mark.parametrize("last", [ACCEPTED, CANCELLED])
def test_a_gate_of_which_a_task_was_cancelled_is_not_satisfied(
    first: said.Outcome, last: said.Outcome
) -> None:
    plan = drafted(4, 4, 4)
    plan.settle("t1", first, (), NOW)
    plan.settle("t3", CANCELLED, (), NOW)
    plan.settle("t2", last, (LETTER,), NOW)
    kinds = [type(event) for event in happened(plan)]
    # What was given up whole is not completed.
    ending = [] if first is last is CANCELLED else [said.PlanCompleted]
    assert kinds == [said.PlanTaskSettled] * 3 + ending


def test_the_checklist_is_not_complete_without_a_condition_that_was_given_up() -> None:
    plan = drafted(1, 2)
    plan.settle("t1", CANCELLED, (), NOW)
    plan.settle("t2", ACCEPTED, (LETTER,), NOW)
    events = happened(plan)
    assert [gate.condition for gate in gates_of(events)] == [2]
    assert not any(isinstance(event, said.PlanChecklistCompleted) for event in events)


def test_a_task_without_a_gate_satisfies_nothing() -> None:
    plan = drafted(None, 4)
    plan.settle("t1", ACCEPTED, (LETTER,), NOW)
    assert [type(event) for event in happened(plan)] == [said.PlanTaskSettled]


def test_the_checklist_is_complete_once_every_condition_is_satisfied() -> None:
    plan = drafted(1, 2, None)
    plan.settle("t1", ACCEPTED, (LETTER,), NOW)
    assert not any(isinstance(event, said.PlanChecklistCompleted) for event in happened(plan))
    plan.settle("t2", ACCEPTED, (LETTER,), NOW)
    complete = happened(plan)[-1]
    assert isinstance(complete, said.PlanChecklistCompleted)
    assert (complete.conditions, complete.mission) == ((1, 2), "emb-va")


def test_the_plan_is_complete_once_every_task_is_settled() -> None:
    plan = drafted(1, None)
    plan.settle("t1", ACCEPTED, (LETTER,), NOW)
    assert not any(isinstance(event, said.PlanCompleted) for event in happened(plan))
    plan.settle("t2", CANCELLED, (), NOW)
    assert isinstance(happened(plan)[-1], said.PlanCompleted)


def test_scheduling_names_the_date_and_the_calendar_version() -> None:
    plan = drafted(1)
    assert plan.schedule(DATES, version(1), NOW)
    (event,) = happened(plan)
    assert isinstance(event, said.PlanScheduled)
    assert (event.public_on, event.official_on, event.supersedes) == (
        date(2025, 8, 31),
        date(2025, 9, 30),
        None,
    )
    assert (event.calendar, event.calendar_version) == ("ly", 1)


def test_a_second_date_supersedes_the_first() -> None:
    plan = drafted(1)
    plan.schedule(DATES, version(1), NOW)
    plan.schedule(replace(DATES, official_on=date(2025, 10, 30)), version(1), NOW)
    event = happened(plan)[-1]
    assert isinstance(event, said.PlanScheduled)
    assert (event.official_on, event.supersedes) == (date(2025, 10, 30), date(2025, 9, 30))


def test_the_same_date_under_the_same_version_changes_nothing() -> None:
    plan = drafted(1)
    plan.schedule(DATES, version(1), NOW)
    plan.collect_events()
    assert not plan.schedule(DATES, version(1), NOW)
    assert not plan.pending_events
    assert plan.schedule(DATES, version(2), NOW)


def test_another_public_date_under_the_same_t_is_a_change() -> None:
    plan = drafted(1)
    plan.schedule(DATES, version(1), NOW)
    other = replace(DATES, public_on=date(2025, 9, 1))
    assert plan.schedule(other, version(1), NOW)
    assert plan.must_have_dates() == other


def test_a_satisfied_gate_names_the_dates_that_the_plan_had_by_then() -> None:
    plan = drafted(2, 3)
    plan.settle("t2", ACCEPTED, (LETTER,), NOW)
    plan.schedule(DATES, version(1), NOW)
    plan.settle("t1", ACCEPTED, (LETTER,), NOW)
    dated = {gate.condition: (gate.public_on, gate.official_on) for gate in gates_of(happened(plan))}
    assert dated == {3: (None, None), 2: (date(2025, 8, 31), date(2025, 9, 30))}


def note_and_letter(*order: str) -> said.PlanGateSatisfied:
    """What a gate of a note on the dates (t1) and a letter (t2) says, where T moves in between."""
    plan = Plan.blank("p")
    note = said.PlannedTask(task="t1", number=1, gate=2, needs_dates=True)
    letter = said.PlannedTask(task="t2", number=2, gate=2)
    plan.draft(ORDER, (note, letter), NOW)
    plan.schedule(DATES, version(1), NOW)
    plan.settle(order[0], ACCEPTED, (LETTER,), NOW)
    plan.schedule(replace(DATES, official_on=date(2025, 10, 30)), version(1), NOW)
    plan.settle(order[1], ACCEPTED, (LETTER,), NOW)
    (gate,) = gates_of(happened(plan))
    return gate


def test_a_note_on_former_dates_does_not_speak_for_those_set_after_it() -> None:
    assert note_and_letter("t1", "t2").official_on == date(2025, 9, 30)
    assert note_and_letter("t2", "t1").official_on == date(2025, 10, 30)


def test_a_plan_without_a_date_has_none_to_give() -> None:
    with pytest.raises(PlanWithoutDate, match="Plan p has no official date yet"):
        drafted(1).must_have_dates()
    with pytest.raises(NotFound):
        Plan.blank("p").must_have_dates()


def test_each_person_has_one_outcome_of_a_closing() -> None:
    plan = drafted(5)
    plan.note_staff_outcome("p-7f3a", StaffOutcome.REASSIGNED, "emb-it", NOW)
    happened(plan)
    plan.note_staff_outcome("p-7f3a", StaffOutcome.RECALLED, None, NOW)
    plan.note_staff_outcome("p-0001", StaffOutcome.RECALLED, None, NOW)
    assert [event.keys()["staff"] for event in happened(plan)] == ["p-0001"]


def test_an_outcome_of_staff_is_noted_with_the_mission_that_was_left() -> None:
    plan = drafted(5)
    plan.note_staff_outcome("p-7f3a", StaffOutcome.REASSIGNED, "emb-it", NOW)
    (event,) = happened(plan)
    assert isinstance(event, said.PlanStaffOutcomeNoted)
    assert (event.mission, event.staff, event.outcome, event.to_mission) == (
        "emb-va",
        "p-7f3a",
        StaffOutcome.REASSIGNED,
        "emb-it",
    )
