"""To identify what a row left unknown: the row and the missions named decide together."""

from services.registry.decree import Decree
from services.registry.measure.measure import Measure
from services.registry.mission import Mission
from services.registry.reading import Reading
from shared.contracts.registry import Confidence, MeasureKind, Target
from shared.domain import Moment


def identify(
    reading: Reading,
    measure: Measure,
    mission: str | None,
    receiver: str | None,
    confidence: Confidence,
    source: str,
    moment: Moment,
    target: Target | None = None,
) -> None:
    """Identify the mission, the receiver or both; refuse missions that could not be ordered any more."""
    reading.get(Decree, measure.listed.decree).must_be_announced_by(moment)
    if mission is not None and measure.closes_mission:
        reading.get(Mission, mission).check_may_close()
    elif mission is not None and measure.listed.measure_kind is not MeasureKind.OPEN:
        reading.get(Mission, mission).check_open()
    if receiver is not None:
        reading.get(Mission, receiver).check_open()
    measure.identify(mission, receiver, confidence, source, moment, target)
