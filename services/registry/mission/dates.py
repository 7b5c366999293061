"""The dates of a closing: to set them mission, decree and measure decide together, and it closes by them."""

from datetime import date

from services.registry.days import first_moment_of
from services.registry.decree import Decree
from services.registry.measure import Measure
from services.registry.mission import refusals
from services.registry.mission.mission import Mission
from services.registry.reading import Reading
from shared.contracts.meta import rfc3339
from shared.contracts.registry import HOST_NOTIFIED, MissionDatesSet
from shared.domain import Moment
from shared.domain.refused_alike import DatesAcknowledged


def check_its_day_has_come(mission: Mission, official_on: date, moment: Moment) -> None:
    """Refuse a closing before its official date; that begins where on Earth a day begins first."""
    if moment.effective_at < first_moment_of(official_on):
        raise refusals.ClosesBeforeItsDate(
            mission=mission.id, official_on=official_on.isoformat(), at=rfc3339(moment.effective_at)
        )


def set_dates(reading: Reading, mission: Mission, public_on: date, official_on: date, moment: Moment) -> None:
    """Set both closing dates; setting them again as they are changes nothing.

    `official_on` is the official closing date T of the timetable. Refuses while a hold covers the measure,
    dates before the decree or out of order, and others than the host State has acknowledged.
    """
    closing = mission.must_be_closing()
    decree, measure = reading.get(Decree, closing.decree), reading.get(Measure, closing.measure)
    decree.check_executable(measure.listed.article, measure.id, moment)
    assert decree.issued is not None, "it is in force"
    announced_on = decree.issued.announced_on
    if public_on < announced_on:
        raise refusals.DatesBeforeDecree(
            mission=mission.id,
            public_on=public_on.isoformat(),
            decree=decree.id,
            announced_on=announced_on.isoformat(),
        )
    if public_on > official_on:
        raise refusals.DatesOutOfOrder(
            mission=mission.id, public_on=public_on.isoformat(), official_on=official_on.isoformat()
        )
    wanted = MissionDatesSet(
        decree=closing.decree, measure=closing.measure, public_on=public_on, official_on=official_on
    )
    if wanted == mission.dates:
        return
    if mission.dates_notified:
        raise DatesAcknowledged(
            mission=mission.id, evidence=", ".join(mission.evidence[HOST_NOTIFIED].evidence)
        )
    for last in (mission.closing_at, mission.dated_at):
        moment.must_not_precede(last, mission.id)
    mission.record(wanted, moment)
