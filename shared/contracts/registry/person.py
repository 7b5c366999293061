"""What is known of a staff member as a person, sealed; and that it was erased."""

from enum import StrEnum

from shared.contracts.registry.base import RegistryEvent
from shared.contracts.sealed import Sealed


class ErasureReason(StrEnum):
    """Why a person's data was erased: no free text, which might say again what is erased."""

    RETENTION_ENDED = "retention-ended"
    REQUESTED = "requested"
    UNLAWFUL = "unlawful"
    COURT_ORDER = "court-order"


class StaffPersonRecorded(RegistryEvent, type="staff.person-recorded"):
    """Personal data was recorded or corrected: all of it as it is from now on, sealed; none on the wire."""

    name_arabic: Sealed = None
    name_latin: Sealed = None
    born_on: Sealed = None
    national_number: Sealed = None
    passport_number: Sealed = None
    passport_expires_on: Sealed = None
    email: Sealed = None
    phone: Sealed = None


class StaffErased(RegistryEvent, type="staff.erased"):
    """Personal data was erased for good; `basis` is the number of the decision or letter that demands it.

    `erased_by` is the subject of whoever erased, where what a log lost in a restore is recorded again.
    """

    reason: ErasureReason
    basis: str
    erased_by: str | None = None
