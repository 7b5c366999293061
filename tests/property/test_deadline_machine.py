"""Deadlines and escalations through random histories: no illegal state, misses for good, replay as live.

An event that no lifecycle knows raises `IllegalStep`, which nothing here catches.
"""

from collections.abc import Callable
from datetime import date, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.tasks.applying import apply_to_plan
from services.tasks.calendar import Calendar, Grounds, declare_holiday, revoke_holiday
from services.tasks.clocks import holds_of
from services.tasks.deadline import Deadline, foreseen
from services.tasks.escalation import Escalation, EscalationState
from services.tasks.plan import ClosingDates
from shared.calendar import Basis, Holiday
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Change, Refusal
from shared.eventstore import snapshots
from tests.unit.tasks.dated import FIRST
from tests.unit.tasks.escalated import Escalated
from tests.unit.tasks.given import DATES, MEASURE, MemoryViews

GROUNDS = Grounds("120/2025", "Reason")
hours = st.integers(1, 24 * 20)
days = st.integers(-20, 60)
ago = st.integers(0, 24 * 10)
holds = st.sampled_from(["h1", "h2"])


class DeadlineMachine(RuleBasedStateMachine):
    """Begins a few days before the first task is due, and does what people, the registry and sweepers do."""

    def __init__(self) -> None:
        super().__init__()
        self.case = Escalated().at("2025-08-20")
        self.number = 0
        self.misses: tuple[date, ...] = ()

    def attempt(self, act: Callable[[], object]) -> None:
        """Do it or be refused, by a rule that says why in both languages; a refusal stores nothing."""
        before = len(self.case.store.log)
        try:
            act()
        except Refusal as refusal:
            told = refusal.told()
            assert told.en and told.ar and refusal.slug, refusal
            assert len(self.case.store.log) == before

    @rule(hours=hours)
    def wait(self, hours: int) -> None:
        self.case.store.now += timedelta(hours=hours)

    @rule(hours=hours)
    def wait_and_sweep(self, hours: int) -> None:
        self.case.store.now += timedelta(hours=hours)
        self.case.sweep()

    @rule(hold=holds, ago=ago)
    def hold(self, hold: str, ago: int) -> None:
        self.attempt(lambda: self.case.hold(hold, effective_at=self.before(ago)))

    @rule(hold=holds, ago=ago)
    def lift(self, hold: str, ago: int) -> None:
        since = [known.since for known in self.case_holds() if known.hold == hold]
        moment = max(
            self.case.store.now - timedelta(hours=ago), *since, self.case.store.now - timedelta(days=30)
        )
        self.attempt(lambda: self.case.lift(hold, effective_at=moment.strftime("%Y-%m-%d %H:%M:%S")))

    @rule(days=days)
    def acknowledge(self, days: int) -> None:
        until = None if days < 0 else self.today() + timedelta(days=days)
        if self.case.deadline.misses:
            self.attempt(lambda: self.case.acknowledge(until))

    @rule(days=days)
    def extend(self, days: int) -> None:
        until = self.case.deadline.due_on + timedelta(days=days)
        later = until > max(self.case.deadline.due_on, self.today())
        if later and self.case.deadline.ending is None and until.weekday() not in (4, 5):
            self.number += 1
            self.attempt(lambda: self.case.extend(until, self.number))

    @rule(days=days)
    def set_other_dates(self, days: int) -> None:
        official_on = DATES.official_on + timedelta(days=days)
        self.attempt(lambda: self.case.set_dates(ClosingDates(DATES.public_on, official_on)))

    @rule(days=days)
    def change_the_calendar_and_apply_it(self, days: int) -> None:
        store, day = self.case.store, self.case.deadline.due_on + timedelta(days=days // 6)
        calendar = store.find(Calendar, "ly")
        if calendar.in_force().holiday_on(day) is not None:
            self.attempt(
                lambda: store.run(
                    lambda turn: revoke_holiday(turn.get(Calendar, "ly"), day, GROUNDS, turn.moment)
                )
            )
        else:
            new = Holiday(day=day, name=Text(en="Day off", ar="عطلة"), basis=Basis.ANNOUNCED)
            self.attempt(
                lambda: store.run(
                    lambda turn: declare_holiday(turn.get(Calendar, "ly"), new, GROUNDS, turn.moment)
                )
            )
        newest = calendar.in_force()
        would_be = foreseen(self.case.deadline, self.case.task, newest, self.case_holds())
        self.attempt(lambda: store.run(lambda turn: apply_to_plan(turn, "ly", newest.version, MEASURE)))
        if would_be is not None:
            assert self.case.deadline.due_on == would_be.standing.due_on

    @rule(step=st.sampled_from(["start", "start_again", "submit", "give_back", "give_back"]))
    def work(self, step: str) -> None:
        self.attempt(lambda: getattr(self.case, step)())

    @rule(rare=st.integers(0, 9), step=st.sampled_from(["accept", "cancel"]))
    def end(self, rare: int, step: str) -> None:
        if rare == 0:
            self.attempt(lambda: getattr(self.case, step)())

    @invariant()
    def misses_stay_and_steps_come_in_order(self) -> None:
        misses = tuple(miss.due_on for miss in self.case.deadline.misses)
        assert misses[: len(self.misses)] == self.misses and len(set(misses)) == len(misses)
        self.misses = misses
        escalation = self.case.escalation
        stands = (
            self.case.deadline.missed and self.case.deadline.ending is None and not self.case.task.handed_in
        )
        assert escalation.open == stands
        assert (escalation.next_at is None) or escalation.state in (
            EscalationState.CLIMBING,
            EscalationState.ACKNOWLEDGED,
        )

    def teardown(self) -> None:
        case = self.case
        for kind in (Deadline, Escalation):
            live, replayed = case.store.find(kind, FIRST), kind.blank(FIRST)
            for row in case.store.log:
                if row.stream == live.stream:
                    Change(FIRST, row.version, row.recorded_at, row.effective_at, row.event).mutate(replayed)
            assert snapshots.dump(replayed) == snapshots.dump(live)
        views = MemoryViews(case.store)
        assert views.rows("deadlines")[FIRST]["state"] == case.deadline.state.value
        row = views.rows("escalations").get(FIRST)
        assert (row["state"] if row else "none") == case.escalation.state.value
        self.ladders_are_climbed_in_order()

    def ladders_are_climbed_in_order(self) -> None:
        """From the beginning of each ladder its steps are 1, 2, 3 …, each at a later moment."""
        step, last = 0, None
        for row in self.case.store.log:
            if row.stream != f"escalation.{FIRST}":
                continue
            match row.event:
                case said.EscalationBegun():
                    step, last = 0, None
                case said.EscalationRaised() as raised:
                    assert raised.step == step + 1 and raised.due_at <= row.recorded_at
                    assert last is None or last < raised.due_at
                    step, last = raised.step, raised.due_at

    def today(self) -> date:
        return self.case.store.now.date()

    def before(self, hours: int) -> str:
        return (self.case.store.now - timedelta(hours=hours)).strftime("%Y-%m-%d %H:%M:%S")

    def case_holds(self):  # type: ignore[no-untyped-def]  # what the service has it to be
        return self.case.store.run(lambda turn: holds_of(turn, self.case.task))


TestDeadline = DeadlineMachine.TestCase
TestDeadline.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
