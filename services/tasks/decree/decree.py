"""A decree as this service knows it: what carries it out, and its holds."""

from dataclasses import replace
from datetime import date, datetime

from services.tasks.decree.hold import Hold
from services.tasks.decree.refusals import NoSuchArticle
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.registry import DecreeAmended, DecreeIssued
from shared.domain import Aggregate, Moment, Text


class Decree(Aggregate):
    """Leads from a decree to its plans and to its own tasks; the registry owns the decree itself.

    `articles` are None where the decree was noted before they were told.
    """

    kind = "decree"
    snapshot_version = 4

    objectives: tuple[str, ...] = ()
    noted: bool = False
    announced_on: date | None = None
    articles: tuple[str, ...] | None = None

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
            )
            self.record(noted, moment)

    def note_amendment(self, amended: DecreeAmended, moment: Moment) -> None:
        """Note which articles it has now; nothing happens where they are the same, or never were known."""
        if self.articles is None:
            return
        added = tuple(one.article for one in amended.added if one.article not in self.articles)
        articles = (*(one for one in self.articles if one not in amended.dropped), *added)
        if articles != self.articles:
            self.record(said.DecreeArticlesNoted(decree=self.id, articles=articles), moment)

    def must_have_article(self, article: str) -> None:
        """Refuse an article that it has not, where its articles are known."""
        if self.articles is not None and article not in self.articles:
            raise NoSuchArticle(decree=self.id, article=article)

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
            case said.DecreeArticlesNoted():
                self.articles = event.articles
            case said.DecreePlanned():
                self.plans = (*self.plans, event.plan)
            case said.DecreeTaskPlanned():
                self.tasks = (*self.tasks, event.task)
            case said.DecreeHoldNoted():
                self.holds = (*self.holds, _noted(event))
            case said.DecreeLiftNoted():
                self.holds = tuple(_lifted(hold, event.hold, event.until) for hold in self.holds)


def _noted(event: said.DecreeHoldNoted) -> Hold:
    return Hold(event.hold, event.since, event.reason, None, event.article, event.measure)


def _lifted(hold: Hold, lifted: str, until: datetime) -> Hold:
    return replace(hold, until=until) if hold.hold == lifted else hold
