"""A staff member as a person: recorded → corrected → erased. The state holds no personal data nor tokens."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum

from services.registry.staff import refusals
from shared.contracts.event import Event
from shared.contracts.registry import ErasureReason, StaffErased, StaffPersonRecorded
from shared.domain import Aggregate, Moment

FIELDS = StaffPersonRecorded.sealed_fields
"""What may be recorded of a person, by name."""

Seal = Callable[[str, int, str, str], str]
"""Seals a text for a stream, a version and a field; the same arguments give the same token."""


class PersonalData(StrEnum):
    """Whether personal data is there."""

    NONE = "none"
    RECORDED = "recorded"
    ERASED = "erased"


def is_born(details: Mapping[str, str], moment: Moment) -> bool:
    """Whether the birthday that is told, if any, has come."""
    return "born_on" not in details or date.fromisoformat(details["born_on"]) <= moment.latest_day


class PersonalFile(Aggregate):
    """The part of a staff member that knows where their personal data is: in which event of their stream."""

    personal_data: PersonalData = PersonalData.NONE
    recorded_in: int = 0
    """Version of the last event with personal data; 0 where there is none."""

    def record_person(self, details: Mapping[str, str], seal: Seal, moment: Moment) -> None:
        """Record personal data, or correct it: `details` by field is all that is known from now on."""
        self.check_recordable()
        if not is_born(details, moment):
            raise refusals.NotBornYet(staff=self.id)
        version = self.version + 1
        tokens = {field: seal(self.stream, version, field, text) for field, text in details.items()}
        self.record(StaffPersonRecorded(**tokens), moment)

    def check_recordable(self) -> None:
        """Refuse where nothing can be recorded of the person."""
        self.must_exist()
        self.check_not_erased()

    def check_not_erased(self) -> None:
        """Refuse where the person was erased."""
        if self.personal_data is PersonalData.ERASED:
            raise refusals.StaffMemberErased(staff=self.id)

    def erase(self, posted_to: str | None, reason: ErasureReason, basis: str, moment: Moment) -> None:
        """Erase personal data for good; refused while the person is posted to a mission."""
        self.check_recordable()
        if self.personal_data is PersonalData.NONE:
            raise refusals.NothingToErase(staff=self.id)
        if posted_to is not None:
            raise refusals.StillPosted(staff=self.id, mission=posted_to)
        self.record(StaffErased(reason=reason, basis=basis), moment)

    def erase_again(self, reason: ErasureReason, basis: str, by: str | None, moment: Moment) -> None:
        """Record an erasure that the log lost in a restore: by whom, and as of the moment of before.

        The key is destroyed since then, whatever the state says.
        """
        if self.exists and self.personal_data is not PersonalData.ERASED:
            erased = StaffErased(reason=reason, basis=basis, erased_by=by)
            self.record(erased, moment.at_latest_now)

    def evolve_person(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case StaffPersonRecorded():
                self.personal_data, self.recorded_in = PersonalData.RECORDED, self.version + 1
            case StaffErased():
                self.personal_data = PersonalData.ERASED
