"""No command says that something is to come, or was before what it follows: nobody rewrites the past."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from services.tasks.application import Tasks
from services.tasks.calendar import Grounds
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree
from services.tasks.drafting import draft_plan
from services.tasks.meeting import Call
from services.tasks.moments import must_follow
from services.tasks.plan.amending import PlanProposal
from services.tasks.report import Basis, Report
from services.tasks.task import Task
from services.tasks.template import Template
from services.tasks.views.in_force import in_force_at
from shared.calendar import Basis as KnownBy
from shared.calendar import Holiday
from shared.contracts import tasks as said
from shared.contracts.registry import MeasureKind, Objective
from shared.contracts.text import Text
from shared.domain import Actor, Moment, Refusal
from shared.domain.moment import BeforeWhatItFollows, EffectiveAhead
from shared.eventstore.command import Instruction
from tests.unit.tasks.dated import DECREE, FIRST, Dated, moment
from tests.unit.tasks.escalated import LADDER, Escalated
from tests.unit.tasks.given import (
    DATES,
    ISSUED,
    LEGAL,
    LETTER,
    MEASURE,
    MINUTES,
    NOW,
    OFFICE,
    ORDERED,
    SMALL,
    MemoryViews,
    by,
    declaration,
)
from tests.unit.tasks.test_indicators import terms

ISSUER = Actor(subject="issuer-1", role="issuer")
GROUNDS = Grounds("Cabinet decision 120/2025", "National mourning")
DAY = date(2025, 9, 4)
OTHER = "298-2025-a1-r09"
CALL = Call(
    decree=None,
    title=Text(en="Follow-up"),
    at=moment("2025-06-01"),
    calendar="ly",
    chair=said.Participant(subject=ISSUER.subject),
    deputy=None,
    invited=(),
    agenda=(),
    follows=None,
)

Do = Callable[[Tasks, Instruction], Awaitable[object]]


def as_of(actor: Actor, at: str, key: str = "1") -> Instruction:
    """An instruction of an actor that is effective at a moment."""
    told = by(actor, key)
    told.effective_at = moment(at)
    return told


class Bounded(Escalated):
    """What the commands of this module follow, and the use cases themselves.

    Everything of the plan was recorded on 5 May, and what they follow beside that is of noon, 10 June.
    """

    def __init__(self) -> None:
        super().__init__()
        self.tasks = Tasks(self.store, MemoryViews(self.store), lambda: self.store.now)  # type: ignore[arg-type]  # in memory
        objective = Objective(key="spending", text=Text(en="Spend less"))
        issued = ISSUED.model_copy(update={"objectives": (objective,)})
        self.store.run(lambda turn: turn.get(Decree, DECREE).note(issued, NOW))
        self.at("2025-06-10")
        relocation = ORDERED.model_copy(update={"measure_kind": MeasureKind.RELOCATE, "receiver": None})
        self.store.run(lambda turn: draft_plan(turn, OTHER, relocation, "closing"))

    async def prepare(self) -> "Bounded":
        use = self.tasks
        await use.extensions.request(by(LEGAL), FIRST, date(2025, 9, 25), "The host is slow")
        await use.participating.block(by(LEGAL), FIRST, "The host does not answer")
        await use.declare_calendar(by(OFFICE), "ly", declaration(label="2"))
        await use.adopt_template(by(OFFICE), "closing", SMALL.model_copy(update={"label": "2"}))
        await use.escalations.declare(by(OFFICE), "default", LADDER.model_copy(update={"label": "2"}))
        for meeting in ("called", "held", "minuted"):
            await use.meetings.call(by(OFFICE), meeting, CALL)
            if meeting != "called":
                await use.meetings.hold(by(OFFICE), meeting, None, ())
        await use.meetings.decide(by(OFFICE), "held", Text(en="Decided"), None, [])
        await use.meetings.write_minutes(by(OFFICE), "minuted", MINUTES)
        await use.indicators.define(by(OFFICE), "spending", DECREE, "ly", terms(target_on=date(2025, 12, 1)))
        return self


SECOND, THIRD = f"{MEASURE}-t02", f"{MEASURE}-t03"
PROPOSAL = PlanProposal.model_validate({"reason": "Why", "move": [{"task": THIRD, "window": "-2"}]})
DROPPING = PlanProposal.model_validate({"reason": "Why", "drop": [f"{MEASURE}-t04"]})
MOURNING = Holiday(day=DAY, name=Text(en="Mourning"), basis=KnownBy.ANNOUNCED)

PLANNED, FOLLOWED = "2025-05-05", "2025-06-10"
BOUND: dict[str, tuple[str | None, Do]] = {
    "ask for more time": (
        PLANNED,
        lambda use, by: use.extensions.request(by, SECOND, date(2025, 10, 10), "Slow"),
    ),
    "grant it": (FOLLOWED, lambda use, by: use.extensions.grant(by, f"{FIRST}-x1", None, "Agreed")),
    "refuse it": (FOLLOWED, lambda use, by: use.extensions.refuse(by, f"{FIRST}-x1", "No")),
    "declare a calendar": (
        FOLLOWED,
        lambda use, by: use.declare_calendar(by, "ly", declaration(label="3")),
    ),
    "declare a holiday": (
        FOLLOWED,
        lambda use, by: use.calendars.declare_holiday(by, "ly", MOURNING, GROUNDS),
    ),
    "apply a calendar": (FOLLOWED, lambda use, by: use.calendars.apply(by, "ly", 2, MEASURE, None)),
    "adopt a procedure": (
        FOLLOWED,
        lambda use, by: use.adopt_template(by, "closing", SMALL.model_copy(update={"label": "3"})),
    ),
    "declare a ladder": (
        FOLLOWED,
        lambda use, by: use.escalations.declare(by, "default", LADDER.model_copy(update={"label": "3"})),
    ),
    "date a plan": (FOLLOWED, lambda use, by: use.planning.set_date(by, OTHER, DATES.official_on)),
    "approve a plan": (PLANNED, lambda use, by: use.planning.approve(by, MEASURE, None)),
    "change a plan": (PLANNED, lambda use, by: use.planning.replan(by, MEASURE, PROPOSAL)),
    "give a task of a plan up": (PLANNED, lambda use, by: use.planning.replan(by, MEASURE, DROPPING)),
    "move a plan": (
        PLANNED,
        lambda use, by: use.planning.renew(by, MEASURE, 2, "A better procedure"),
    ),
    "cancel a task": (PLANNED, lambda use, by: use.cancel_task(by, SECOND, "Not needed")),
    "comment": (PLANNED, lambda use, by: use.participating.comment(by, FIRST, "So it is")),
    "block": (PLANNED, lambda use, by: use.participating.block(by, SECOND, "The host is slow")),
    "unblock": (FOLLOWED, lambda use, by: use.participating.unblock(by, FIRST)),
    "call a meeting": (None, lambda use, by: use.meetings.call(by, "m", CALL)),
    "postpone it": (
        FOLLOWED,
        lambda use, by: use.meetings.postpone(by, "called", moment("2025-07-01"), "Travel"),
    ),
    "change its agenda": (FOLLOWED, lambda use, by: use.meetings.change_agenda(by, "called", ())),
    "cancel it": (FOLLOWED, lambda use, by: use.meetings.cancel(by, "called", "Travel")),
    "hold it": (None, lambda use, by: use.meetings.hold(by, "called", None, ())),
    "decide": (FOLLOWED, lambda use, by: use.meetings.decide(by, "held", Text(en="So"), None, [])),
    "settle a decision": (
        FOLLOWED,
        lambda use, by: use.meetings.settle(
            by, "held", "held-d1", said.DecisionOutcome.DONE, "It is done", ()
        ),
    ),
    "write minutes": (FOLLOWED, lambda use, by: use.meetings.write_minutes(by, "held", MINUTES)),
    "return minutes": (FOLLOWED, lambda use, by: use.meetings.return_minutes(by, "minuted", "Unsigned")),
    "approve minutes": (FOLLOWED, lambda use, by: use.meetings.approve_minutes(by, "minuted")),
    "define an indicator": (
        None,
        lambda use, by: use.indicators.define(by, "i", DECREE, "ly", terms(target_on=date(2025, 12, 1))),
    ),
    "measure it": (
        None,
        lambda use, by: use.indicators.measure(by, "spending", Decimal(9), DAY, "Accounts", None),
    ),
    "withdraw it": (FOLLOWED, lambda use, by: use.indicators.withdraw(by, "spending", "Not needed")),
}
ACTORS = {"grant it": ISSUER, "refuse it": ISSUER, "return minutes": ISSUER, "approve minutes": ISSUER}


async def refused(case: Bounded, what: str, at: str, refusal: type[Refusal]) -> None:
    before, do = len(case.store.log), BOUND[what][1]
    with pytest.raises(refusal) as told:
        await do(case.tasks, as_of(ACTORS.get(what, OFFICE), at))
    text = told.value.told()
    assert text.en and text.ar and "{" not in text.en + text.ar
    assert len(case.store.log) == before


@pytest.mark.parametrize("what", BOUND)
async def test_nothing_is_said_to_be_of_a_moment_to_come_or_of_before_what_it_follows(what: str) -> None:
    floor, do = BOUND[what]
    # Given what the command follows, and the day on which it is recorded,
    case = (await Bounded().prepare()).at("2025-09-10")
    # When it is said to be of a minute from now, or of a minute before what it follows, it is refused.
    await refused(case, what, "2025-09-10 12:01", EffectiveAhead)
    if floor is not None:
        await refused(case, what, f"{floor} 11:59", BeforeWhatItFollows)
        await refused(case, what, "1950-01-01", BeforeWhatItFollows)
    # Then it is taken as of the very moment of what it follows.
    await do(case.tasks, as_of(ACTORS.get(what, OFFICE), floor or "2025-05-05"))


async def test_evidence_and_parts_are_not_of_before_the_task() -> None:
    case = await Bounded().prepare()
    await case.tasks.assign_task(by(OFFICE), FIRST)
    await case.tasks.start_task(by(OFFICE), FIRST)
    case.at("2025-09-10")
    attach: list[Do] = [
        lambda use, by: use.attach_evidence(by, FIRST, (LETTER,)),
        lambda use, by: use.participating.report_part(by, FIRST, True, "protocol"),
    ]
    for do in attach:
        with pytest.raises(BeforeWhatItFollows):
            await do(case.tasks, as_of(OFFICE, "2025-05-05 11:59"))
        with pytest.raises(EffectiveAhead):
            await do(case.tasks, as_of(OFFICE, "2025-09-10 12:01"))
        await do(case.tasks, as_of(OFFICE, "2025-05-06"))


async def test_a_step_of_a_ladder_is_answered_for_after_it_was_taken() -> None:
    case = Bounded().at("2025-09-03").sweep()
    answer = case.tasks.escalations.acknowledge
    with pytest.raises(BeforeWhatItFollows):
        await answer(as_of(OFFICE, "2025-09-02 21:59"), FIRST, None, "We are at it")
    await answer(as_of(OFFICE, "2025-09-02 22:00"), FIRST, None, "We are at it")


async def test_a_request_follows_the_deadline_and_the_decision_before_it() -> None:
    case = Dated(dated=False).at("2025-06-01").set_dates()
    ask = Tasks(case.store, MemoryViews(case.store)).extensions  # type: ignore[arg-type]  # in memory
    # Given a task of 5 May whose deadline was set on 1 June
    with pytest.raises(BeforeWhatItFollows):
        await ask.request(as_of(LEGAL, "2025-05-31"), FIRST, DATES.official_on, "Slow")
    case.at("2025-06-10")
    await ask.request(as_of(LEGAL, "2025-06-05"), FIRST, date(2025, 9, 10), "Slow")
    with pytest.raises(BeforeWhatItFollows):
        await ask.grant(as_of(ISSUER, "2025-06-04"), f"{FIRST}-x1", None, "Agreed")
    await ask.grant(as_of(ISSUER, "2025-06-07"), f"{FIRST}-x1", None, "Agreed")
    # When more is asked for, it is not as of before the first decision.
    with pytest.raises(BeforeWhatItFollows):
        await ask.request(as_of(LEGAL, "2025-06-06"), FIRST, date(2025, 9, 20), "Slower")
    await ask.request(as_of(LEGAL, "2025-06-08"), FIRST, date(2025, 9, 20), "Slower")
    # Then the due day of before the grant is what it was.
    row = MemoryViews(case.store).rows("deadlines")[FIRST]
    assert [in_force_at(row, moment(day))["due_on"] for day in ("2025-06-06", "2025-06-08")] == [
        "2025-08-31",
        "2025-09-10",
    ]


def test_a_decision_follows_the_deadline_that_it_puts_off() -> None:
    case = Dated().at("2025-06-10")
    assert case.store.find(Deadline, FIRST).set_at == moment("2025-05-05")
    case.set_dates(replace(DATES, official_on=date(2025, 10, 31)), effective_at="2030-01-01")
    assert case.store.find(Deadline, FIRST).set_at == moment("2025-06-10")


def test_a_report_is_not_of_before_what_it_was_made_from() -> None:
    place = said.LogPosition.model_validate(
        {"log": "00000000-0000-0000-0000-000000000001", "position": 7, "recorded_at": moment("2025-06-10")}
    )
    basis = Basis("r1", DECREE, None, said.ReportKind.PERIODIC, {"tasks": place}, None, moment("2025-06-10"))
    noon = datetime(2025, 6, 11, 12, tzinfo=UTC)
    with pytest.raises(BeforeWhatItFollows):
        Report.blank("r1").generate(basis, "a" * 64, OFFICE, Moment(noon, moment("2025-06-09")))
    with pytest.raises(EffectiveAhead):
        Report.blank("r1").generate(basis, "a" * 64, OFFICE, Moment(noon, moment("2025-06-12")))
    Report.blank("r1").generate(basis, "a" * 64, OFFICE, Moment(noon, noon))


def test_what_is_recorded_now_follows_all_that_is_known_whatever_another_clock_says() -> None:
    must_follow(Moment(moment("2025-06-10"), moment("2025-06-10")), moment("2025-06-11"), None)


def test_events_of_before_these_bounds_are_read_and_bound_nothing() -> None:
    case = Dated()
    stored = case.told(said.DeadlineSet)[0].model_dump(mode="json")
    del stored["set_at"]
    assert said.DeadlineSet.model_validate_json(json.dumps(stored)).set_at is None
    assert case.store.find(Template, "closing").adopted_at == NOW.effective_at
    assert case.store.find(Task, FIRST).blocked_at is None
