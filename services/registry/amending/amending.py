"""To amend, supersede or repeal a decree: decrees, measures and missions decide together, in one command."""

from collections.abc import Iterable, Iterator
from datetime import date

from services.registry.amending import refusals
from services.registry.amending.effects import change_by, drop, irreversible, retarget
from services.registry.amending.legal_order import check_ends_last, check_later_fit, effects, taken_out
from services.registry.amending.novelty import check_new
from services.registry.amending.proposal import Amendment, check_coherent
from services.registry.amending.under_hold import check_amended, check_ended
from services.registry.days import first_moment_of
from services.registry.decree import Decree, DecreeState
from services.registry.measure import Measure
from services.registry.measure.amended import moves
from services.registry.mission import Mission
from services.registry.reading import Reading
from shared.contracts.registry import (
    AmendmentText,
    DecreeAmended,
    DecreeRepealed,
    DecreeSuperseded,
    Irreversible,
)
from shared.domain import Moment


def amend(
    reading: Reading, decree: Decree, amendment: Amendment, moment: Moment, *, supposed: bool = False
) -> tuple[Irreversible, ...]:
    """Change, add or drop articles and rows; return what had been done before and stays.

    What is not irreversible moves: rows get their new mission, receiver or target, closings under way go to
    another receiver or are called off. An executed row stays as it is and is listed. Where something later in
    law had been entered before, the amendment is judged by what stood on its own day, and moves the present
    only as far as the later leaves it (decision 0034). What is only `supposed` needs no later decree that
    binds, nor its day to have come: it is asked before either is there.
    """
    _check_amendable(decree, amendment.on)
    if supposed:
        _check_may_be_later(decree, reading.get(Decree, amendment.by), amendment.on)
    else:
        _check_later(reading, decree, amendment.by, amendment.on, moment)
    standing = decree.articles_on(amendment.on)
    check_coherent(decree.id, standing, amendment)
    check_new(reading, decree.id, standing, amendment)
    says = amendment.says(decree.id, standing)
    check_later_fit(decree, amendment, says)
    check_amended(decree, amendment, standing, moment)
    for row in amendment.rows_added:
        for named in (row.mission, row.receiver):
            if named is not None:
                reading.get(Mission, named).must_exist()
    stays = _done(reading, _undone(reading, amendment, says))
    event = DecreeAmended(
        by=amendment.by,
        on=amendment.on,
        rows_added=tuple(row.measure for row in says.rows_added),
        rows_changed=tuple(change.measure for change in amendment.rows_changed),
        rows_dropped=says.rows_dropped,
        despite=amendment.despite,
        irreversible=stays,
        says=says,
    )
    decree.record(effects(decree, event), moment)
    _carry_into_rows(reading, decree, amendment, says, moment)
    return stays


def _undone(reading: Reading, amendment: Amendment, says: AmendmentText) -> Iterator[str]:
    """The rows of which something is undone now, or would be if they were not executed."""
    for change in amendment.rows_changed:
        measure = reading.get(Measure, change.measure)
        if not measure.open or moves(measure, change_by(amendment, change)):
            yield change.measure
    yield from says.rows_dropped


def _carry_into_rows(
    reading: Reading, decree: Decree, amendment: Amendment, says: AmendmentText, moment: Moment
) -> None:
    for id in says.rows_dropped:
        drop(reading, reading.get(Measure, id), amendment.by, amendment.on, moment)
    for change in amendment.rows_changed:
        measure = reading.get(Measure, change.measure)
        retarget(reading, measure, change_by(amendment, change), change.note, moment)
    for row in amendment.rows_added:
        measure = reading.get(Measure, row.id_in(decree.id))
        measure.add(row.listing(decree.id, amendment.by, amendment.on), moment)
        if (out := taken_out(decree, amendment, row.article)) is not None:
            drop(reading, measure, *out, moment)


def repeal(
    reading: Reading, decree: Decree, by: str, on: date, moment: Moment, despite: tuple[str, ...] = ()
) -> tuple[Irreversible, ...]:
    """End a decree; what was not executed is not carried out. Returns what had been done and stays."""
    return _end(reading, decree, DecreeRepealed, by, on, moment, despite)


def supersede(
    reading: Reading, decree: Decree, by: str, on: date, moment: Moment, despite: tuple[str, ...] = ()
) -> tuple[Irreversible, ...]:
    """Let another decree take its place; what was not executed is not carried out by this one any more."""
    return _end(reading, decree, DecreeSuperseded, by, on, moment, despite)


def _end(
    reading: Reading,
    decree: Decree,
    ended: type[DecreeRepealed] | type[DecreeSuperseded],
    by: str,
    on: date,
    moment: Moment,
    despite: tuple[str, ...],
) -> tuple[Irreversible, ...]:
    if decree.ended_by is not None and decree.ended_on is not None:
        ended_on = decree.ended_on.isoformat()
        raise refusals.EndedAlready(
            decree=decree.id, by=by, on=on.isoformat(), ended_by=decree.ended_by, ended_on=ended_on
        )
    _must_stand(decree)
    _check_later(reading, decree, by, on, moment)
    check_ends_last(decree, by, on)
    check_ended(decree, by, on, despite, moment)
    dropped = tuple(id for id in decree.measures if reading.get(Measure, id).open)
    stays = _done(reading, decree.measures)
    decree.record(ended(by=by, on=on, dropped=dropped, irreversible=stays, despite=despite), moment)
    for measure in dropped:
        drop(reading, reading.get(Measure, measure), by, on, moment)
    return stays


def _check_amendable(decree: Decree, on: date) -> None:
    """Refuse what is over, but for the days on which a decree that another one ended still stood."""
    if decree.ended_on is None or on >= decree.ended_on:
        _must_stand(decree)


def _must_stand(decree: Decree) -> None:
    decree.must_exist()
    if decree.stage not in (DecreeState.ISSUED, DecreeState.IN_FORCE):
        raise refusals.DecreeOver(decree=decree.id, state=decree.state.value)


def _check_may_be_later(decree: Decree, later: Decree, on: date) -> None:
    """Refuse the decree itself, one announced before it, and a day on which the later one does not bind yet.

    One that is not known may be later.
    """
    first, second = decree.issued, later.issued
    assert first is not None, "it exists"
    if later.id == decree.id or (second is not None and second.announced_on < first.announced_on):
        raise refusals.NotALaterDecree(decree=decree.id, by=later.id)
    binds_on = later.in_force_on or later.binds_on
    if binds_on is not None and on < binds_on:
        raise refusals.EffectiveDayTooEarly(
            decree=decree.id, by=later.id, on=on.isoformat(), in_force_on=binds_on.isoformat()
        )


def _check_later(reading: Reading, decree: Decree, by: str, on: date, moment: Moment) -> None:
    later = reading.get(Decree, by).must_exist()
    if later.stage is not DecreeState.IN_FORCE:
        raise refusals.NotALaterDecree(decree=decree.id, by=by)
    _check_may_be_later(decree, later, on)
    # No zone is known here: a day has come where it comes first.
    if on > moment.latest_day:
        raise refusals.EffectiveDayAhead(decree=decree.id, by=by, on=on.isoformat())
    decree.must_be_announced_by(moment)
    moment.must_not_precede(first_moment_of(on), by)


def _done(reading: Reading, measures: Iterable[str]) -> tuple[Irreversible, ...]:
    return tuple(done for id in measures for done in irreversible(reading, reading.get(Measure, id)))
