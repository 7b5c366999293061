"""Who may take what a mission hands over: a department, or another mission that is open."""

from services.registry.department import Department
from services.registry.handover import refusals
from services.registry.mission import Mission
from services.registry.reading import Reading
from shared.domain import NotFound


def check_keeper(reading: Reading, leaving: Mission, keeper: str) -> None:
    """Refuse whoever is neither a known department nor another mission that is open."""
    if reading.get(Department, keeper).exists:
        return
    mission = reading.get(Mission, keeper)
    if not mission.exists:
        raise NotFound(kind="department", id=keeper)
    must_be_another(leaving, mission)


def must_be_another(leaving: Mission, other: Mission) -> None:
    """Refuse the mission itself, and one that is not open: it could not look after anything for long."""
    if other.id == leaving.id:
        raise refusals.OwnSuccessor(mission=leaving.id)
    other.check_open()
