"""To set the dates of a closing: the mission, its decree and its measure decide together."""

from datetime import date

from services.registry.decree import Decree
from services.registry.measure import Measure
from services.registry.mission.mission import Mission
from services.registry.mission.refusals import DatesBeforeDecree
from services.registry.reading import Reading
from shared.domain import Moment


def set_dates(reading: Reading, mission: Mission, public_on: date, official_on: date, moment: Moment) -> None:
    """Set both closing dates; refuse while a hold covers the measure, and dates before the decree."""
    closing = mission.must_be_closing()
    decree, measure = reading.get(Decree, closing.decree), reading.get(Measure, closing.measure)
    decree.check_executable(measure.listed.article, measure.id)
    assert decree.issued is not None, "it is in force"
    announced_on = decree.issued.announced_on
    if public_on < announced_on:
        raise DatesBeforeDecree(
            mission=mission.id,
            public_on=public_on.isoformat(),
            decree=decree.id,
            announced_on=announced_on.isoformat(),
        )
    mission.set_dates(public_on, official_on, moment)
