"""A mission: what it is, who is posted there, and how far its closing has come."""

from dataclasses import field
from datetime import datetime

from services.registry.mission import refusals
from services.registry.mission.representing import check_each_once, each_once
from services.registry.mission.state import LIFECYCLE, MissionState, Phase
from shared.contracts import registry as said
from shared.contracts.event import Event
from shared.contracts.meta import rfc3339
from shared.contracts.registry import HOST_NOTIFIED, MissionKind
from shared.domain import Aggregate, Moment, Text


class Mission(Aggregate):
    """A mission abroad (``emb-va``), with the people posted there and what its closing still needs.

    Who is posted is part of the mission's own history: a posting and its end write to the person's
    stream and to the mission's in one command. A closing therefore conflicts with every posting,
    outcome and hold that lands while it is decided, and needs no view to know whom to ask about.
    In the same way a receiver's own history tells who is merging into it (`receives`, by measure). `left` has
    the outcomes of those whose postings ended during the present closing or since, `gained` the States that
    it answers for instead of a closed mission, `reserved` the conditions that were not met when it closed.
    `stepped_at` is the effective moment of its last step from one state or phase to another, `closing_at`
    that of the order by which it closes. `evidenced_at` and `waived_at` (by condition), `dated_at`,
    `redirected_at` and `left_at` are those since which the conditions of the closing hold: of evidence,
    waivers, dates, another receiver, and of the last posting that ended. `was_closing` has the spans of
    closings that were called off, or after which it was opened again, `reopened_at` the moment of the latter.
    """

    kind = "mission"
    snapshot_version = 6
    lifecycle = LIFECYCLE

    state: MissionState = MissionState.UNKNOWN
    registered: said.MissionRegistered | None = None
    closing: said.MissionClosing | None = None
    dates: said.MissionDatesSet | None = None
    evidence: dict[int, said.MissionConditionEvidenced] = field(default_factory=dict)
    posted: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    receives: dict[str, str] = field(default_factory=dict)
    phase: Phase | None = None
    waivers: dict[int, said.MissionConditionWaived] = field(default_factory=dict)
    reserved: tuple[int, ...] = ()
    mission_kind: MissionKind | None = None
    city: Text | None = None
    posts: int | None = None
    gained: tuple[str, ...] = ()
    stepped_at: datetime | None = None
    closing_at: datetime | None = None
    evidenced_at: dict[int, datetime] = field(default_factory=dict)
    waived_at: dict[int, datetime] = field(default_factory=dict)
    dated_at: datetime | None = None
    redirected_at: datetime | None = None
    left_at: datetime | None = None
    was_closing: tuple[tuple[datetime, datetime], ...] = ()
    reopened_at: datetime | None = None

    @property
    def host(self) -> str | None:
        """The country where it stands (ISO 3166-1 alpha-2)."""
        return None if self.registered is None else self.registered.host

    @property
    def states(self) -> tuple[str, ...]:
        """The States that it answers for (ISO 3166-1 alpha-2): its host, and where it is accredited."""
        if self.registered is None:
            return ()
        return (self.registered.host, *self.registered.accreditations, *self.gained)

    def register(self, description: said.MissionRegistered, moment: Moment) -> None:
        """Make the mission known, open. Registering it again as it is changes nothing."""
        if self.registered == each_once(description):
            return
        if self.exists:
            raise refusals.MissionKnownOtherwise(mission=self.id)
        check_each_once(self.id, description)
        self.record(description, moment)

    def check_open(self) -> None:
        """Refuse unless the mission is open."""
        self.must_exist()
        if self.state is not MissionState.OPEN:
            raise refusals.MissionNotOpen(mission=self.id, state=self.state.value)

    def check_open_or(self, named: str | None) -> None:
        """Refuse unless the mission is open, or is the one named."""
        if self.must_exist().id != named:
            self.check_open()

    def check_takes_staff(self, moment: Moment) -> None:
        """Refuse a posting as of a moment at which the mission was closing, and any to one that is closed.

        Who was there before the closing began is entered while it goes on, and counts for its condition 5.
        Who was there before the mission closed is not entered, neither then nor once it is open again: with
        a posting that goes on since then it would have closed without that condition.
        """
        self.must_exist()
        at, since = moment.effective_at, self.closing_at
        before = self.state is MissionState.CLOSING and since is not None and at < since
        if self.state is not MissionState.OPEN and not before:
            raise refusals.NoPostingThere(mission=self.id, state=self.state.value)
        if any(began <= at < ended for began, ended in self.was_closing):
            raise refusals.NoPostingThere(mission=self.id, state=MissionState.CLOSING.value)
        if self.reopened_at is not None and at < self.reopened_at:
            raise refusals.ClosedSinceThen(
                mission=self.id, at=rfc3339(at), reopened_at=rfc3339(self.reopened_at)
            )
        if self.posts is not None and len(self.posted) >= self.posts:
            raise refusals.EstablishmentFull(mission=self.id, posts=self.posts)

    def staff_joins(self, staff: str, category: str, moment: Moment) -> None:
        """Note a posting that begins; the staff member decides, and asks `check_takes_staff` first."""
        self.record(said.MissionStaffJoined(staff=staff, category=category), moment)

    def staff_leaves(self, staff: str, outcome: said.StaffOutcome, moment: Moment) -> None:
        """Note a posting that ends; the staff member decides."""
        self.record(said.MissionStaffLeft(staff=staff, outcome=outcome), moment)

    def check_may_close(self) -> None:
        """Refuse to begin the closing unless it is open and nobody is merging into it."""
        self.check_open()
        if self.receives:
            raise refusals.StillReceiving(mission=self.id, merging=", ".join(sorted(self.receives.values())))

    def check_closing(self, receiver: "Mission | None", moment: Moment) -> None:
        """Refuse as `announce_closing` does."""
        self.check_may_close()
        if receiver is not None:
            receiver.check_open()
        self.must_follow_its_last_step(moment)

    def announce_closing(self, decree: str, measure: str, receiver: "Mission | None", moment: Moment) -> None:
        """Begin to close, into `receiver` where the measure merges; both must be open."""
        self.check_closing(receiver, moment)
        into = None if receiver is None else receiver.id
        self.record(said.MissionClosing(decree=decree, measure=measure, receiver=into), moment)
        if receiver is not None:
            receiver.record(
                said.MissionReceiving(decree=decree, measure=measure, from_mission=self.id),
                moment,
            )

    def must_follow_its_last_step(self, moment: Moment) -> None:
        """Refuse a step that is said to be earlier than the one before it."""
        moment.must_not_precede(self.stepped_at, self.id)

    @property
    def dates_notified(self) -> bool:
        """Whether the host's note was accepted for the very dates that are set."""
        note, dates = self.evidence.get(HOST_NOTIFIED), self.dates
        if note is None or dates is None:
            return False
        return (note.public_on, note.official_on) == (dates.public_on, dates.official_on)

    def finish_closing(self, reservations: tuple[said.Reservation, ...], moment: Moment) -> None:
        """Become closed; for `closing.close` alone, which asks every condition first."""
        closing, dates, known = self.must_be_closing(), self.dates, self.registered
        assert dates is not None and known is not None, "no mission closes without its dates"
        self.must_follow_its_last_step(moment)
        self.record(
            said.MissionClosed(
                decree=closing.decree,
                measure=closing.measure,
                successor=closing.receiver,
                public_on=dates.public_on,
                official_on=dates.official_on,
                accreditations=self.states,
                reservations=reservations,
            ),
            moment,
        )

    def absorb(self, closed: "Mission", moment: Moment) -> None:
        """Note that `closed` has closed into this mission; for `closing.close` alone."""
        closing = closed.closing
        assert closing is not None and closing.measure in self.receives, "its order was told here too"
        self.record(
            said.MissionAbsorbed(decree=closing.decree, measure=closing.measure, from_mission=closed.id),
            moment,
        )

    def must_be_closing(self) -> said.MissionClosing:
        """Return what announced its closing; refuse where it is not closing."""
        self.must_exist()
        if self.state is not MissionState.CLOSING or self.closing is None:
            raise refusals.MissionNotClosing(mission=self.id, state=self.state.value)
        return self.closing

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        before = (self.state, self.phase)
        self._evolve(event)
        if before != (self.state, self.phase) and not isinstance(event, said.MissionRegistered):
            self.stepped_at = self.last_effective_at

    def _evolve(self, event: Event) -> None:
        match event:
            case said.MissionRegistered():
                self.registered = each_once(event)
                self.state = MissionState.PLANNED if event.planned else MissionState.OPEN
                self.mission_kind, self.city, self.posts = event.mission_kind, event.city, event.posts
            case said.MissionOpened():
                self.state = MissionState.OPEN
            case said.MissionReopened():
                self.state, self.gained = MissionState.OPEN, ()
                self._forget_closing()
                self.reopened_at = self.last_effective_at
            case said.MissionKindChanged():
                self.mission_kind = event.mission_kind
            case said.MissionRelocated():
                self.city = event.city
            case said.MissionEstablishmentCut():
                self.posts = event.posts
            case said.MissionAccredited():
                self.gained = (*self.gained, event.state)
            case said.MissionStaffJoined():
                self.posted[event.staff] = event.category
            case said.MissionStaffLeft():
                del self.posted[event.staff]
                self.left_at = max(self.left_at or self.last_effective_at, self.last_effective_at)
                if self.closing is not None:
                    self.left[event.staff] = event.outcome.value
            case said.MissionReceiving():
                self.receives[event.measure] = event.from_mission
            case said.MissionAbsorbed() | said.MissionReceivingEnded():
                del self.receives[event.measure]
            case _:
                self._evolve_closing(event)

    def _evolve_closing(self, event: Event) -> None:
        match event:
            case said.MissionClosing():
                self.state, self.closing, self.phase = MissionState.CLOSING, event, Phase.PLANNED
                self.closing_at = self.last_effective_at
            case said.MissionAnnounced():
                self.phase = Phase.ANNOUNCED
            case said.MissionServicesStopped():
                self.phase = Phase.SERVICES_STOPPED
            case said.MissionDatesSet():
                self.dates, self.dated_at = event, self.last_effective_at
            case said.MissionConditionEvidenced():
                self.evidence[event.condition] = event
                self.evidenced_at[event.condition] = self.last_effective_at
            case said.MissionConditionWaived():
                self.waivers[event.condition] = event
                self.waived_at[event.condition] = self.last_effective_at
            case said.MissionRetargeted():
                self.closing = self.must_be_closing().model_copy(update={"receiver": event.receiver})
                self.evidence = {n: shown for n, shown in self.evidence.items() if n not in event.void}
                self.waivers = {n: one for n, one in self.waivers.items() if n not in event.waivers_void}
                self.redirected_at = self.last_effective_at
            case said.MissionClosingCancelled():
                self.state = MissionState.OPEN
                self._forget_closing()
            case said.MissionClosed():
                self.state = MissionState.CLOSED
                self.reserved = tuple(one.condition for one in event.reservations)
            case said.MissionSettled():
                self.state = MissionState.SETTLED
            case said.MissionArchived():
                self.state = MissionState.ARCHIVED

    def _forget_closing(self) -> None:
        if self.closing_at is not None:
            self.was_closing = (*self.was_closing, (self.closing_at, self.last_effective_at))
        self.closing = self.dates = self.phase = None
        self.closing_at = self.dated_at = self.redirected_at = None
        self.evidence, self.waivers, self.left, self.reserved = {}, {}, {}, ()
        self.evidenced_at, self.waived_at = {}, {}
