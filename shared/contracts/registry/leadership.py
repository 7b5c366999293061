"""Who leads a department, who acts for its head, and under which department it stands."""

from datetime import datetime

from shared.contracts.delegation import Headship, StandIn
from shared.contracts.identity import Token
from shared.contracts.registry.base import RegistryEvent


class DepartmentPlaced(RegistryEvent, type="department.placed"):
    """The department stands under another one from now on, or under none."""

    parent: Token | None
    former: Token | None


class DepartmentHeadAppointed(RegistryEvent, type="department.head-appointed"):
    """The department has a head from a day on, until the head of a later day, who may have been told before.

    The head takes the place of `former`, who led it on that day; who stood in for that one does so no more.
    """

    headship: Headship
    former: str | None
    reference: str


class DepartmentActingHeadNamed(RegistryEvent, type="department.acting-head-named"):
    """Somebody acts as head for a time, with all that the head may do."""

    stand_in: StandIn
    reference: str


class DepartmentDelegated(RegistryEvent, type="department.delegated"):
    """The head lets somebody act for them for a time, in the actions named or in all."""

    stand_in: StandIn
    reference: str


class DepartmentDelegationEnded(RegistryEvent, type="department.delegation-ended"):
    """A delegation, or an acting appointment, ended before its time."""

    key: Token
    ended_at: datetime
