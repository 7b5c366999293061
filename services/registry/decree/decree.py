"""A decree: issued → in force (held ⇄ resumed) → executed."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, time, timedelta, timezone

from services.registry.decree import refusals
from services.registry.decree.draft import DecreeDraft, check_coherent
from services.registry.decree.state import DecreeState
from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.contracts.registry import (
    Article,
    DecreeEnteredIntoForce,
    DecreeExecuted,
    DecreeHeld,
    DecreeIssued,
    DecreeResumed,
    HoldCondition,
    MetCondition,
)
from shared.domain import Aggregate, Lifecycle, Moment, Step, Text

FIRST_ZONE = timezone(timedelta(hours=14))
"""Where on Earth a day begins first."""


class Decree(Aggregate):
    """A decree, identified by number and year (``298-2025``).

    Holds are kept by key: several authorities may hold the same decree, each with conditions of its
    own, and execution goes on when none of them covers it any more.
    """

    kind = "decree"
    lifecycle = Lifecycle(
        DecreeState.UNKNOWN,
        Step(DecreeIssued, (DecreeState.UNKNOWN,), DecreeState.ISSUED),
        Step(DecreeEnteredIntoForce, (DecreeState.ISSUED,), DecreeState.IN_FORCE),
        Step(DecreeHeld, (DecreeState.IN_FORCE,), DecreeState.HELD),
        Step(DecreeHeld, (DecreeState.IN_FORCE, DecreeState.HELD)),
        Step(DecreeResumed, (DecreeState.HELD,), DecreeState.IN_FORCE),
        Step(DecreeResumed, (DecreeState.IN_FORCE, DecreeState.HELD)),
        Step(DecreeExecuted, (DecreeState.IN_FORCE,), DecreeState.EXECUTED),
    )

    stage: DecreeState = DecreeState.UNKNOWN
    issued: DecreeIssued | None = None
    holds: dict[str, DecreeHeld] = field(default_factory=dict)
    lifted: tuple[str, ...] = ()

    @property
    def state(self) -> DecreeState:
        """The stage, or ``held`` while a hold covers the whole decree."""
        whole = any(hold.article is None and hold.measure is None for hold in self.holds.values())
        return DecreeState.HELD if whole and self.stage is DecreeState.IN_FORCE else self.stage

    @property
    def entered_into_force(self) -> bool:
        """Whether it has ever been in force."""
        return self.stage in (DecreeState.IN_FORCE, DecreeState.EXECUTED)

    @property
    def articles(self) -> tuple[Article, ...]:
        """The articles as they were issued."""
        return () if self.issued is None else self.issued.articles

    @property
    def procedure(self) -> str | None:
        """The key of the procedure by which its measures are carried out."""
        return None if self.issued is None else self.issued.procedure

    @property
    def measures(self) -> dict[str, str]:
        """The article of every measure that the decree names, by the measure's id."""
        return {measure: article.article for article in self.articles for measure in article.measures}

    def holds_covering(self, article: str, measure: str) -> tuple[str, ...]:
        """Return the keys of the open holds that cover a measure: on decree, article or row."""
        return tuple(
            key
            for key, hold in sorted(self.holds.items())
            if hold.article in (None, article) and hold.measure in (None, measure)
        )

    def check_executable(self, article: str, measure: str) -> None:
        """Refuse where the measure may not be carried out now."""
        self._check_in_force()
        if covering := self.holds_covering(article, measure):
            raise refusals.DecreeOnHold(decree=self.id, holds=", ".join(covering))

    def issue(self, draft: DecreeDraft, moment: Moment) -> None:
        """Enter the decree, with the names of all its measures."""
        if self.exists:
            raise refusals.DecreeExists(decree=self.id)
        check_coherent(self.id, draft)
        self.record(draft, moment)

    def enter_into_force(self, on: date, moment: Moment) -> None:
        """Let the decree bind from `on`."""
        self.must_exist()
        if self.stage is not DecreeState.ISSUED:
            raise refusals.AlreadyInForce(decree=self.id)
        self.record(DecreeEnteredIntoForce(on=on), moment)

    def hold(
        self,
        hold: str,
        by: str,
        holder: str,
        reason: Text,
        conditions: Sequence[HoldCondition],
        moment: Moment,
        article: str | None = None,
        measure: str | None = None,
    ) -> None:
        """Hold the execution of the decree, of one article or of one measure.

        `by` is the oversight authority that decided it, `holder` who may lift it. It is effective when it is
        recorded or earlier, and no day before the one on which the decree was announced.
        """
        self.must_exist()
        self._check_in_force()
        if hold in self.holds or hold in self.lifted:
            raise refusals.HoldExists(decree=self.id, hold=hold)
        self._check_reason(reason)
        self._check_scope(article, measure)
        moment.must_not_be_ahead()
        self._check_announced_by(moment)
        self.record(
            DecreeHeld(
                hold=hold,
                by=by,
                holder=holder,
                reason=reason,
                conditions=tuple(conditions),
                article=article,
                measure=measure,
                since=moment.effective_at,
            ),
            moment,
        )

    def resume(
        self,
        hold: str,
        by: str | None,
        met: Mapping[str, tuple[str, ...]],
        reason: Text,
        moment: Moment,
    ) -> None:
        """Lift a hold; `met` gives the evidence for each of its conditions.

        `by` must be its holder; None stands for whoever may lift any hold. It is effective when recorded
        or earlier, and not before the hold is.
        """
        self.must_exist()
        held = self.holds.get(hold)
        if held is None:
            raise refusals.HoldNotOpen(decree=self.id, hold=hold)
        if by not in (None, held.holder):
            raise refusals.HeldByOther(decree=self.id, hold=hold, holder=held.holder)
        self._check_reason(reason)
        keys = [condition.key for condition in held.conditions]
        if unknown := sorted(set(met) - set(keys)):
            raise refusals.HoldConditionUnknown(decree=self.id, hold=hold, unknown=", ".join(unknown))
        if missing := [key for key in keys if not met.get(key)]:
            raise refusals.HoldConditionsOpen(decree=self.id, hold=hold, missing=", ".join(missing))
        moment.must_not_be_ahead()
        if held.since is not None and moment.effective_at < held.since:
            at, since = rfc3339(moment.effective_at), rfc3339(held.since)
            raise refusals.LiftBeforeHold(decree=self.id, hold=hold, effective_at=at, since=since)
        self.record(
            DecreeResumed(
                hold=hold,
                met=tuple(MetCondition(key=key, evidence=met[key]) for key in keys),
                reason=reason,
                article=held.article,
                measure=held.measure,
            ),
            moment,
        )

    def execute(self, executed: Mapping[str, bool], moment: Moment) -> None:
        """Declare the decree executed; `executed` tells of each of its measures whether it is."""
        self.must_exist()
        self._check_in_force()
        if self.holds:
            raise refusals.DecreeOnHold(decree=self.id, holds=", ".join(sorted(self.holds)))
        if outstanding := [measure for measure in self.measures if not executed.get(measure)]:
            raise refusals.MeasuresOutstanding(
                decree=self.id, count=len(outstanding), measures=", ".join(outstanding)
            )
        self.record(DecreeExecuted(), moment)

    def _check_in_force(self) -> None:
        if self.stage is not DecreeState.IN_FORCE:
            raise refusals.DecreeNotInForce(decree=self.id, state=self.stage.value)

    def _check_reason(self, reason: Text) -> None:
        if not all(words is None or words.strip() for words in (reason.en, reason.ar)):
            raise refusals.ReasonBlank(decree=self.id)

    def _check_announced_by(self, moment: Moment) -> None:
        if self.issued is None:
            return
        # No zone is known here: the day begins where it begins first.
        announced_on = self.issued.announced_on
        if moment.effective_at < datetime.combine(announced_on, time(), FIRST_ZONE):
            at = rfc3339(moment.effective_at)
            raise refusals.HoldBeforeDecree(
                decree=self.id, effective_at=at, announced_on=announced_on.isoformat()
            )

    def _check_scope(self, article: str | None, measure: str | None) -> None:
        if article is not None and measure is not None:
            raise refusals.AmbiguousScope()
        if article is not None and article not in {known.article for known in self.articles}:
            raise refusals.NoSuchPart(decree=self.id, part="article", id=article)
        if measure is not None and measure not in self.measures:
            raise refusals.NoSuchPart(decree=self.id, part="measure", id=measure)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case DecreeIssued():
                self.stage, self.issued = DecreeState.ISSUED, event
            case DecreeEnteredIntoForce():
                self.stage = DecreeState.IN_FORCE
            case DecreeHeld():
                self.holds[event.hold] = event
            case DecreeResumed():
                del self.holds[event.hold]
                self.lifted = (*self.lifted, event.hold)
            case DecreeExecuted():
                self.stage = DecreeState.EXECUTED
