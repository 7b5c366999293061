"""Everything that the decision to close looks at, read in one command."""

from dataclasses import dataclass
from datetime import datetime

from services.registry.decree import Decree
from services.registry.handover import Handover
from services.registry.measure import Measure
from services.registry.mission import Mission
from services.registry.mission.refusals import MissionNotClosing
from services.registry.organisation import MINISTRY, Organisation
from services.registry.reading import Reading
from services.registry.staff import StaffMember
from shared.contracts.registry import Succession


@dataclass(frozen=True)
class ClosingFacts:
    """A mission, and all that belongs to its closing; `heirs` are the missions that take States of it.

    Where nothing else is settled for a State, the receiver takes it. `at` is the moment of which the closing
    is said to be, None where it is asked for now: by it the holds are judged.
    """

    mission: Mission
    measure: Measure
    decree: Decree
    receiver: Mission | None
    present: tuple[StaffMember, ...]
    handover: Handover
    organisation: Organisation
    heirs: dict[str, Mission]
    at: datetime | None = None


def gather(reading: Reading, mission: Mission) -> ClosingFacts:
    """Read what the closing of `mission` depends on; refuse where no closing is announced."""
    mission.must_exist()
    closing = mission.closing
    if closing is None:
        raise MissionNotClosing(mission=mission.id, state=mission.state.value)
    receiver = None if closing.receiver is None else reading.get(Mission, closing.receiver)
    handover = reading.get(Handover, mission.id)
    return ClosingFacts(
        mission=mission,
        measure=reading.get(Measure, closing.measure),
        decree=reading.get(Decree, closing.decree),
        receiver=receiver,
        present=tuple(reading.get(StaffMember, staff) for staff in sorted(mission.posted)),
        handover=handover,
        organisation=reading.get(Organisation, MINISTRY),
        heirs=_heirs(reading, mission, handover, receiver),
    )


def _heirs(
    reading: Reading, mission: Mission, handover: Handover, receiver: Mission | None
) -> dict[str, Mission]:
    heirs = {}
    for state in mission.states:
        settled = handover.states.get(state)
        if settled is None:
            heir = receiver
        elif settled.succession is Succession.SUCCESSOR and settled.successor is not None:
            heir = reading.get(Mission, settled.successor)
        else:
            heir = None
        if heir is not None:
            heirs[state] = heir
    return heirs
