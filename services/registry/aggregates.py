"""Every aggregate that the registry owns."""

from services.registry.decree import Decree
from services.registry.department import Department
from services.registry.document import Document
from services.registry.handover import Handover
from services.registry.measure import Measure
from services.registry.mission import Mission
from services.registry.organisation import Organisation
from services.registry.staff import StaffMember
from shared.domain import Aggregate

AGGREGATES: tuple[type[Aggregate], ...] = (
    Decree,
    Department,
    Document,
    Handover,
    Measure,
    Mission,
    Organisation,
    StaffMember,
)
