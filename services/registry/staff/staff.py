"""A staff member: posted → reassigned, recalled or separated, by the competent authority."""

from datetime import date, datetime

from services.registry.days import beginning_of
from services.registry.department import Department
from services.registry.mission import Mission
from services.registry.organisation import Organisation
from services.registry.organisation.refusals import NotCompetent
from services.registry.staff import refusals
from services.registry.staff.person import PersonalFile
from services.registry.staff.state import LIFECYCLE, StaffState
from services.registry.staff.term import day_in_utc, overdue_at, term_of
from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.contracts.registry import (
    OverdueGround,
    Provenance,
    StaffOutcome,
    StaffOverdueQualified,
    StaffPosted,
    StaffPostingCapApproaching,
    StaffPostingExtended,
    StaffPostingOverdue,
    StaffReassigned,
    StaffRecalled,
    StaffSeparated,
)
from shared.domain import Moment


class StaffMember(PersonalFile):
    """A person known by a random id and a role; nothing here tells who it is.

    Every beginning and end of a posting is also recorded on the missions concerned, in the same
    command: so a mission itself knows, without asking any view, who is posted there.

    `stepped_on` is the day on which the last posting began or ended, where that is known, `stepped_at` the
    moment as far as it is: the beginning of that day, or later on it. `extended_at` is the effective moment
    of the last extension of the present one, `passed` has the last days of that which are told as overdue.
    """

    kind = "staff"
    lifecycle = LIFECYCLE
    snapshot_version = 5

    state: StaffState = StaffState.UNKNOWN
    mission: str | None = None
    category: str = ""
    authority: str = ""
    stepped_on: date | None = None
    stepped_at: datetime | None = None
    ends_on: date | None = None
    warn_on: date | None = None
    warned: bool = False
    overdue: bool = False
    passed: tuple[date, ...] = ()
    extended_at: datetime | None = None

    def post(
        self,
        mission: Mission,
        category: str,
        authority: Department,
        organisation: Organisation,
        provenance: Provenance,
        moment: Moment,
        *,
        posted_on: date | None,
    ) -> None:
        """Post the person to a mission; `authority` must be the one declared competent for the category.

        `posted_on` is the first day, None where nobody knows it; then no last day is reckoned.
        """
        if self.state is StaffState.POSTED:
            raise refusals.AlreadyPosted(staff=self.id, mission=self.mission)
        if self.state is StaffState.SEPARATED:
            raise refusals.SeparatedFromService(staff=self.id)
        self.check_not_erased()
        competence = organisation.check_competent(self.id, category, authority.id)
        authority.must_exist()
        mission.check_takes_staff(moment)
        self.check_day(moment)
        term = None if posted_on is None else term_of(posted_on, competence)
        self.record(
            StaffPosted(
                mission=mission.id,
                category=category,
                authority=authority.id,
                provenance=provenance,
                posted_on=posted_on,
                ends_on=None if term is None else term.ends_on,
                warn_on=None if term is None else term.warn_on,
            ),
            moment,
        )
        mission.staff_joins(self.id, category, moment)

    def reassign(
        self,
        left: Mission,
        to: Mission,
        by: str,
        reference: str | None,
        organisation: Organisation,
        moment: Moment,
    ) -> None:
        """End the posting at `left` with one at `to`, which has a term of its own."""
        day = self._check_outcome(left, by, moment)
        if to.id == left.id:
            raise refusals.SameMission(staff=self.id, mission=to.id)
        to.check_takes_staff(moment)
        term = term_of(day, organisation.competence_for(self.category))
        self.qualify_overdue(OverdueGround.ENDED, moment)
        self.record(
            StaffReassigned(
                from_mission=left.id,
                mission=to.id,
                category=self.category,
                by=by,
                reference=reference,
                posted_on=day,
                ends_on=term.ends_on,
                warn_on=term.warn_on,
            ),
            moment,
        )
        left.staff_leaves(self.id, StaffOutcome.REASSIGNED, moment)
        to.staff_joins(self.id, self.category, moment)

    def recall(self, left: Mission, by: str, reference: str | None, moment: Moment) -> None:
        """End the posting at `left` with a return to the ministry."""
        day = self._check_outcome(left, by, moment)
        recalled = StaffRecalled(
            mission=left.id, category=self.category, by=by, reference=reference, ended_on=day
        )
        self.qualify_overdue(OverdueGround.ENDED, moment)
        self.record(recalled, moment)
        left.staff_leaves(self.id, StaffOutcome.RECALLED, moment)

    def separate(self, left: Mission, by: str, reference: str | None, moment: Moment) -> None:
        """End the posting at `left` together with the service."""
        day = self._check_outcome(left, by, moment)
        separated = StaffSeparated(
            mission=left.id, category=self.category, by=by, reference=reference, ended_on=day
        )
        self.qualify_overdue(OverdueGround.ENDED, moment)
        self.record(separated, moment)
        left.staff_leaves(self.id, StaffOutcome.SEPARATED, moment)

    @property
    def posted_at(self) -> str:
        """The mission of the present posting; refuses where there is none."""
        self.must_exist()
        if self.mission is None:
            raise refusals.NotPosted(staff=self.id, state=self.state.value)
        return self.mission

    def check_decides(self, by: str) -> None:
        """Refuse another authority than the one that posted."""
        if by != self.authority:
            raise NotCompetent(staff=self.id, by=by, category=self.category, authority=self.authority)

    def _check_outcome(self, left: Mission, by: str, moment: Moment) -> date:
        if self.posted_at != left.id:
            raise refusals.AlreadyPosted(staff=self.id, mission=self.mission)
        self.check_decides(by)
        day = self.check_day(moment)
        moment.must_not_precede(self.extended_at, self.id)
        return day

    def qualify_overdue(self, ground: OverdueGround, moment: Moment) -> None:
        """Put beside each overdue last day what was so before it had passed, and is told after it."""
        assert self.mission is not None, "only a posting ends or is extended"
        for ends_on in self.passed:
            if moment.effective_at < overdue_at(ends_on):
                qualified = StaffOverdueQualified(
                    mission=self.mission,
                    category=self.category,
                    authority=self.authority,
                    ends_on=ends_on,
                    ground=ground,
                    effective_at=moment.effective_at,
                )
                self.record(qualified, moment)

    def check_day(self, moment: Moment) -> date:
        """Return the day of a step; refuse one that is still to come, or of a moment before the last step."""
        moment.must_not_be_ahead()
        if self.stepped_at is not None and moment.effective_at < self.stepped_at:
            raise refusals.PostingOutOfOrder(
                staff=self.id, at=rfc3339(moment.effective_at), last=rfc3339(self.stepped_at)
            )
        return day_in_utc(moment.effective_at)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case StaffPosted():
                self.state = StaffState.POSTED
                self.mission = event.mission
                self.category, self.authority = event.category, event.authority
                self._begin(event)
            case StaffReassigned():
                self.mission = event.mission
                self._begin(event)
            case StaffRecalled():
                self.state = StaffState.RECALLED
                self._end(event)
            case StaffSeparated():
                self.state = StaffState.SEPARATED
                self._end(event)
            case StaffPostingCapApproaching():
                self.warned = True
            case StaffPostingOverdue():
                self.overdue = True
                self.passed = (*self.passed, event.ends_on)
            case StaffPostingExtended():
                self.ends_on, self.warn_on = event.ends_on, event.warn_on
                self.warned = self.overdue = False
                self.extended_at = self.last_effective_at
            case _:
                self.evolve_person(event)

    def _begin(self, event: StaffPosted | StaffReassigned) -> None:
        self._step(event.posted_on)
        self.ends_on, self.warn_on = event.ends_on, event.warn_on
        self.warned = self.overdue = False
        self.passed, self.extended_at = (), None

    def _end(self, event: StaffRecalled | StaffSeparated) -> None:
        self._step(event.ended_on)
        self.mission = self.ends_on = self.warn_on = None
        self.passed = ()

    def _step(self, day: date | None) -> None:
        self.stepped_on = day
        if day is None:
            self.stepped_at = None
        else:
            of_the_day = day_in_utc(self.last_effective_at) == day
            self.stepped_at = self.last_effective_at if of_the_day else beginning_of(day)
