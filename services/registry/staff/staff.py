"""A staff member: posted → reassigned, recalled or separated, by the competent authority."""

from enum import StrEnum

from services.registry.department import Department
from services.registry.mission import Mission
from services.registry.organisation import Organisation
from services.registry.organisation.refusals import NotCompetent
from services.registry.staff import refusals
from services.registry.staff.person import PersonalFile
from shared.contracts.event import Event
from shared.contracts.registry import (
    Provenance,
    StaffOutcome,
    StaffPosted,
    StaffReassigned,
    StaffRecalled,
    StaffSeparated,
)
from shared.domain import Moment


class StaffState(StrEnum):
    """Where a staff member stands."""

    UNKNOWN = "unknown"
    POSTED = "posted"
    RECALLED = "recalled"
    SEPARATED = "separated"


class StaffMember(PersonalFile):
    """A person known by a random id and a role; nothing here tells who it is.

    Every beginning and end of a posting is also recorded on the missions concerned, in the same
    command: so a mission itself knows, without asking any view, who is posted there.
    """

    kind = "staff"
    snapshot_version = 2

    state: StaffState = StaffState.UNKNOWN
    mission: str | None = None
    category: str = ""
    authority: str = ""

    def post(
        self,
        mission: Mission,
        category: str,
        authority: Department,
        organisation: Organisation,
        provenance: Provenance,
        moment: Moment,
    ) -> None:
        """Post the person to a mission; `authority` must be the one declared competent for the category."""
        if self.state is StaffState.POSTED:
            raise refusals.AlreadyPosted(staff=self.id, mission=self.mission)
        if self.state is StaffState.SEPARATED:
            raise refusals.SeparatedFromService(staff=self.id)
        self.check_not_erased()
        organisation.check_competent(self.id, category, authority.id)
        authority.must_exist()
        mission.check_takes_staff()
        self.record(
            StaffPosted(mission=mission.id, category=category, authority=authority.id, provenance=provenance),
            moment,
        )
        mission.staff_joins(self.id, category, moment)

    def reassign(self, left: Mission, to: Mission, by: str, reference: str | None, moment: Moment) -> None:
        """End the posting at `left` with one at `to`."""
        self._check_outcome(left, by)
        if to.id == left.id:
            raise refusals.SameMission(staff=self.id, mission=to.id)
        to.check_takes_staff()
        self.record(
            StaffReassigned(
                from_mission=left.id, mission=to.id, category=self.category, by=by, reference=reference
            ),
            moment,
        )
        left.staff_leaves(self.id, StaffOutcome.REASSIGNED, moment)
        to.staff_joins(self.id, self.category, moment)

    def recall(self, left: Mission, by: str, reference: str | None, moment: Moment) -> None:
        """End the posting at `left` with a return to the ministry."""
        self._check_outcome(left, by)
        self.record(
            StaffRecalled(mission=left.id, category=self.category, by=by, reference=reference), moment
        )
        left.staff_leaves(self.id, StaffOutcome.RECALLED, moment)

    def separate(self, left: Mission, by: str, reference: str | None, moment: Moment) -> None:
        """End the posting at `left` together with the service."""
        self._check_outcome(left, by)
        self.record(
            StaffSeparated(mission=left.id, category=self.category, by=by, reference=reference), moment
        )
        left.staff_leaves(self.id, StaffOutcome.SEPARATED, moment)

    @property
    def posted_at(self) -> str:
        """The mission of the present posting; refuses where there is none."""
        self.must_exist()
        if self.mission is None:
            raise refusals.NotPosted(staff=self.id, state=self.state.value)
        return self.mission

    def _check_outcome(self, left: Mission, by: str) -> None:
        if self.posted_at != left.id:
            raise refusals.AlreadyPosted(staff=self.id, mission=self.mission)
        if by != self.authority:
            raise NotCompetent(staff=self.id, by=by, category=self.category, authority=self.authority)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case StaffPosted():
                self.state = StaffState.POSTED
                self.mission = event.mission
                self.category, self.authority = event.category, event.authority
            case StaffReassigned():
                self.mission = event.mission
            case StaffRecalled():
                self.state, self.mission = StaffState.RECALLED, None
            case StaffSeparated():
                self.state, self.mission = StaffState.SEPARATED, None
            case _:
                self.evolve_person(event)
