"""Silence escalates: the ladder is climbed step by step, and stands, ends and begins again as it must."""

from datetime import date

import pytest

from services.tasks.calendar import LabelTaken, NoSuchVersion
from services.tasks.department import Department
from services.tasks.escalation import (
    AcknowledgedAlready,
    AcknowledgedTooLong,
    EscalationState,
    NothingToAcknowledge,
)
from services.tasks.escalation_policy import EscalationPolicy
from services.tasks.escalation_policy.policy import NoSuchRole
from services.tasks.plan import ClosingDates
from services.tasks.task import UnknownDepartment
from shared.contracts import tasks as said
from shared.contracts.delegation import Headship
from tests.unit.tasks.dated import DECREE, DUE_ON, Dated, moment
from tests.unit.tasks.escalated import LADDER, STEPS, Escalated
from tests.unit.tasks.given import NOW


@pytest.fixture
def case() -> Escalated:
    return Escalated()


def at_each_step(case: Escalated, upto: int = 4) -> Escalated:
    for step in STEPS[:upto]:
        case.at(step).sweep()
    return case


def test_silence_climbs_two_working_days_a_step(case: Escalated) -> None:
    at_each_step(case)
    assert case.keys == ["lead", "head", "office", "minister"]
    assert [step.due_at for step in case.raised] == [moment(step) for step in STEPS]
    assert [step.late for step in case.raised] == [False] * 4
    assert [step.next_at for step in case.raised] == [*(moment(step) for step in STEPS[1:]), None]
    assert case.escalation.next_at is None and case.escalation.state is EscalationState.CLIMBING


def test_each_step_says_to_whom_it_goes(case: Escalated) -> None:
    headship = Headship(head="head-7", role="department", since=NOW.effective_at)
    case.store.run(lambda turn: turn.get(Department, "legal").note_head(headship, turn.moment))
    at_each_step(case)
    assert [(step.department, step.to.value, step.role, step.head, step.lead) for step in case.raised] == [
        ("legal", "lead", None, "head-7", "legal"),
        ("legal", "head", None, "head-7", "legal"),
        ("archives", "department", None, None, "legal"),
        ("legal", "role", "controller", None, "legal"),
    ]


def test_nothing_happens_before_its_moment_nor_twice(case: Escalated) -> None:
    case.at("2025-09-02 21:59").sweep()
    assert case.keys == ["lead"]
    case.at(STEPS[1]).sweep().sweep()
    assert case.keys == ["lead", "head"]


def test_an_outage_over_several_steps_records_each_once_in_order_and_late(case: Escalated) -> None:
    case.at("2025-09-05").sweep().sweep()
    assert case.keys == ["lead", "head", "office"]
    assert [step.late for step in case.raised] == [True, True, True]
    raised = [row.effective_at for row in case.store.log if isinstance(row.event, said.EscalationRaised)]
    assert raised == [moment(step) for step in STEPS[:3]]
    case.at(STEPS[3]).sweep()
    assert [step.late for step in case.raised] == [True, True, True, False]


def test_without_a_policy_nothing_is_escalated_and_not_afterwards_either() -> None:
    case = Dated().at("2025-09-10").sweep()
    assert case.told(said.DeadlineMissed) and not case.told(said.EscalationBegun)


def test_an_acknowledgement_stops_the_clock_and_gives_back_what_was_left(case: Escalated) -> None:
    case.at(STEPS[0]).sweep().at("2025-09-01").acknowledge(date(2025, 9, 4))
    assert case.escalation.state is EscalationState.ACKNOWLEDGED
    # One working day of the two was left at the end of Monday 1 September: it comes after Thursday the 4th.
    assert case.escalation.next_at == moment("2025-09-07 22:00")
    case.at(STEPS[2]).sweep()
    assert case.keys == ["lead"]
    case.at("2025-09-07 22:00").sweep()
    assert case.keys == ["lead", "head"] and case.escalation.state is EscalationState.CLIMBING
    assert case.escalation.next_at == moment("2025-09-09 22:00")


def test_each_step_is_acknowledged_once_and_for_so_long_at_most(case: Escalated) -> None:
    with pytest.raises(NothingToAcknowledge):
        case.at("2025-08-30").acknowledge()
    case.at(STEPS[0]).sweep().at("2025-09-01")
    for day in (date(2025, 9, 1), date(2025, 9, 9)):
        with pytest.raises(AcknowledgedTooLong, match="not after 2025-09-08"):
            case.acknowledge(day)
    case.acknowledge()
    assert case.told(said.EscalationAcknowledged)[0].until == date(2025, 9, 8)
    with pytest.raises(AcknowledgedAlready, match="until 2025-09-08"):
        case.acknowledge()
    case.at("2025-09-20").sweep().acknowledge()
    assert [given.step for given in case.told(said.EscalationAcknowledged)] == [1, 4]


def test_work_that_is_handed_in_ends_it_and_its_return_begins_anew(case: Escalated) -> None:
    case.start().at(STEPS[1]).sweep().at("2025-09-03").submit()
    (ended,) = case.told(said.EscalationEnded)
    assert (ended.ground, ended.step) == (said.EscalationEnding.HANDED_IN, 2)
    case.at("2025-09-14").sweep().give_back()
    assert case.keys == ["lead", "head"] and case.escalation.next_at == moment("2025-09-14 22:00")
    case.at("2025-09-14 22:00").sweep()
    assert case.keys == ["lead", "head", "lead"]
    with pytest.raises(NothingToAcknowledge):
        case.start_again().submit().acknowledge()


def test_late_work_that_was_returned_before_climbs_from_its_return(case: Escalated) -> None:
    case.at("2025-08-25").start().submit().at("2025-09-10").give_back()
    assert case.told(said.DeadlineMissed) and not case.raised
    assert case.escalation.next_at == moment("2025-09-10 22:00")


def test_acceptance_after_a_submission_leaves_it_ended_and_a_cancelled_task_ends_it(case: Escalated) -> None:
    case.start().at(STEPS[0]).sweep().at("2025-09-01").submit().accept()
    assert [one.ground for one in case.told(said.EscalationEnded)] == [said.EscalationEnding.HANDED_IN]
    other = Escalated().at(STEPS[0])
    other.sweep().cancel()
    assert [one.ground for one in other.told(said.EscalationEnded)] == [said.EscalationEnding.CANCELLED]


def test_an_extension_ends_it_and_another_miss_begins_another(case: Escalated) -> None:
    case.at(STEPS[1]).sweep().at("2025-09-03").extend(date(2025, 9, 16))
    assert [one.ground for one in case.told(said.EscalationEnded)] == [said.EscalationEnding.PUT_OFF]
    case.at("2025-09-16 22:00").sweep()
    assert [(step.key, step.due_on) for step in case.raised][2:] == [("lead", date(2025, 9, 16))]


def test_a_hold_suspends_it_and_its_lift_gives_the_rest_back(case: Escalated) -> None:
    case.at(STEPS[0]).sweep().at("2025-09-01").hold()
    assert (case.escalation.state, case.escalation.next_at) == (EscalationState.SUSPENDED, None)
    assert case.deadline.missed and case.told(said.EscalationSuspended)[0].since == date(2025, 9, 1)
    case.at("2025-09-20").sweep().at("2025-09-21").lift()
    assert (case.escalation.state, case.escalation.next_at) == (
        EscalationState.CLIMBING,
        moment("2025-09-22 22:00"),
    )
    assert case.keys == ["lead"]


def test_a_hold_that_turns_out_to_be_over_raises_at_once_what_is_due_and_not_late(case: Escalated) -> None:
    case.at(STEPS[0]).sweep().at("2025-09-01").hold().at("2025-09-20").lift(effective_at="2025-09-07")
    assert case.keys == ["lead", "head", "office", "minister"]
    assert [step.late for step in case.raised] == [False] * 4


def test_an_acknowledgement_within_a_hold_counts_after_it(case: Escalated) -> None:
    case.at(STEPS[0]).sweep().at("2025-09-01").hold().at("2025-09-03").acknowledge(date(2025, 9, 8))
    assert case.escalation.state is EscalationState.SUSPENDED
    case.at("2025-09-04").lift()
    assert case.escalation.state is EscalationState.ACKNOWLEDGED
    assert case.escalation.next_at == moment("2025-09-09 22:00")


def test_a_hold_of_before_the_miss_that_moves_the_due_day_ends_it(case: Escalated) -> None:
    case.at(STEPS[0]).sweep().at("2025-09-02").hold(effective_at="2025-08-26")
    assert case.escalation.state is EscalationState.SUSPENDED
    case.at("2025-09-07").lift()
    assert not case.deadline.missed
    assert [one.ground for one in case.told(said.EscalationEnded)] == [said.EscalationEnding.PUT_OFF]


def test_a_newer_calendar_moves_the_next_step(case: Escalated) -> None:
    case.at(STEPS[0]).sweep().at("2025-09-01").declare("2", date(2025, 9, 2))
    assert case.deadline.due_on == DUE_ON
    assert case.told(said.EscalationResumed)[0].next_at == moment("2025-09-03 22:00")
    case.at("2025-09-03 22:00").sweep()
    assert [(step.key, step.calendar_version) for step in case.raised] == [("lead", 1), ("head", 2)]


def test_a_ladder_that_is_being_climbed_stays_the_one_with_which_it_began(case: Escalated) -> None:
    case.at(STEPS[0]).sweep()
    slower = LADDER.model_copy(
        update={"label": "2", "steps": (LADDER.steps[0], LADDER.steps[1].model_copy(update={"after": 30}))}
    )
    case.declare_ladder(slower).declare_ladder(slower, policy=DECREE)
    case.at(STEPS[1]).sweep().extend(date(2025, 9, 16)).at("2025-09-16 22:00").sweep()
    assert [(step.key, step.policy, step.policy_version) for step in case.raised] == [
        ("lead", "default", 1),
        ("head", "default", 1),
        ("lead", DECREE, 1),
    ]


def test_a_date_that_was_over_when_it_was_set_counts_from_the_day_on_which_it_became_known() -> None:
    late = Escalated()
    late.at("2025-12-07").set_dates(
        ClosingDates(public_on=date(2025, 10, 1), official_on=date(2025, 11, 10))
    ).sweep()
    misses = late.told(said.DeadlineMissed)
    assert [miss.already_past for miss in misses] == [False, True]
    assert late.escalation.next_at == moment("2025-12-07 22:00")


@pytest.mark.parametrize(
    "steps",
    [
        [{"key": "a", "title": {"en": "A"}, "to": "lead", "named": "legal", "after": 0}],
        [{"key": "a", "title": {"en": "A"}, "to": "department", "after": 0}],
        [{"key": "a", "title": {"en": "A"}, "to": "lead", "after": 0}] * 2,
        [
            {"key": "a", "title": {"en": "A"}, "to": "lead", "after": 0},
            {"key": "b", "title": {"en": "B"}, "to": "head", "after": 0},
        ],
        [],
    ],
)
def test_a_ladder_that_makes_no_sense_is_none(steps: list[dict[str, object]]) -> None:
    facts = {**LADDER.model_dump(mode="json"), "steps": steps}
    with pytest.raises(ValueError, match=r"step|at least 1"):
        said.Ladder.model_validate(facts)


def test_policies_have_versions_labels_and_departments_that_are_known() -> None:
    policy = EscalationPolicy.blank("default")
    with pytest.raises(UnknownDepartment, match="archives"):
        policy.declare(LADDER, set(), NOW)
    assert policy.declare(LADDER, {"archives"}, NOW) == 1
    with pytest.raises(LabelTaken):
        policy.declare(LADDER, {"archives"}, NOW)
    with pytest.raises(NoSuchVersion):
        policy.of_version(2)


def test_a_due_day_to_which_a_calendar_comes_back_is_climbed_anew_from_that_day(case: Escalated) -> None:
    case.at(STEPS[1]).sweep().at("2025-09-03").declare("2", DUE_ON)
    assert case.deadline.due_on == date(2025, 8, 28) and not case.escalation.open
    case.at("2025-09-10").declare("3")
    assert case.deadline.due_on == DUE_ON and case.deadline.missed
    assert case.escalation.next_at == moment("2025-09-10 22:00")
    assert [miss.due_on for miss in case.told(said.DeadlineMissed)].count(DUE_ON) == 1


@pytest.mark.parametrize("role", ["minister", "department:own", "service"])
def test_a_step_goes_to_a_role_that_people_have(role: str) -> None:
    # Given a ladder of which a step goes to nobody, when it is declared, then it is refused,
    lead, *others = LADDER.steps
    wrong = lead.model_copy(update={"to": said.Recipient.ROLE, "named": role})
    policy = EscalationPolicy.blank("default")
    with pytest.raises(NoSuchRole, match=role) as refused:
        policy.declare(LADDER.model_copy(update={"steps": (wrong, *others)}), {"archives"}, NOW)
    assert role in refused.value.told().in_language("ar") and "auditor" in refused.value.facts["known"]
    # and so it is not of a role that people have.
    right = wrong.model_copy(update={"named": "head-of-mission"})
    assert policy.declare(LADDER.model_copy(update={"steps": (right, *others)}), {"archives"}, NOW) == 1
