"""When something may be said to have happened: not ahead of its recording, nor before what it follows."""

from datetime import datetime

from shared.contracts.meta import rfc3339
from shared.domain import Invalid, Moment, Text


class BeforeWhatItFollows(Invalid):
    """Nobody rewrites what was before: what follows something is not of an earlier moment."""

    slug = "before-what-it-follows"
    title = Text(en="It is said to be earlier than what it follows", ar="الوقت المذكور يسبق ما بُني عليه")
    detail = Text(
        en="This is said to be of {at}, and it follows what is of {last}: name a moment that is not earlier.",
        ar="هذا منسوب إلى {at}، وهو مبني على ما وقع في {last}: اذكر وقتًا لا يسبقه.",
    )


def must_follow(moment: Moment, *earlier: datetime | None) -> None:
    """Refuse an effective moment after its recording, or before any of the moments of what it follows.

    A moment that is not known bounds nothing. What is effective when it is recorded follows all that is
    known, though another service's clock may be ahead.
    """
    moment.must_not_be_ahead()
    last = max((at for at in earlier if at is not None), default=moment.effective_at)
    if moment.effective_at < min(last, moment.recorded_at):
        raise BeforeWhatItFollows(at=rfc3339(moment.effective_at), last=rfc3339(last))
