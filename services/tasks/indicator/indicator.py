"""An indicator: measured until its target's day, and judged by the value that stands at its end."""

from dataclasses import field
from datetime import date
from decimal import Decimal
from typing import TypedDict

from services.tasks.deadline.standing import TOLERANCE
from services.tasks.decree import Decree
from services.tasks.indicator.refusals import (
    BaselineAfterTarget,
    IndicatorEnded,
    IndicatorExists,
    IndicatorJudged,
    MeasuredAhead,
    TargetNotAhead,
    TargetNotBetter,
    TooManyMeasurements,
    UnknownObjective,
)
from services.tasks.indicator.terms import LIFECYCLE, IndicatorState, Terms
from services.tasks.indicator.trend import Measurement
from services.tasks.moments import must_follow
from shared.calendar import WorkingCalendar, day_of, end_of_day
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Actor, Aggregate, Moment, NotFound, acting

MOST_DAYS = 1000


class About(TypedDict):
    """What every event of an indicator carries."""

    indicator: str
    decree: str
    objective: str
    mission: str | None


class Indicator(Aggregate):
    """An indicator of a decree's objective. `values` has the present value of each day measured."""

    kind = "indicator"
    lifecycle = LIFECYCLE

    state: IndicatorState = IndicatorState.UNKNOWN
    defined: said.IndicatorDefined | None = None
    values: dict[date, Decimal] = field(default_factory=dict)
    qualified: bool = False

    @property
    def terms(self) -> said.IndicatorDefined:
        """What it was defined with; refuses where it does not exist."""
        if self.defined is None:
            raise NotFound(kind=self.kind, id=self.id)
        return self.defined

    @property
    def standing(self) -> Measurement | None:
        """The newest value of a day until the target's, or None."""
        days = [on for on in self.values if on <= self.terms.target_on]
        return Measurement(max(days), self.values[max(days)]) if days else None

    @property
    def reached(self) -> bool:
        """Whether the value that stands reaches the target."""
        standing, terms = self.standing, self.terms
        if standing is None:
            return False
        if terms.direction is said.Direction.UP:
            return standing.value >= terms.target
        return standing.value <= terms.target

    def define(
        self, terms: Terms, decree: Decree, calendar: WorkingCalendar, actor: Actor, moment: Moment
    ) -> None:
        """Define it for an objective of the decree, with a target that is better, and still to come."""
        if self.exists:
            raise IndicatorExists(indicator=self.id)
        must_follow(moment)
        if terms.objective not in decree.must_exist().objectives:
            known = ", ".join(decree.objectives) or "—"
            raise UnknownObjective(decree=decree.id, objective=terms.objective, objectives=known)
        up = terms.direction is said.Direction.UP
        if not (terms.target > terms.baseline if up else terms.target < terms.baseline):
            raise TargetNotBetter(
                target=str(terms.target),
                baseline=str(terms.baseline),
                direction=terms.direction.value,
                direction_ar="صعودًا" if up else "نزولًا",
            )
        target_at = end_of_day(terms.target_on, calendar)
        if target_at <= moment.recorded_at:
            raise TargetNotAhead(target_on=terms.target_on.isoformat())
        if terms.baseline_on is not None and terms.baseline_on > terms.target_on:
            raise BaselineAfterTarget(
                baseline_on=terms.baseline_on.isoformat(), target_on=terms.target_on.isoformat()
            )
        defined = said.IndicatorDefined(
            indicator=self.id,
            decree=decree.id,
            objective=terms.objective,
            mission=terms.mission,
            name=terms.name,
            unit=terms.unit,
            direction=terms.direction,
            baseline=terms.baseline,
            baseline_on=terms.baseline_on,
            target=terms.target,
            target_on=terms.target_on,
            target_at=target_at,
            calendar=calendar.name,
            calendar_version=calendar.version,
            by=acting(actor),
            defined_at=moment.effective_at,
        )
        self.record(defined, moment)

    def measure(
        self,
        value: Decimal,
        on: date,
        source: str,
        evidence: said.Evidence | None,
        calendar: WorkingCalendar,
        actor: Actor,
        moment: Moment,
    ) -> None:
        """Tell the value of a day, or correct it. Where the target's day is over, it is judged first.

        What was known then decides; a value that is told later qualifies a miss and undoes no miss, and a
        correction of one that met the target makes a miss.
        """
        self._must_be_measured()
        must_follow(moment)
        if on > (today := day_of(moment.recorded_at, calendar)):
            raise MeasuredAhead(on=on.isoformat(), today=today.isoformat())
        if on not in self.values and len(self.values) >= MOST_DAYS:
            raise TooManyMeasurements(indicator=self.id, most=MOST_DAYS)
        self.judge(moment)
        so = min(end_of_day(on, calendar), moment.recorded_at)
        measured = said.IndicatorMeasured(
            **self._about(),
            value=value,
            on=on,
            source=source,
            evidence=evidence,
            supersedes=self.values.get(on),
            by=acting(actor),
        )
        self.record(measured, Moment(moment.recorded_at, so))
        self._judge_again(moment)

    def judge(self, moment: Moment) -> bool:
        """Tell whether the target is met, once its day is over; tell whether that was told now."""
        terms = self.terms
        if self.state is not IndicatorState.RUNNING or moment.recorded_at < terms.target_at:
            return False
        self._record_verdict(moment, corrected=False)
        return True

    def withdraw(self, reason: str, actor: Actor, moment: Moment) -> None:
        """Give it up before its target is judged; where the day is over by now, it is judged instead."""
        self._must_be_measured()
        if self.state is not IndicatorState.RUNNING:
            raise IndicatorJudged(indicator=self.id)
        must_follow(moment, self.terms.defined_at)
        if self.judge(moment):
            return
        self.record(said.IndicatorWithdrawn(**self._about(), reason=reason, by=acting(actor)), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.IndicatorDefined():
                self.state, self.defined = IndicatorState.RUNNING, event
            case said.IndicatorMeasured():
                self.values = {**self.values, event.on: event.value}
            case said.IndicatorTargetMet():
                self.state = IndicatorState.MET
            case said.IndicatorTargetMissed():
                self.state = IndicatorState.MISSED
            case said.IndicatorMissQualified():
                self.qualified = event.reached
            case said.IndicatorWithdrawn():
                self.state = IndicatorState.WITHDRAWN

    def _judge_again(self, moment: Moment) -> None:
        """Follow a value that was told after the verdict."""
        standing, reached = self.standing, self.reached
        if self.state is IndicatorState.MET and not reached:
            self._record_verdict(moment, corrected=True)
        elif self.state is IndicatorState.MISSED and standing is not None and reached is not self.qualified:
            qualified = said.IndicatorMissQualified(
                **self._about(),
                target_on=self.terms.target_on,
                reached=reached,
                value=standing.value,
                on=standing.on,
            )
            self.record(qualified, moment)

    def _record_verdict(self, moment: Moment, corrected: bool) -> None:
        terms, standing = self.terms, self.standing
        due = Moment(moment.recorded_at, terms.target_at)
        late = moment.recorded_at > terms.target_at + TOLERANCE
        if standing is not None and self.reached:
            met = said.IndicatorTargetMet(
                **self._about(),
                target=terms.target,
                target_on=terms.target_on,
                value=standing.value,
                on=standing.on,
                late=late,
            )
            self.record(met, due)
            return
        missed = said.IndicatorTargetMissed(
            **self._about(),
            target=terms.target,
            target_on=terms.target_on,
            target_at=terms.target_at,
            value=None if standing is None else standing.value,
            on=None if standing is None else standing.on,
            late=late,
            corrected=corrected,
        )
        self.record(missed, due)

    def _must_be_measured(self) -> None:
        self.must_exist()
        if self.state is IndicatorState.WITHDRAWN:
            raise IndicatorEnded(indicator=self.id)

    def _about(self) -> About:
        terms = self.terms
        return About(indicator=self.id, decree=terms.decree, objective=terms.objective, mission=terms.mission)
