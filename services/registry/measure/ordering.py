"""To order a measure: the row, its decree and its missions decide together, in one command."""

from services.registry.decree import Decree
from services.registry.measure.measure import Measure
from services.registry.mission import Mission
from services.registry.reading import Reading
from shared.domain import Moment


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
    if not measure.order(decree, moment):
        return False
    if measure.closes_mission and mission is not None:
        mission.announce_closing(decree.id, measure.id, receiver, moment)
    return True
