"""Staff: people by role, posted to one mission at a time; who they are is sealed and can be erased."""

from services.registry.staff.staff import StaffMember
from services.registry.staff.state import StaffState

__all__ = ["StaffMember", "StaffState"]
