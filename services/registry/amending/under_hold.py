"""Whether a decree was changed or ended in spite of holds: those of that day are named, and no others."""

from collections.abc import Iterable
from datetime import UTC, date

from services.registry.amending.proposal import Amendment
from services.registry.amending.refusals import AmendedUnderHold, DespiteNotCovering, EndedUnderHold
from services.registry.decree import Decree
from services.registry.decree.articles import Articles
from services.registry.decree.periods import HoldPeriod, Periods, names
from shared.domain import Moment


def check_amended(decree: Decree, amendment: Amendment, standing: Articles, moment: Moment) -> None:
    """Refuse an amendment that does not name the holds on what it changes, or names others."""
    then = _of_its_day(decree, amendment.on, moment)
    covering = names(_covering(then, decree.id, amendment, standing))
    if unnamed := [key for key in covering if key not in amendment.despite]:
        raise AmendedUnderHold(decree=decree.id, by=amendment.by, holds=", ".join(unnamed))
    _check_others(decree, amendment.by, amendment.on, covering, amendment.despite)


def check_ended(decree: Decree, by: str, on: date, despite: tuple[str, ...], moment: Moment) -> None:
    """Refuse an end that does not name every hold on the decree or a part of it, or names others."""
    covering = names(_of_its_day(decree, on, moment))
    if unnamed := [key for key in covering if key not in despite]:
        raise EndedUnderHold(decree=decree.id, by=by, holds=", ".join(unnamed))
    _check_others(decree, by, on, covering, despite)


def _of_its_day(decree: Decree, on: date, moment: Moment) -> Periods:
    """The holds that were in force on a day; at the moment itself, where that is of the day."""
    if moment.effective_at.astimezone(UTC).date() == on:
        return tuple(one for one in decree.hold_periods if one.at(moment.effective_at))
    return tuple(one for one in decree.hold_periods if one.on(on))


def _covering(
    periods: Periods, decree: str, amendment: Amendment, standing: Articles
) -> Iterable[HoldPeriod]:
    article_of = {measure: one.article for one in standing for measure in one.measures}
    rows = {change.measure for change in amendment.rows_changed}
    rows |= set(amendment.says(decree, standing).rows_dropped)
    articles = {article.article for article in amendment.changed} | set(amendment.dropped)
    articles |= {article_of[row] for row in rows}
    for one in periods:
        whole = one.article is None and one.measure is None
        if whole or one.article in articles or one.measure in rows:
            yield one


def _check_others(
    decree: Decree, by: str, on: date, covering: tuple[str, ...], despite: tuple[str, ...]
) -> None:
    if others := sorted({key for key in despite if key not in covering}):
        raise DespiteNotCovering(decree=decree.id, by=by, on=on.isoformat(), named=", ".join(others))
