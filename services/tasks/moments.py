"""When something may be said to have happened: not ahead of its recording, nor before what it follows."""

from datetime import datetime

from shared.contracts.meta import rfc3339
from shared.domain import Moment
from shared.domain.moment import BeforeWhatItFollows


def must_follow(moment: Moment, *earlier: datetime | None) -> None:
    """Refuse an effective moment after its recording, or before any of the moments of what it follows.

    A moment that is not known bounds nothing. What is effective when it is recorded follows all that is
    known, though another service's clock may be ahead.
    """
    moment.must_not_be_ahead()
    last = max((at for at in earlier if at is not None), default=moment.effective_at)
    if moment.effective_at < min(last, moment.recorded_at):
        raise BeforeWhatItFollows(at=rfc3339(moment.effective_at), last=rfc3339(last))
