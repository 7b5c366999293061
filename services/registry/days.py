"""Days as moments. No zone is known here, so each rule says where on Earth its days begin."""

from datetime import UTC, date, datetime, time

from shared.domain.moment import FIRST_ZONE


def beginning_of(day: date) -> datetime:
    """The moment at which a day begins, in UTC, as an effective moment that names a day means it."""
    return datetime.combine(day, time(0), UTC)


def first_moment_of(day: date) -> datetime:
    """The moment at which a day begins anywhere: nothing that is before it can be said to be of that day."""
    return datetime.combine(day, time(0), FIRST_ZONE)


def has_come(day: date, now: datetime) -> bool:
    """Whether a day has begun, in UTC: from then on what names it is so."""
    return beginning_of(day) <= now


def come(day: date | None, now: datetime) -> date | None:
    """The day where it has begun; None where it is still to come, or none is told."""
    return day if day is not None and has_come(day, now) else None
