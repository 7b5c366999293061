"""What measures do to a mission that goes on: open or reopen it, change its kind, city or posts."""

from services.registry.handover import Handover
from services.registry.handover.signing import begin_anew
from services.registry.measure import Measure
from services.registry.mission import Mission, MissionState, refusals
from services.registry.mission.state import OVER
from services.registry.reading import Reading
from shared.contracts.registry import (
    MeasureKind,
    MissionEstablishmentCut,
    MissionKind,
    MissionKindChanged,
    MissionOpened,
    MissionRelocated,
    MissionReopened,
)
from shared.domain import Moment

RANK = {
    MissionKind.EMBASSY: 3,
    MissionKind.PERMANENT_MISSION: 3,
    MissionKind.CONSULATE_GENERAL: 2,
    MissionKind.CONSULATE: 1,
    MissionKind.LIAISON_OFFICE: 1,
    MissionKind.ATTACHE_OFFICE: 0,
}
"""Which kind is above which, as far as that is said: a downgrade does not lead upwards."""


def carry_out(reading: Reading, measure: Measure, moment: Moment) -> None:
    """Let an ordered measure have its effect on its mission; for measures that close none."""
    assert measure.mission is not None, "it was ordered"
    mission = reading.get(Mission, measure.mission).must_exist()
    match measure.listed.measure_kind:
        case MeasureKind.OPEN:
            _open(reading, measure, mission, moment)
        case MeasureKind.DOWNGRADE | MeasureKind.UPGRADE:
            _change_kind(measure, mission, moment)
        case MeasureKind.RELOCATE:
            _relocate(measure, mission, moment)
        case MeasureKind.REDUCE_STAFF:
            _cut(measure, mission, moment)


def _open(reading: Reading, measure: Measure, mission: Mission, moment: Moment) -> None:
    by = {"decree": measure.listed.decree, "measure": measure.id}
    if mission.state is MissionState.PLANNED:
        mission.record(MissionOpened(**by), moment)
    elif mission.state in OVER:
        mission.must_follow_its_last_step(moment)
        mission.record(MissionReopened(**by), moment)
        begin_anew(reading.get(Handover, mission.id), mission.id, moment)
    else:
        raise refusals.AlreadyThere(mission=mission.id, state=mission.state.value)


def _change_kind(measure: Measure, mission: Mission, moment: Moment) -> None:
    mission.check_open()
    target = measure.target.mission_kind if measure.target else None
    former = mission.mission_kind
    assert target is not None and former is not None, "it was ordered, and the mission registered"
    upwards = measure.listed.measure_kind is MeasureKind.UPGRADE
    change = RANK[target] - RANK[former]
    if target is former or (change < 0 if upwards else change > 0):
        raise refusals.NotThatWay(
            mission=mission.id,
            former=former.value,
            mission_kind=target.value,
            measure_kind=measure.listed.measure_kind.value,
        )
    changed = MissionKindChanged(
        decree=measure.listed.decree, measure=measure.id, former=former, mission_kind=target
    )
    mission.record(changed, moment)


def _relocate(measure: Measure, mission: Mission, moment: Moment) -> None:
    mission.check_open()
    city, former = measure.target.city if measure.target else None, mission.city
    assert city is not None and former is not None, "it was ordered, and the mission registered"
    if city == former:
        raise refusals.AlreadyInThatCity(mission=mission.id)
    moved = MissionRelocated(decree=measure.listed.decree, measure=measure.id, former=former, city=city)
    mission.record(moved, moment)


def _cut(measure: Measure, mission: Mission, moment: Moment) -> None:
    mission.check_open()
    posts = measure.target.posts if measure.target else None
    assert posts is not None, "it was ordered"
    if len(mission.posted) > posts:
        raise refusals.MorePostedThanPosts(mission=mission.id, posted=len(mission.posted), posts=posts)
    cut = MissionEstablishmentCut(
        decree=measure.listed.decree, measure=measure.id, former=mission.posts, posts=posts
    )
    mission.record(cut, moment)
