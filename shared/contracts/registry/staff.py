"""Postings and their ends."""

from shared.contracts.identity import Token
from shared.contracts.registry.base import Provenance, RegistryEvent


class StaffPosted(RegistryEvent, type="staff.posted"):
    """A person, known by role only, was posted. `authority` alone may end the posting."""

    mission: Token
    category: Token
    authority: Token
    provenance: Provenance


class StaffReassigned(RegistryEvent, type="staff.reassigned"):
    """A posting at `from_mission` ended with a posting at `mission`, by decision of `by`."""

    from_mission: Token
    mission: Token
    category: Token
    by: Token
    reference: str | None = None


class StaffRecalled(RegistryEvent, type="staff.recalled"):
    """A posting at `mission` ended with a return to the ministry, by decision of `by`."""

    mission: Token
    category: Token
    by: Token
    reference: str | None = None


class StaffSeparated(RegistryEvent, type="staff.separated"):
    """A posting at `mission` ended together with the service, by decision of `by`."""

    mission: Token
    category: Token
    by: Token
    reference: str | None = None
