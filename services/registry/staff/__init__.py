"""Staff: people by role only, posted to one mission at a time."""

from services.registry.staff.staff import StaffMember, StaffState

__all__ = ["StaffMember", "StaffState"]
