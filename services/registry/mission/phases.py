"""How a closing goes on: announced, without services; and after it: settled, archived."""

from services.registry.decree import Decree
from services.registry.measure import Measure
from services.registry.mission import refusals
from services.registry.mission.mission import Mission
from services.registry.mission.state import MissionState, Phase
from services.registry.reading import Reading
from shared.contracts.registry import (
    MissionAnnounced,
    MissionArchived,
    MissionClosing,
    MissionServicesStopped,
    MissionSettled,
)
from shared.domain import Moment


def announce(reading: Reading, mission: Mission, reference: str, moment: Moment) -> None:
    """Announce the closing to the public, once both dates are set and nothing holds it."""
    closing = mission.must_be_closing()
    _check_free(reading, closing, moment)
    if mission.dates is None:
        raise refusals.DatesFirst(mission=mission.id)
    _check_phase(mission, Phase.PLANNED, Phase.ANNOUNCED)
    mission.must_follow_its_last_step(moment)
    announced = MissionAnnounced(decree=closing.decree, measure=closing.measure, reference=reference)
    mission.record(announced, moment)


def stop_services(reading: Reading, mission: Mission, reference: str, moment: Moment) -> None:
    """Take no new requests of the public any more, once the closing is announced."""
    closing = mission.must_be_closing()
    _check_free(reading, closing, moment)
    _check_phase(mission, Phase.ANNOUNCED, Phase.SERVICES_STOPPED)
    mission.must_follow_its_last_step(moment)
    stopped = MissionServicesStopped(decree=closing.decree, measure=closing.measure, reference=reference)
    mission.record(stopped, moment)


def settle(mission: Mission, reference: str, moment: Moment) -> None:
    """Note the audit of a closed mission's accounts."""
    _must_be(mission, MissionState.CLOSED)
    mission.must_follow_its_last_step(moment)
    closing = mission.closing
    assert closing is not None, "a closed mission was closing"
    settled = MissionSettled(decree=closing.decree, measure=closing.measure, reference=reference)
    mission.record(settled, moment)


def archive(mission: Mission, reference: str, moment: Moment) -> None:
    """Close the file of a settled mission."""
    _must_be(mission, MissionState.SETTLED)
    mission.must_follow_its_last_step(moment)
    closing = mission.closing
    assert closing is not None, "a settled mission was closing"
    archived = MissionArchived(decree=closing.decree, measure=closing.measure, reference=reference)
    mission.record(archived, moment)


def _check_free(reading: Reading, closing: MissionClosing, moment: Moment) -> None:
    article = reading.get(Measure, closing.measure).listed.article
    reading.get(Decree, closing.decree).check_executable(article, closing.measure, moment)


def _check_phase(mission: Mission, wanted: Phase, following: Phase) -> None:
    if mission.phase is not wanted:
        phase = None if mission.phase is None else mission.phase.value
        raise refusals.OutOfPhase(mission=mission.id, phase=phase, following=following.value)


def _must_be(mission: Mission, state: MissionState) -> None:
    mission.must_exist()
    if mission.state is not state:
        raise refusals.MissionInOtherState(mission=mission.id, state=mission.state.value, wanted=state.value)
