"""Random commands on plans and tasks, legal and illegal: no illegal state, and replay equals what is live.

The lifecycles raise where a rule records what they do not know. A refusal must name its rule in both
languages and have recorded nothing (the store in memory checks that).
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.tasks.approving import approve_plan
from services.tasks.deadline import Deadline
from services.tasks.drafting import draft_plan
from services.tasks.holding import hold_decree, lift_hold
from services.tasks.plan import ClosingDates, Plan, PlanState
from services.tasks.plan.amending import PlanProposal
from services.tasks.plan.gates import satisfies, tasks_of_gate
from services.tasks.reactions import RegistryReactions
from services.tasks.replanning import renew_plan, replan_plan
from services.tasks.scheduling import schedule_plan
from services.tasks.settling import accept_task, cancel_task, return_task, submit_task
from services.tasks.task import Task, TaskState
from services.tasks.task.parts import report_part
from services.tasks.task.remarks import block, comment, unblock
from services.tasks.template import Template
from services.tasks.views.tasks import TasksView
from shared.contracts import registry
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Actor, Aggregate, Change
from shared.domain.refusal import Refusal
from shared.eventstore.command import Turn
from shared.eventstore.snapshots import dump, restore
from tests.unit.tasks.given import (
    EVIDENCE,
    LEGAL,
    LETTER,
    MEASURE,
    OFFICE,
    ORDERED,
    PROTOCOL,
    MemoryStore,
    MemoryViews,
    proposal,
    received,
    step,
    store_with_procedure,
)

PROCEDURE = proposal(
    step(1, window="-30", gate=1, evidence=EVIDENCE, co_executors=["protocol"]),
    step(2, window="-20..-10", needs=[1], gate=3, evidence=EVIDENCE, of_receiver=True),
    step(3, needs=[1], completed_by="mission.announced"),
    step(4, lead="protocol", needs=["gates"], needs_dates=True),
)
NEWER = (
    proposal(*(one.model_dump() for one in PROCEDURE.tasks[:2]), step(5, needs=[2]), label="2"),
    proposal(*(one.model_dump() for one in PROCEDURE.tasks), label="3"),
)
ACTORS = st.sampled_from([OFFICE, LEGAL, PROTOCOL, Actor(subject="office-2", role="follow-up-office")])
NUMBERS = st.integers(0, 8)
LATER = st.integers(0, 20)
STEPS = ("assign", "start", "submit", "accept", "return")
RECEIVERS = st.sampled_from(["emb-it", "emb-fr", "emb-ve"])
MISSIONS = st.sampled_from(["emb-va", "emb-va", "emb-va", "emb-al"])
DROPPED = registry.MeasureDropped(
    decree="298-2025", article="2", mission="emb-va", receiver=None, by="310-2025", on=date(2025, 5, 5)
)


class PlansAndTasks(RuleBasedStateMachine):
    """One plan and its tasks, driven through anything at all."""

    def __init__(self) -> None:
        super().__init__()
        self.store: MemoryStore = store_with_procedure(PROCEDURE)
        self.holds = 0

    @initialize(done=st.integers(0, 4), dated=st.booleans())
    def begin(self, done: int, dated: bool) -> None:
        self.order()
        if dated:
            self.date_plan(0)
        for number in range(done):
            self.work_through(number)

    def order(self) -> None:
        self.decide(OFFICE, lambda turn: draft_plan(turn, MEASURE, ORDERED, "closing"))

    def decide(self, actor: Actor, decide: Callable[[Turn], Any]) -> None:
        before = len(self.store.log)
        try:
            self.store.run(decide, actor)
        except Refusal as refusal:
            told = refusal.told()
            assert told.en and told.ar, type(refusal)
            assert type(refusal).slug not in ("refused", "conflict", "invalid", "forbidden")
            assert len(self.store.log) == before

    def react(self, event: Event, id: str) -> None:
        command = RegistryReactions().react(received(event, id))
        assert command is not None
        self.decide(command.by.actor, command.decide)

    def task(self, number: int) -> str:
        listed = self.store.find(Plan, MEASURE).tasks
        return listed[number % len(listed)].task

    @rule(
        number=NUMBERS, actor=ACTORS, what=st.sampled_from(["assign", "start", "submit", "accept", "return"])
    )
    def step(self, number: int, actor: Actor, what: str) -> None:
        id = self.task(number)
        steps: dict[str, Callable[[Turn, Task], None]] = {
            "assign": lambda turn, task: task.assign(task.lead, task.co_executors, None, actor, turn.moment),
            "start": lambda turn, task: task.start(
                turn.get_all(Task, task.planned.needs), actor, turn.moment
            ),
            "submit": lambda turn, task: submit_task(turn, task, (LETTER,)),
            "accept": lambda turn, task: accept_task(turn, task, None if number % 2 else "Alone"),
            "return": lambda turn, task: return_task(turn, task, "Unsigned"),
        }
        self.decide(actor, lambda turn: steps[what](turn, turn.get(Task, id)))

    @rule(number=NUMBERS)
    def work_through(self, number: int) -> None:
        for what, actor in (("assign", OFFICE), ("start", LEGAL), ("submit", LEGAL), ("accept", OFFICE)):
            self.step(number, actor, what)

    @rule(number=NUMBERS, actor=ACTORS, done=st.booleans(), part=st.sampled_from(["protocol", "legal"]))
    def report(self, number: int, actor: Actor, done: bool, part: str) -> None:
        id = self.task(number)
        self.decide(actor, lambda turn: report_part(turn.get(Task, id), part, done, actor, turn.moment))

    @rule(number=NUMBERS, actor=ACTORS, what=st.sampled_from(["comment", "block", "unblock", "cancel"]))
    def remark(self, number: int, actor: Actor, what: str) -> None:
        id = self.task(number)
        remarks: dict[str, Callable[[Turn, Task], Any]] = {
            "comment": lambda turn, task: comment(task, "Said", actor, turn.moment),
            "block": lambda turn, task: block(task, "The host is silent", actor, turn.moment),
            "unblock": lambda turn, task: unblock(task, actor, turn.moment),
            "cancel": lambda turn, task: cancel_task(turn, task, "Not needed"),
        }
        self.decide(actor, lambda turn: remarks[what](turn, turn.get(Task, id)))

    @rule(days=LATER)
    def time_passes(self, days: int) -> None:
        self.store.now += timedelta(days=days)

    @rule(days=LATER)
    def date_plan(self, days: int) -> None:
        on = date(2025, 9, 1) + timedelta(days=days)
        self.decide(OFFICE, lambda turn: schedule_plan(turn, MEASURE, ClosingDates(on, on)))

    @rule(reason=st.sampled_from([None, "Again"]))
    def approve(self, reason: str | None) -> None:
        self.decide(OFFICE, lambda turn: approve_plan(turn, MEASURE, reason))

    @rule(number=NUMBERS, kind=st.sampled_from(["move", "drop", "add", "nothing"]), day=st.integers(-40, 5))
    def replan(self, number: int, kind: str, day: int) -> None:
        task = self.task(number)
        parts: dict[str, Any] = {
            "move": {"move": [{"task": task, "window": str(day)}]},
            "drop": {"drop": [task]},
            "add": {"add": [step(10 + number, needs=[1], window=str(day))]},
            "nothing": {},
        }[kind]
        change = PlanProposal.model_validate({"reason": "The host is slow", **parts})
        self.decide(OFFICE, lambda turn: replan_plan(turn, MEASURE, change))

    @rule()
    def renew(self) -> None:
        version = self.store.find(Template, "closing").version
        if version <= len(NEWER):
            newer = NEWER[version - 1]
            known = {"legal", "protocol"}
            self.decide(OFFICE, lambda turn: turn.get(Template, "closing").adopt(newer, known, turn.moment))
        self.decide(OFFICE, lambda turn: renew_plan(turn, MEASURE, version, "Better"))

    @rule(
        receiver=st.sampled_from(["emb-it", "emb-fr", "emb-ve"]),
        mission=st.sampled_from(["emb-va"] * 5 + ["x"]),
    )
    def retarget(self, receiver: str, mission: str) -> None:
        self.react(
            registry.MeasureRetargeted(
                decree="298-2025",
                article="2",
                by="310-2025",
                on=date(2025, 5, 5),
                mission=mission,
                receiver=receiver,
                target=None,
                former_mission="emb-va",
                former_receiver=None,
                void=(3,),
            ),
            MEASURE,
        )

    @rule()
    def announce(self) -> None:
        self.react(
            registry.MissionAnnounced(decree="298-2025", measure=MEASURE, reference="Gazette"), "emb-va"
        )

    @rule(again=st.booleans())
    def drop(self, again: bool) -> None:
        self.react(DROPPED, MEASURE)
        if again:
            self.order()

    @rule(lift=st.booleans())
    def hold(self, lift: bool) -> None:
        why = Text(en="Studies", ar="دراسات")
        if lift:
            self.decide(OFFICE, lambda turn: lift_hold(turn, "298-2025", f"h{self.holds}"))
        else:
            self.holds += 1
            key = f"h{self.holds}"
            self.decide(OFFICE, lambda turn: hold_decree(turn, "298-2025", key, None, None, why))

    @invariant()
    def a_plan_says_of_its_tasks_what_they_are(self) -> None:
        plan = self.store.find(Plan, MEASURE)
        for listed in plan.tasks:
            state = self.store.find(Task, listed.task).state
            settled = plan.settled.get(listed.task)
            assert (settled is None) is (not state.settled)
            assert settled is None or settled.value == state.value
        if plan.state is PlanState.COMPLETED:
            assert not plan.open
        if plan.state in (PlanState.DRAFT, PlanState.APPROVED):
            assert plan.open
        if plan.state is PlanState.DROPPED:
            assert not plan.open
        assert len({listed.task for listed in plan.tasks}) == len(plan.tasks)
        counting = [listed.number for listed in plan.counting]
        assert len(set(counting)) == len(counting)

    @invariant()
    def a_condition_is_satisfied_by_accepted_tasks_only(self) -> None:
        plan = self.store.find(Plan, MEASURE)
        if plan.state is not PlanState.DROPPED:
            for condition in plan.satisfied:
                gate = tasks_of_gate(condition, plan.counting)
                assert satisfies(gate, plan.settled), condition

    @invariant()
    def nobody_accepted_what_they_did(self) -> None:
        for listed in self.store.find(Plan, MEASURE).tasks:
            task = self.store.find(Task, listed.task)
            assert set(task.parts_done) <= set(task.co_executors)
            if task.state.settled:
                assert task.blocked is None

    def teardown(self) -> None:
        rows = MemoryViews(self.store).rows(TasksView.name)
        for aggregate in list(self.store.aggregates.values()):
            if isinstance(aggregate, Plan | Task | Deadline):
                assert replayed(self.store, aggregate) == dump(aggregate)
                restored = type(aggregate).blank(aggregate.id)
                restore(restored, dump(aggregate))
                assert dump(restored) == dump(aggregate)
            if isinstance(aggregate, Task) and aggregate.exists:
                row = rows[aggregate.id]
                assert (row["state"], row["department"]) == (aggregate.state.value, aggregate.lead)
                assert (row["parts_done"], row["blocked"]) == (
                    list(aggregate.parts_done),
                    aggregate.blocked,
                )
        plan = self.store.find(Plan, MEASURE)
        if plan.exists:
            told = MemoryViews(self.store).rows("plans")[MEASURE]
            assert told["state"] == plan.state.value
            assert told["satisfied"] == sorted(plan.satisfied)
            assert told["template_version"] == plan.ordered.template_version
            assert set(told["superseded"]) == set(plan.superseded)


def replayed(store: MemoryStore, live: Aggregate) -> bytes:
    again = type(live).blank(live.id)
    for record in store.log:
        if record.stream == live.stream:
            change = Change(live.id, record.version, record.recorded_at, record.effective_at, record.event)
            change.mutate(again)
    return dump(again)


def test_settled_tasks_are_settled() -> None:
    assert [state for state in TaskState if state.settled] == [TaskState.ACCEPTED, TaskState.CANCELLED]


TestPlansAndTasks = PlansAndTasks.TestCase
TestPlansAndTasks.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
