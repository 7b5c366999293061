"""A hold on the execution of a decree, or of a part of it."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.text import Text


@dataclass(frozen=True, slots=True)
class Hold:
    """From when until when a hold is in force; `until` is None while it is open.

    It covers the whole decree, or only `article`, or only `measure` where one is named.
    """

    hold: str
    since: datetime
    reason: Text
    until: datetime | None = None
    article: str | None = None
    measure: str | None = None

    def covers(self, article: str | None, measure: str | None) -> bool:
        """Whether it covers what carries out this article, and this measure of it."""
        if self.measure is not None:
            return measure == self.measure
        return self.article is None or article == self.article

    def in_force_at(self, moment: datetime) -> bool:
        """Whether it had begun before a moment, and was not lifted by then."""
        return self.since < moment and (self.until is None or moment < self.until)
