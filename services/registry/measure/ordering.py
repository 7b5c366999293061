"""To order measures: the row, its decree and its missions decide together, in one command."""

from services.registry.decree import Decree
from services.registry.measure.measure import Measure
from services.registry.measure.state import MeasureState
from services.registry.mission import Mission
from services.registry.reading import Reading, ReadingMany
from shared.domain import Moment, Refusal


def order(reading: Reading, measure: Measure, moment: Moment) -> bool:
    """Order the measure, and announce the closing of its mission where it closes one.

    Returns whether it is ordered; otherwise it is blocked by what its row leaves unknown. Refuses
    where its decree or its missions do not allow it.
    """
    decree = reading.get(Decree, measure.listed.decree)
    mission = None if measure.mission is None else reading.get(Mission, measure.mission)
    receiver = None if measure.receiver is None else reading.get(Mission, measure.receiver)
    for named in (mission, receiver):
        if named is not None:
            named.must_exist()
    closes = measure.check_order(decree, moment) is None and measure.closes_mission
    if closes and mission is not None:
        mission.check_closing(receiver, moment)
    host = None if mission is None else mission.host
    if not measure.order(decree, moment, host):
        return False
    if closes and mission is not None:
        mission.announce_closing(decree.id, measure.id, receiver, moment)
    return True


def order_listed(reading: ReadingMany, decree: Decree, moment: Moment) -> tuple[str, ...]:
    """Order every row of a decree that waits for it and can be; return those that were refused.

    Those stay as they are, and do not keep the others back.
    """
    measures = [measure for measure in reading.get_all(Measure, decree.measures) if measure.exists]
    named = {id: None for measure in measures for id in (measure.mission, measure.receiver) if id is not None}
    reading.get_all(Mission, named)
    refused = []
    for measure in measures:
        if measure.state is MeasureState.LISTED:
            try:
                order(reading, measure, moment)
            except Refusal:
                refused.append(measure.id)
    return tuple(refused)
