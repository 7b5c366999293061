"""What an amendment does to one row, and to the mission that the row is about."""

from datetime import date

from services.registry.amending.proposal import ChangedRow
from services.registry.handover import Handover
from services.registry.handover.signing import void_signatures
from services.registry.measure import Measure, MeasureState
from services.registry.measure.kinds import merged
from services.registry.mission import Mission
from services.registry.mission.redirecting import call_off, done_already, redirect
from services.registry.reading import Reading
from shared.contracts.registry import Irreversible
from shared.domain import Moment, Text

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
    """Take a row out, and call off the closing that it had begun. An executed row stays."""
    if not measure.open:
        return
    if _closing(reading, measure) is not None:
        _call_off(reading, measure, moment)
    measure.drop(by, on, moment)


def retarget(
    reading: Reading, measure: Measure, change: ChangedRow, by: str, on: date, moment: Moment
) -> None:
    """Give a row another mission, receiver or target, and move the closing that it had begun.

    An executed row stays as it is.
    """
    if not measure.open:
        return
    mission, receiver = change.mission or measure.mission, change.receiver or measure.receiver
    target = merged(measure.target, change.target)
    void: tuple[int, ...] = ()
    for named in (change.mission, change.receiver):
        if named is not None:
            reading.get(Mission, named).check_open_or(measure.mission)
    closing = _closing(reading, measure)
    if closing is not None and mission != measure.mission:
        _call_off(reading, measure, moment)
    elif closing is not None and receiver != measure.receiver:
        void = redirect(closing, _mission(reading, measure.receiver), _mission(reading, receiver), moment)
        void_signatures(reading.get(Handover, closing.id), closing.id, OTHER_RECEIVER, moment)
    measure.retarget(by, on, mission, receiver, target, void, change.note, moment)


def _closing(reading: Reading, measure: Measure) -> Mission | None:
    """The mission that is closing by this measure."""
    if measure.state is not MeasureState.ORDERED or not measure.closes_mission:
        return None
    return _mission(reading, measure.mission)


def _call_off(reading: Reading, measure: Measure, moment: Moment) -> None:
    mission = _mission(reading, measure.mission)
    assert mission is not None, "an ordered measure has a mission"
    call_off(mission, _mission(reading, measure.receiver), moment)


def _mission(reading: Reading, id: str | None) -> Mission | None:
    return None if id is None else reading.get(Mission, id)
