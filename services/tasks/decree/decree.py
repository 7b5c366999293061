"""A decree as this service knows it: what carries it out, and its holds."""

from dataclasses import replace
from datetime import date, datetime

from services.tasks.decree.hold import Hold
from services.tasks.decree.refusals import NoSuchArticle
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.registry import DecreeAmended, DecreeIssued
from shared.domain import Aggregate, Moment, Text
from shared.domain.refused_alike import AmbiguousScope, NoSuchPart


class Decree(Aggregate):
    """Leads from a decree to its plans and to its own tasks; the registry owns the decree itself.

    `articles`, and the `measures` of their tables, are None where the decree was noted before they were told.
    """

    kind = "decree"
    snapshot_version = 5

    objectives: tuple[str, ...] = ()
    noted: bool = False
    announced_on: date | None = None
    articles: tuple[str, ...] | None = None
    measures: tuple[str, ...] | None = None

    plans: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()

    def note(self, issued: DecreeIssued, moment: Moment) -> None:
        """Note what the decree is for; nothing happens where it is noted already."""
        if not self.noted:
            noted = said.DecreeNoted(
                decree=self.id,
                title=issued.title,
                announced_on=issued.announced_on,
                objectives=issued.objectives,
                articles=tuple(one.article for one in issued.articles),
                measures=tuple(measure for one in issued.articles for measure in one.measures),
            )
            self.record(noted, moment)

    def note_amendment(self, amended: DecreeAmended, moment: Moment) -> None:
        """Note what it has now; nothing happens where that is the same, or the articles never were known."""
        if self.articles is None:
            return
        added = tuple(one.article for one in amended.added if one.article not in self.articles)
        articles = (*(one for one in self.articles if one not in amended.dropped), *added)
        measures = None if self.measures is None else _rows(self.measures, amended)
        if (articles, measures) != (self.articles, self.measures):
            noted = said.DecreeArticlesNoted(decree=self.id, articles=articles, measures=measures)
            self.record(noted, moment)

    def must_have_article(self, article: str) -> None:
        """Refuse an article that it has not, where its articles are known."""
        if self.articles is not None and article not in self.articles:
            raise NoSuchArticle(decree=self.id, article=article)

    def must_have(self, article: str | None, measure: str | None) -> None:
        """Refuse an article, a measure, or both at once, as the registry does for a hold on a part.

        What is named must be the decree's, where that is known.
        """
        if article is not None and measure is not None:
            raise AmbiguousScope()
        if article is not None and self.articles is not None and article not in self.articles:
            raise NoSuchPart(decree=self.id, part="article", id=article)
        if measure is not None and self.measures is not None and measure not in self.measures:
            raise NoSuchPart(decree=self.id, part="measure", id=measure)

    def note_plan(self, plan: str, moment: Moment) -> None:
        """Note a plan of one of its measures; nothing happens where that is known already."""
        if plan not in self.plans:
            self.record(said.DecreePlanned(decree=self.id, plan=plan), moment)

    def note_task(self, task: str, moment: Moment) -> None:
        """Note a task of the decree itself; nothing happens where that is known already."""
        if task not in self.tasks:
            self.record(said.DecreeTaskPlanned(decree=self.id, task=task), moment)

    def hold(
        self, hold: str, article: str | None, measure: str | None, reason: Text, moment: Moment
    ) -> Hold | None:
        """Note a hold in force from the effective moment on; return it where it is new."""
        if any(known.hold == hold for known in self.holds):
            return None
        noted = said.DecreeHoldNoted(
            decree=self.id,
            hold=hold,
            since=moment.effective_at,
            reason=reason,
            article=article,
            measure=measure,
        )
        self.record(noted, moment)
        return self.holds[-1]

    def lift(self, hold: str, moment: Moment) -> Hold | None:
        """Note that a hold ended at the effective moment; return it where it was open."""
        if not any(known.hold == hold and known.until is None for known in self.holds):
            return None
        self.record(said.DecreeLiftNoted(decree=self.id, hold=hold, until=moment.effective_at), moment)
        return next(known for known in self.holds if known.hold == hold)

    def covering(self, article: str | None, measure: str | None) -> tuple[Hold, ...]:
        """The holds, open and lifted, that cover what carries out this article, and this measure of it."""
        return tuple(hold for hold in self.holds if hold.covers(article, measure))

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.DecreeNoted():
                self.noted, self.objectives = True, tuple(one.key for one in event.objectives)
                self.announced_on, self.articles = event.announced_on, event.articles
                self.measures = event.measures
            case said.DecreeArticlesNoted():
                self.articles, self.measures = event.articles, event.measures
            case said.DecreePlanned():
                self.plans = (*self.plans, event.plan)
            case said.DecreeTaskPlanned():
                self.tasks = (*self.tasks, event.task)
            case said.DecreeHoldNoted():
                self.holds = (*self.holds, _noted(event))
            case said.DecreeLiftNoted():
                self.holds = tuple(_lifted(hold, event.hold, event.until) for hold in self.holds)


def _rows(measures: tuple[str, ...], amended: DecreeAmended) -> tuple[str, ...]:
    added = (one for one in amended.rows_added if one not in measures)
    return (*(one for one in measures if one not in amended.rows_dropped), *added)


def _noted(event: said.DecreeHoldNoted) -> Hold:
    return Hold(event.hold, event.since, event.reason, None, event.article, event.measure)


def _lifted(hold: Hold, lifted: str, until: datetime) -> Hold:
    return replace(hold, until=until) if hold.hold == lifted else hold
