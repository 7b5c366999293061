"""When holds were in force, those that are lifted too: a step is judged by the holds of its own day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from services.registry.days import beginning_of

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HoldPeriod:
    """From when on, and until when, a hold was in force; without article and measure it covers all."""

    hold: str
    since: datetime
    until: datetime | None = None
    article: str | None = None
    measure: str | None = None

    def covers(self, article: str, measure: str) -> bool:
        """Whether it is on the decree, on the article or on the row."""
        return self.article in (None, article) and self.measure in (None, measure)

    def at(self, moment: datetime) -> bool:
        """Whether it was in force at a moment; at that of its lift it was not any more."""
        return self.since <= moment and (self.until is None or moment < self.until)

    def on(self, day: date) -> bool:
        """Whether it was in force at some moment of a day, in UTC."""
        begins = beginning_of(day)
        lasted = self.until is None or max(self.since, begins) < self.until
        return self.since < begins + A_DAY and lasted


Periods = tuple[HoldPeriod, ...]


def lifted(periods: Iterable[HoldPeriod], hold: str, until: datetime) -> Periods:
    """The periods after the lift of a hold."""
    return tuple(replace(one, until=until) if one.hold == hold else one for one in periods)


def names(periods: Iterable[HoldPeriod]) -> tuple[str, ...]:
    """The keys of holds, in their order."""
    return tuple(sorted(one.hold for one in periods))


def free_since(periods: Iterable[HoldPeriod], moment: datetime) -> datetime:
    """The first moment, not earlier than the one given, at which no hold was in force that is lifted."""
    for one in sorted(periods, key=lambda one: one.since):
        if one.until is not None and one.at(moment):
            moment = one.until
    return moment
