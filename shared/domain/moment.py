"""The two clocks of every event."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from shared.contracts.meta import rfc3339
from shared.contracts.text import Text
from shared.domain.refusal import Invalid

FIRST_ZONE = timezone(timedelta(hours=14))
"""Where on Earth a day begins first."""


class EffectiveAhead(Invalid):
    """What is said to have happened cannot be effective after it is recorded."""

    slug = "effective-ahead"
    title = Text(en="The effective moment is still to come", ar="وقت النفاذ لم يحن بعد")
    detail = Text(
        en="This is said to be of {effective_at}, which is still to come (it is {recorded_at} now): "
        "record it when it has happened.",
        ar="هذا منسوب إلى {effective_at} ولم يحن ذلك بعد (الوقت الآن {recorded_at}): سجّله بعد وقوعه.",
    )


class BeforeWhatItFollows(Invalid):
    """Nobody rewrites what was before: what follows something is not of an earlier moment."""

    slug = "before-what-it-follows"
    title = Text(en="It is said to be earlier than what it follows", ar="الوقت المذكور يسبق ما بُني عليه")
    detail = Text(
        en="This is said to be of {at}, and it follows what is of {last}: name a moment that is not earlier.",
        ar="هذا منسوب إلى {at}، وهو مبني على ما وقع في {last}: اذكر وقتًا لا يسبقه.",
    )


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was learned, and when it is so in law or fact. Both are aware and in UTC.

    `recorded_at` comes from the store, under its fence, and never runs backwards along the log.
    `effective_at` is the caller's; it orders nothing.
    """

    recorded_at: datetime
    effective_at: datetime

    @property
    def at_latest_now(self) -> "Moment":
        """The moment, effective when it is recorded where it was to be effective later."""
        return Moment(self.recorded_at, min(self.effective_at, self.recorded_at))

    @property
    def latest_day(self) -> date:
        """The latest day that had begun anywhere on earth by then: a letter bears the day of its place."""
        return self.recorded_at.astimezone(FIRST_ZONE).date()

    def must_not_be_ahead(self) -> None:
        """Refuse an effective moment after the recording, for what can only have happened."""
        if self.effective_at > self.recorded_at:
            raise EffectiveAhead(
                effective_at=rfc3339(self.effective_at), recorded_at=rfc3339(self.recorded_at)
            )

    def must_not_precede(self, last: datetime | None, of: str | None = None) -> None:
        """Refuse a moment before that of what this follows (in `of`); None where nothing is known.

        Older logs have what is effective ahead of its recording: that keeps nobody from going on now.
        """
        if last is not None and self.effective_at < min(last, self.recorded_at):
            facts = {} if of is None else {"of": of}
            raise BeforeWhatItFollows(**facts, at=rfc3339(self.effective_at), last=rfc3339(last))
