"""A decree: its articles as they stand, the holds on it, and its report."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime

from services.registry.days import beginning_of, first_moment_of, has_come
from services.registry.decree import refusals
from services.registry.decree.articles import Articles, in_law, moved, told
from services.registry.decree.draft import DecreeDraft, check_coherent
from services.registry.decree.periods import HoldPeriod, Periods, free_since, lifted, names
from services.registry.decree.state import LIFECYCLE, DecreeState
from shared.contracts import registry as said
from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.domain import Aggregate, Moment


class Decree(Aggregate):
    """A decree, identified by number and year (``298-2025``).

    Holds are kept by key: several authorities may hold the same decree, each with conditions of its own, and
    execution goes on when none of them covers it any more. `settled` has, by hold, the conditions that were
    fulfilled or waived, `settled_at` as of when, `hold_periods` when each hold was in force, lifted ones
    too. Rules on holds are in `holding`, those on the report in `reporting`, and those on amendments, which
    touch measures and missions too, in `services.registry.amending`. `amendments` are in the order of
    recording, `articles` as they stand by the order of law. `ended_by` repealed or superseded it from
    `ended_on`. `stepped_at` is the effective moment of the last step of its ending: its execution
    (`executed_at`), then those of the report.
    """

    kind = "decree"
    snapshot_version = 6
    lifecycle = LIFECYCLE

    stage: DecreeState = DecreeState.UNKNOWN
    issued: said.DecreeIssued | None = None
    in_force_on: date | None = None
    articles: tuple[said.Article, ...] = ()
    amendments: tuple[said.DecreeAmended, ...] = ()
    holds: dict[str, said.DecreeHeld] = field(default_factory=dict)
    settled: dict[str, dict[str, said.MetCondition]] = field(default_factory=dict)
    settled_at: dict[str, dict[str, datetime]] = field(default_factory=dict)
    hold_periods: Periods = ()
    report: said.DecreeFinalReportSubmitted | None = None
    report_approved: bool = False
    ended_by: str | None = None
    ended_on: date | None = None
    stepped_at: datetime | None = None
    executed_at: datetime | None = None

    @property
    def state(self) -> DecreeState:
        """The stage, or ``held`` while a hold covers the whole decree."""
        whole = any(hold.article is None and hold.measure is None for hold in self.holds.values())
        return DecreeState.HELD if whole and self.stage is DecreeState.IN_FORCE else self.stage

    @property
    def entered_into_force(self) -> bool:
        """Whether it has ever been in force."""
        return self.in_force_on is not None

    @property
    def binds_on(self) -> date | None:
        """The day on which it enters into force, where that is known: never before it is announced."""
        if self.issued is None or self.issued.in_force_on is None:
            return None
        return max(self.issued.in_force_on, self.issued.announced_on)

    def procedure_of(self, kind: said.MeasureKind) -> str | None:
        """The key of the procedure by which its measures of a kind are carried out."""
        if self.issued is None:
            return None
        return self.issued.procedures.get(kind, self.issued.procedure)

    @property
    def measures(self) -> dict[str, str]:
        """The article of every measure that the decree names as it stands, by the measure's id."""
        return {measure: article.article for article in self.articles for measure in article.measures}

    def articles_on(self, day: date) -> Articles:
        """The articles as they stood in law on a day: with every amendment that was effective by then."""
        return () if self.issued is None else in_law(self.issued.articles, self.amendments, day)

    def moved_by(self, amendment: said.DecreeAmended) -> tuple[Articles, Articles, tuple[str, ...]]:
        """What would become of the present articles: those changed, new and gone, by one amendment more."""
        issued = () if self.issued is None else self.issued.articles
        return moved(self.articles, in_law(issued, (*self.amendments, amendment)))

    def row_binds_on(self, measure: str) -> date | None:
        """The day from which a row binds: that of the decree, or of the amendment that added the row."""
        days = [self.in_force_on]
        days += [one.on for one in self.amendments if measure in one.rows_added]
        return max((day for day in days if day is not None), default=None)

    def holds_covering(self, article: str, measure: str) -> tuple[str, ...]:
        """Return the keys of the open holds that cover a measure: on decree, article or row."""
        return tuple(
            key
            for key, hold in sorted(self.holds.items())
            if hold.article in (None, article) and hold.measure in (None, measure)
        )

    def held_at(self, at: datetime, article: str, measure: str) -> tuple[str, ...]:
        """Return the keys of the holds that covered a measure at a moment, those that are lifted too."""
        return names(one for one in self.hold_periods if one.covers(article, measure) and one.at(at))

    def free_since(self, at: datetime, article: str, measure: str) -> datetime:
        """The first moment, not earlier than `at`, at which no hold covered the measure that is lifted."""
        return free_since((one for one in self.hold_periods if one.covers(article, measure)), at)

    def check_executable(self, article: str, measure: str, moment: Moment) -> None:
        """Refuse where the measure may not be carried out, or was held at the effective moment."""
        self.must_be_in_force()
        if covering := self.held_at(moment.effective_at, article, measure):
            raise refusals.DecreeOnHold(decree=self.id, holds=", ".join(covering))

    def bound_at(self, at: datetime) -> bool:
        """Whether a decree that is over still bound at a moment, and was not executed."""
        over = self.executed_at if self.ended_on is None else beginning_of(self.ended_on)
        return self.entered_into_force and over is not None and at < over

    def must_be_free(self, article: str, measure: str) -> None:
        """Refuse while a hold that covers the measure is open."""
        if covering := self.holds_covering(article, measure):
            raise refusals.DecreeOnHold(decree=self.id, holds=", ".join(covering))

    def must_be_in_force(self) -> None:
        """Refuse a decree that does not bind, or not any more. A hold does not matter here."""
        if self.stage is DecreeState.ISSUED and self.binds_on is not None:
            raise refusals.NotYetInForce(decree=self.id, on=self.binds_on.isoformat())
        if self.stage is not DecreeState.IN_FORCE:
            raise refusals.DecreeNotInForce(decree=self.id, state=self.stage.value)

    def must_be_announced_by(
        self, moment: Moment, refusal: type[refusals.BeforeDecree] = refusals.BeforeDecree
    ) -> None:
        """Refuse what is said to be of a day before the one on which the decree was announced."""
        announced_on = None if self.issued is None else self.issued.announced_on
        if announced_on is not None and moment.effective_at < first_moment_of(announced_on):
            raise refusal(
                decree=self.id,
                effective_at=rfc3339(moment.effective_at),
                announced_on=announced_on.isoformat(),
            )

    def must_bind_by(self, moment: Moment, measure: str = "") -> None:
        """Refuse what follows from the decree, or a row, and is said to be of a day before that binds."""
        self.must_be_announced_by(moment)
        if (binds_on := self.row_binds_on(measure)) is not None:
            moment.must_not_precede(first_moment_of(binds_on), self.id)

    def issue(self, draft: DecreeDraft, moment: Moment) -> None:
        """Enter the decree, with the names of all its measures."""
        if self.exists:
            raise refusals.DecreeExists(decree=self.id)
        check_coherent(self.id, draft)
        self.record(draft, moment)

    def enter_into_force(self, on: date, moment: Moment) -> None:
        """Let the decree bind from `on`, once that day has come and the decree is announced."""
        self.must_exist()
        if self.stage is not DecreeState.ISSUED:
            raise refusals.AlreadyInForce(decree=self.id)
        first = max(on, self.issued.announced_on) if self.issued else on
        if not has_come(first, moment.recorded_at):
            raise refusals.NotYetInForce(decree=self.id, on=first.isoformat())
        self.record(said.DecreeEnteredIntoForce(on=on), moment)

    def execute(self, executed: Mapping[str, bool], moment: Moment) -> None:
        """Declare the decree executed; `executed` tells of each of its measures whether it is.

        That no measure was executed later is for the caller to ask of each.
        """
        self.must_exist()
        self.must_be_in_force()
        then = names(one for one in self.hold_periods if one.at(moment.effective_at))
        if holds := sorted({*self.holds, *then}):
            raise refusals.DecreeOnHold(decree=self.id, holds=", ".join(holds))
        if outstanding := [measure for measure in self.measures if not executed.get(measure)]:
            raise refusals.MeasuresOutstanding(
                decree=self.id, count=len(outstanding), measures=", ".join(outstanding)
            )
        self.must_bind_by(moment)
        self.record(said.DecreeExecuted(), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.DecreeIssued():
                self.stage, self.issued, self.articles = DecreeState.ISSUED, event, event.articles
            case said.DecreeEnteredIntoForce(on=on):
                self.stage, self.in_force_on = DecreeState.IN_FORCE, on
            case said.DecreeAmended():
                issued = () if self.issued is None else self.issued.articles
                self.amendments = (*self.amendments, told(issued, self.amendments, event))
                self.articles = in_law(issued, self.amendments)
            case said.DecreeHeld(hold=hold):
                self.holds[hold], self.settled[hold], self.settled_at[hold] = event, {}, {}
                began = HoldPeriod(hold, self.last_effective_at, None, event.article, event.measure)
                self.hold_periods = (*self.hold_periods, began)
            case said.DecreeConditionFulfilled(hold=hold, condition=condition, evidence=evidence):
                self._settle(hold, said.MetCondition(key=condition, evidence=evidence))
            case said.DecreeConditionWaived(hold=hold, condition=condition):
                self._settle(hold, said.MetCondition(key=condition, evidence=(), waived=True))
            case said.DecreeResumed(hold=hold):
                del self.holds[hold], self.settled[hold], self.settled_at[hold]
                self.hold_periods = lifted(self.hold_periods, hold, self.last_effective_at)
            case said.DecreeRepealed(by=by, on=on):
                self.stage, self.ended_by, self.ended_on = DecreeState.REPEALED, by, on
            case said.DecreeSuperseded(by=by, on=on):
                self.stage, self.ended_by, self.ended_on = DecreeState.SUPERSEDED, by, on
            case _:
                self._evolve_ending(event)

    def _settle(self, hold: str, met: said.MetCondition) -> None:
        self.settled[hold][met.key] = met
        self.settled_at[hold][met.key] = self.last_effective_at

    def _evolve_ending(self, event: Event) -> None:
        self.stepped_at = self.last_effective_at
        match event:
            case said.DecreeExecuted():
                self.stage, self.executed_at = DecreeState.EXECUTED, self.last_effective_at
            case said.DecreeFinalReportSubmitted():
                self.report = event
            case said.DecreeFinalReportReturned():
                self.report = None
            case said.DecreeFinalReportApproved():
                self.report_approved = True
            case said.DecreeRemovedFromControl():
                self.stage = DecreeState.REMOVED
