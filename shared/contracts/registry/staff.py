"""Postings and their ends."""

from datetime import date

from shared.contracts.identity import Token
from shared.contracts.registry.base import Provenance, RegistryEvent


class StaffPosted(RegistryEvent, type="staff.posted"):
    """A person, known by role only, was posted. `authority` alone may end the posting.

    `posted_on` is its first day, where that is known, and `ends_on` its last one, where the category has a
    cap and the first day is known; from `warn_on` on the last day is near.
    """

    mission: Token
    category: Token
    authority: Token
    provenance: Provenance
    posted_on: date | None = None
    ends_on: date | None = None
    warn_on: date | None = None


class StaffReassigned(RegistryEvent, type="staff.reassigned"):
    """A posting at `from_mission` ended with a posting at `mission`, by decision of `by`.

    The new posting begins on `posted_on` and has a term of its own.
    """

    from_mission: Token
    mission: Token
    category: Token
    by: Token
    reference: str | None = None
    posted_on: date | None = None
    ends_on: date | None = None
    warn_on: date | None = None


class StaffRecalled(RegistryEvent, type="staff.recalled"):
    """A posting at `mission` ended with a return to the ministry, by decision of `by`."""

    mission: Token
    category: Token
    by: Token
    reference: str | None = None
    ended_on: date | None = None


class StaffSeparated(RegistryEvent, type="staff.separated"):
    """A posting at `mission` ended together with the service, by decision of `by`."""

    mission: Token
    category: Token
    by: Token
    reference: str | None = None
    ended_on: date | None = None
