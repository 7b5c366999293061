"""How long a posting may last: its last day, and from which day on that is near."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from services.registry.days import beginning_of
from shared.calendar.rule import add_months
from shared.contracts.registry import Competence


@dataclass(frozen=True, slots=True)
class Term:
    """The days of a posting: the first, the last, and the one from which on the last is near."""

    posted_on: date
    ends_on: date | None = None
    warn_on: date | None = None


def term_of(posted_on: date, competence: Competence) -> Term:
    """Reckon a posting that begins on a day: four years from 5 May 2021 end with 5 May 2025."""
    if competence.cap_months is None:
        return Term(posted_on)
    ends_on = add_months(posted_on, competence.cap_months)
    return Term(posted_on, ends_on, warning_before(ends_on, competence.warn_days))


def warning_before(ends_on: date, days: int) -> date:
    """The day so many calendar days before the last one."""
    return ends_on - timedelta(days=days)


def overdue_at(ends_on: date) -> datetime:
    """The moment from which on a posting is overdue: when its last day has passed."""
    return beginning_of(ends_on + timedelta(days=1))


def day_in_utc(moment: datetime) -> date:
    """The day on which something is effective."""
    return moment.astimezone(UTC).date()
