"""When something may be said to have happened: not ahead of its recording, nor before what it follows."""

from datetime import datetime

from shared.domain import Moment


def must_follow(moment: Moment, *earlier: datetime | None) -> None:
    """Refuse an effective moment after its recording, or before any of the moments of what it follows.

    A moment that is not known bounds nothing. What is effective when it is recorded follows all that is
    known, though another service's clock may be ahead.
    """
    moment.must_not_be_ahead()
    moment.must_not_precede(max((at for at in earlier if at is not None), default=None))
