"""To order measures: the row, its decree and its missions decide together, in one command."""

from services.registry.days import beginning_of
from services.registry.decree import Decree
from services.registry.handover import Handover
from services.registry.handover.signing import void_signatures
from services.registry.measure.measure import Measure
from services.registry.measure.state import MeasureState
from services.registry.mission import Mission
from services.registry.reading import Reading, ReadingMany
from shared.domain import Moment, Refusal, Text

OTHER_CLOSING = Text(
    en="The signatures were given for an earlier closing.", ar="أُعطيت التوقيعات عن إقفال سابق."
)
"""Older logs have signatures that outlived a closing which was called off."""


def earliest(reading: Reading, measure: Measure, moment: Moment) -> Moment:
    """The moment, or a later one where what the order follows is later.

    What a decree orders is ordered since the decree binds, or the amendment that added the row or moved it;
    but nobody could carry out what was not identified yet, nor what was held, nor close a mission that was
    not open.
    """
    decree = reading.get(Decree, measure.listed.decree)
    binds_on = decree.row_binds_on(measure.id)
    mission = None if measure.mission is None else reading.get(Mission, measure.mission)
    follows = (
        None if binds_on is None else beginning_of(binds_on),
        measure.known_at,
        mission.stepped_at if mission is not None and measure.closes_mission else None,
    )
    latest = max((at for at in follows if at is not None), default=moment.effective_at)
    free = decree.free_since(max(moment.effective_at, latest), measure.listed.article, measure.id)
    return Moment(moment.recorded_at, free).at_latest_now


def order_as_decreed(reading: Reading, measure: Measure, moment: Moment) -> bool:
    """Order a measure as of `earliest`, as `order` does.

    It is done by itself, and nobody tells that it was done before a hold: while one is open it waits.
    """
    row = measure.listed
    reading.get(Decree, row.decree).must_be_free(row.article, measure.id)
    return order(reading, measure, earliest(reading, measure, moment))


def order(reading: Reading, measure: Measure, moment: Moment) -> bool:
    """Order the measure, and announce the closing of its mission, unsigned, where it closes one.

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
        if mission.was_closing:  # of a first closing nothing is signed, and its ledger need not be loaded
            void_signatures(reading.get(Handover, mission.id), mission.id, OTHER_CLOSING, moment)
    return True


def order_listed(reading: ReadingMany, decree: Decree, moment: Moment) -> tuple[str, ...]:
    """Order every row of a decree that waits for it and can be; return those that were refused.

    Those stay as they are, and do not keep the others back. What follows something later than `moment` is
    ordered as of that.
    """
    measures = [measure for measure in reading.get_all(Measure, decree.measures) if measure.exists]
    named = {id: None for measure in measures for id in (measure.mission, measure.receiver) if id is not None}
    reading.get_all(Mission, named)
    refused = []
    for measure in measures:
        if measure.state is MeasureState.LISTED:
            try:
                order_as_decreed(reading, measure, moment)
            except Refusal:
                refused.append(measure.id)
    return tuple(refused)
