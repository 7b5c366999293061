"""An indicator under random values and a running clock: judged once, by what was known; missed for good."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.tasks.decree import Decree
from services.tasks.indicator import Indicator, IndicatorState, Terms, trend_of
from services.tasks.indicator.trend import Measurement
from shared.calendar import WorkingCalendar, day_of
from shared.contracts import tasks as said
from shared.contracts.registry import Objective
from shared.contracts.tasks import Direction
from shared.contracts.text import Text
from shared.domain import Moment
from tests.property.replayed import Recorded
from tests.unit.tasks.given import ISSUED, NOON, OFFICE, declaration

CALENDAR = WorkingCalendar(name="ly", version=1, **dict(declaration()))
RARELY = 23
"""A number that is drawn now and then, among which the small ones are drawn more often."""

FIRST_DAY, TARGET_ON = date(2025, 5, 5), date(2025, 5, 12)
DUE = datetime(2025, 5, 12, 22, tzinfo=UTC)  # midnight in Tripoli


def decree() -> Decree:
    decree = Decree.blank("298-2025")
    objective = Objective(key="spending", text=Text(en="Spend less"))
    decree.note(ISSUED.model_copy(update={"objectives": (objective,)}), Moment(NOON, NOON))
    return decree


class IndicatorModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.indicator = Indicator.blank("i1")
        self.recorded = Recorded(self.indicator)
        self.now = NOON
        self.told: dict[date, Decimal] = {}
        self.missed = False

    @initialize(up=st.booleans(), stage=st.sampled_from([0, 0, 1, 2]))
    def define(self, up: bool, stage: int) -> None:
        """Define it; at a later stage it is measured well, and met."""
        self.up = up
        terms = Terms(
            objective="spending",
            mission=None,
            name=Text(en="Spending"),
            unit=Text(en="million"),
            direction=Direction.UP if up else Direction.DOWN,
            baseline=Decimal(0 if up else 10),
            baseline_on=None,
            target=Decimal(5),
            target_on=TARGET_ON,
        )
        act = (terms, decree(), CALENDAR, OFFICE, Moment(self.now, self.now))
        assert self.recorded.attempt(lambda: self.indicator.define(*act)) is None
        assert self.recorded.attempt(lambda: self.indicator.define(*act)) is not None
        if stage:
            self.measure(0, 5)
        if stage == 2:
            self.time_passes(190)
            self.sweep()

    @rule(hours=st.sampled_from([0, 1, 20, 100, 190]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(day=st.sampled_from([-1, 0, 1, 3, 7, 7, 7, 8, 16]), value=st.integers(3, 7))
    def measure(self, day: int, value: int) -> None:
        on, moment = FIRST_DAY + timedelta(days=day), Moment(self.now, self.now)
        ahead = on > day_of(self.now, CALENDAR)
        withdrawn = self.indicator.state is IndicatorState.WITHDRAWN
        judged_before = self._reached() if self._due_now() else None
        refused = self.recorded.attempt(
            lambda: self.indicator.measure(Decimal(value), on, "Told", None, CALENDAR, OFFICE, moment)
        )
        assert (refused is None) is not (ahead or withdrawn)
        if refused is not None:
            return
        self.told[on] = Decimal(value)
        if judged_before is not None:
            self.missed = self.missed or not judged_before
        if self.indicator.state in (IndicatorState.MET, IndicatorState.MISSED):
            self.missed = self.missed or not self._reached()

    @rule()
    def sweep(self) -> None:
        due, reached = self._due_now(), self._reached()
        self.recorded.attempt(lambda: self.indicator.judge(Moment(self.now, self.now)))
        self.missed = self.missed or (due and not reached)

    @rule(really=st.integers(0, 40))
    def withdraw(self, really: int) -> None:
        if really != RARELY:
            return
        due, reached, running = self._due_now(), self._reached(), self.indicator.state
        act = ("Why", OFFICE, Moment(self.now, self.now))
        refused = self.recorded.attempt(lambda: self.indicator.withdraw(*act))
        assert (refused is None) is (running is IndicatorState.RUNNING)
        if due:
            self.missed = self.missed or not reached

    @invariant()
    def a_miss_stands_for_good(self) -> None:
        assert (self.indicator.state is IndicatorState.MISSED) is self.missed
        if self.missed:
            assert self.indicator.qualified is self._reached() or not self._judged_again()

    @invariant()
    def replays(self) -> None:
        self.recorded.replays()
        trend_of([Measurement(*one) for one in self.indicator.values.items()], Direction.UP, TARGET_ON)

    def _due_now(self) -> bool:
        return self.indicator.state is IndicatorState.RUNNING and self.now >= DUE

    def _reached(self) -> bool:
        days = [on for on in self.told if on <= TARGET_ON]
        if not days:
            return False
        value = self.told[max(days)]
        return value >= 5 if self.up else value <= 5

    def _judged_again(self) -> bool:
        """Whether a value was told after the miss; before that there is nothing beside it."""
        kinds = [type(change.event) for change in self.recorded.history]
        return said.IndicatorMeasured in kinds[kinds.index(said.IndicatorTargetMissed) :]


TestIndicator = IndicatorModel.TestCase
TestIndicator.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
