"""What an amendment does to one row, and to the mission that the row is about."""

from datetime import date

from services.registry.amending.proposal import Amendment, ChangedRow
from services.registry.days import beginning_of
from services.registry.handover import Handover
from services.registry.handover.signing import void_signatures
from services.registry.measure import Measure, MeasureState, amended
from services.registry.measure.row import RowChange
from services.registry.mission import Mission
from services.registry.mission.redirecting import call_off, done_already, redirect
from services.registry.reading import Reading
from shared.contracts.registry import Irreversible, RowText
from shared.domain import Moment, Text

CALLED_OFF = Text(en="The closing was called off.", ar="عُدل عن الإقفال.")
OTHER_RECEIVER = Text(en="Another mission receives now.", ar="صارت بعثة أخرى هي المستقبلة.")
EXECUTED = Text(en="The measure is executed.", ar="الإجراء منفذ.")


def irreversible(reading: Reading, measure: Measure) -> tuple[Irreversible, ...]:
    """What was done under a row and stays, whatever an amendment says."""
    if measure.mission is None:
        return ()
    if measure.state is MeasureState.EXECUTED:
        return (Irreversible(measure=measure.id, what=EXECUTED, references=(measure.mission,)),)
    if measure.state is not MeasureState.ORDERED or not measure.closes_mission:
        return ()
    return done_already(reading.get(Mission, measure.mission), measure.id)


def drop(reading: Reading, measure: Measure, by: str, on: date, moment: Moment) -> None:
    """Take a row out, and call off the closing that it had begun. An executed row stays.

    One that is dropped from a later day was out already from this one.
    """
    if measure.dropped_on is not None and on < measure.dropped_on:
        amended.drop_in_past(measure, by, on, moment)
    if not measure.open:
        return
    if _closing(reading, measure) is not None:
        _call_off(reading, measure, on, moment)
    amended.drop(measure, by, on, moment)


def change_by(amendment: Amendment, change: ChangedRow) -> RowChange:
    """What an amendment says of a row."""
    says = RowText(mission=change.mission, receiver=change.receiver, target=change.target)
    return RowChange(amendment.by, amendment.on, says)


def retarget(
    reading: Reading, measure: Measure, change: RowChange, note: Text | None, moment: Moment
) -> None:
    """Give a row another mission, receiver or target, and move the closing that it had begun.

    An executed row stays as it is. Where what is later in law had been entered before, the present moves only
    in those parts of which that says nothing; where there is none, the change is told for the days between.
    """
    if not measure.open and measure.state is not MeasureState.DROPPED:
        return
    for named in (change.says.mission, change.says.receiver):
        if named is not None:
            reading.get(Mission, named).must_exist()
    if amended.moves(measure, change):
        _move(reading, measure, change, note, moment)
    else:
        amended.amend_in_past(measure, change, note, moment)


def _move(reading: Reading, measure: Measure, change: RowChange, note: Text | None, moment: Moment) -> None:
    after = measure.parts_with(change)
    for named, now in ((change.says.mission, after.mission), (change.says.receiver, after.receiver)):
        if named is not None and named == now:
            reading.get(Mission, named).check_open_or(measure.mission)
    void: tuple[int, ...] = ()
    closing = _closing(reading, measure)
    if closing is not None and after.mission != measure.mission:
        _call_off(reading, measure, change.on, moment)
    elif closing is not None and after.receiver != measure.receiver:
        former, receiver = _mission(reading, measure.receiver), _mission(reading, after.receiver)
        void = redirect(closing, former, receiver, moment)
        void_signatures(reading.get(Handover, closing.id), closing.id, OTHER_RECEIVER, moment)
    amended.retarget(measure, change, void, note, moment)


def _closing(reading: Reading, measure: Measure) -> Mission | None:
    """The mission that is closing by this measure."""
    if measure.state is not MeasureState.ORDERED or not measure.closes_mission:
        return None
    return _mission(reading, measure.mission)


def _call_off(reading: Reading, measure: Measure, on: date, moment: Moment) -> None:
    mission = _mission(reading, measure.mission)
    assert mission is not None, "an ordered measure has a mission"
    of_then = _as_of(on, mission, moment)
    call_off(mission, _mission(reading, measure.receiver), of_then)
    void_signatures(reading.get(Handover, mission.id), mission.id, CALLED_OFF, of_then)


def _as_of(on: date, mission: Mission, moment: Moment) -> Moment:
    """The day of the amendment, or the mission's last step where that is later; what is told goes before.

    As an order is of the day of the law (decision 0035), so is its end.
    """
    if moment.effective_at != moment.recorded_at:
        return moment
    begins = beginning_of(on)
    return Moment(moment.recorded_at, max(begins, mission.stepped_at or begins)).at_latest_now


def _mission(reading: Reading, id: str | None) -> Mission | None:
    return None if id is None else reading.get(Mission, id)
