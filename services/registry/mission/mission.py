"""A mission: open → closing → closed."""

from dataclasses import field
from datetime import date

from services.registry.mission import refusals
from services.registry.mission.conditions import CONDITIONS, HOST_NOTIFIED
from services.registry.mission.state import MissionState
from shared.contracts.event import Event
from shared.contracts.registry import (
    MissionAbsorbed,
    MissionClosed,
    MissionClosing,
    MissionConditionEvidenced,
    MissionDatesSet,
    MissionReceiving,
    MissionRegistered,
    MissionStaffJoined,
    MissionStaffLeft,
    StaffOutcome,
)
from shared.domain import Aggregate, Lifecycle, Moment, Step


class Mission(Aggregate):
    """A mission abroad (``emb-va``), with the people posted there and what its closing still needs.

    Who is posted is part of the mission's own history: a posting and its end write to the person's
    stream and to the mission's in one command. A closing therefore conflicts with every posting,
    outcome and hold that lands while it is decided, and needs no view to know whom to ask about.
    In the same way a receiver's own history tells who is merging into it (`receives`, by measure).
    """

    kind = "mission"
    snapshot_version = 2
    lifecycle = Lifecycle(
        MissionState.UNKNOWN,
        Step(MissionRegistered, (MissionState.UNKNOWN,), MissionState.OPEN),
        Step(MissionStaffJoined, (MissionState.OPEN,)),
        Step(MissionStaffLeft, (MissionState.OPEN, MissionState.CLOSING)),
        Step(MissionReceiving, (MissionState.OPEN,)),
        Step(MissionAbsorbed, (MissionState.OPEN,)),
        Step(MissionClosing, (MissionState.OPEN,), MissionState.CLOSING),
        Step(MissionDatesSet, (MissionState.CLOSING,)),
        Step(MissionConditionEvidenced, (MissionState.CLOSING,)),
        Step(MissionClosed, (MissionState.CLOSING,), MissionState.CLOSED),
    )

    state: MissionState = MissionState.UNKNOWN
    registered: MissionRegistered | None = None
    closing: MissionClosing | None = None
    dates: MissionDatesSet | None = None
    evidence: dict[int, MissionConditionEvidenced] = field(default_factory=dict)
    posted: dict[str, str] = field(default_factory=dict)
    receives: dict[str, str] = field(default_factory=dict)

    def register(self, description: MissionRegistered, moment: Moment) -> None:
        """Make the mission known, open. Registering it again as it is changes nothing."""
        if self.registered == description:
            return
        if self.exists:
            raise refusals.MissionKnownOtherwise(mission=self.id)
        self.record(description, moment)

    def check_open(self) -> None:
        """Refuse unless the mission is open."""
        self.must_exist()
        if self.state is not MissionState.OPEN:
            raise refusals.MissionNotOpen(mission=self.id, state=self.state.value)

    def check_takes_staff(self) -> None:
        """Refuse a posting to a mission that is closing or closed."""
        self.must_exist()
        if self.state is not MissionState.OPEN:
            raise refusals.NoPostingThere(mission=self.id, state=self.state.value)

    def staff_joins(self, staff: str, category: str, moment: Moment) -> None:
        """Note a posting that begins; the staff member decides, and asks `check_takes_staff` first."""
        self.record(MissionStaffJoined(staff=staff, category=category), moment)

    def staff_leaves(self, staff: str, outcome: StaffOutcome, moment: Moment) -> None:
        """Note a posting that ends; the staff member decides."""
        self.record(MissionStaffLeft(staff=staff, outcome=outcome), moment)

    def check_may_close(self) -> None:
        """Refuse to begin the closing unless it is open and nobody is merging into it."""
        self.check_open()
        if self.receives:
            raise refusals.StillReceiving(mission=self.id, merging=", ".join(sorted(self.receives.values())))

    def announce_closing(self, decree: str, measure: str, receiver: "Mission | None", moment: Moment) -> None:
        """Begin to close, into `receiver` where the measure merges; both must be open."""
        self.check_may_close()
        if receiver is not None:
            receiver.check_open()
        into = None if receiver is None else receiver.id
        self.record(MissionClosing(decree=decree, measure=measure, receiver=into), moment)
        if receiver is not None:
            receiver.record(
                MissionReceiving(decree=decree, measure=measure, from_mission=self.id),
                moment,
            )

    @property
    def dates_notified(self) -> bool:
        """Whether the host's note was accepted for the very dates that are set."""
        note, dates = self.evidence.get(HOST_NOTIFIED), self.dates
        if note is None or dates is None:
            return False
        return (note.public_on, note.official_on) == (dates.public_on, dates.official_on)

    def set_dates(self, public_on: date, official_on: date, moment: Moment) -> None:
        """Set both closing dates; setting them again as they are changes nothing.

        `official_on` is the official closing date T of the timetable. For `dates.set_dates` alone, which
        asks the decree first.
        """
        closing = self.must_be_closing()
        if public_on > official_on:
            raise refusals.DatesOutOfOrder(
                mission=self.id, public_on=public_on.isoformat(), official_on=official_on.isoformat()
            )
        wanted = MissionDatesSet(
            decree=closing.decree, measure=closing.measure, public_on=public_on, official_on=official_on
        )
        if wanted == self.dates:
            return
        if self.dates_notified:
            raise refusals.DatesAcknowledged(
                mission=self.id, evidence=", ".join(self.evidence[HOST_NOTIFIED].evidence)
            )
        self.record(wanted, moment)

    def take_evidence(
        self,
        measure: str,
        condition: int,
        tasks: tuple[str, ...],
        evidence: tuple[str, ...],
        moment: Moment,
        *,
        accepted_for: tuple[date | None, date | None] = (None, None),
    ) -> None:
        """Note the accepted evidence of a condition. After the closing it changes nothing.

        `accepted_for` are the dates, to the public and officially, that held when it was accepted.
        """
        if condition not in CONDITIONS:
            raise refusals.NoSuchCondition(condition=condition)
        if self.state is MissionState.CLOSED:
            return
        closing = self.must_be_closing()
        if measure != closing.measure:
            raise refusals.OtherMeasure(mission=self.id, measure=closing.measure, given=measure)
        self.record(
            MissionConditionEvidenced(
                decree=closing.decree,
                measure=closing.measure,
                condition=condition,
                tasks=tasks,
                evidence=evidence,
                public_on=accepted_for[0],
                official_on=accepted_for[1],
            ),
            moment,
        )

    def finish_closing(self, moment: Moment) -> None:
        """Become closed; for `closing.close` alone, which asks every condition first."""
        closing, dates, known = self.must_be_closing(), self.dates, self.registered
        assert dates is not None and known is not None, "condition 2 asks for the dates"
        self.record(
            MissionClosed(
                decree=closing.decree,
                measure=closing.measure,
                successor=closing.receiver,
                public_on=dates.public_on,
                official_on=dates.official_on,
                accreditations=(known.host, *known.accreditations),
            ),
            moment,
        )

    def absorb(self, closed: "Mission", moment: Moment) -> None:
        """Note that `closed` has closed into this mission; for `closing.close` alone."""
        closing = closed.closing
        assert closing is not None and closing.measure in self.receives, "its order was told here too"
        self.record(
            MissionAbsorbed(decree=closing.decree, measure=closing.measure, from_mission=closed.id), moment
        )

    def must_be_closing(self) -> MissionClosing:
        """Return what announced its closing; refuse where it is not closing."""
        self.must_exist()
        if self.state is not MissionState.CLOSING or self.closing is None:
            raise refusals.MissionNotClosing(mission=self.id, state=self.state.value)
        return self.closing

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case MissionRegistered():
                self.state, self.registered = MissionState.OPEN, event
            case MissionStaffJoined():
                self.posted[event.staff] = event.category
            case MissionStaffLeft():
                del self.posted[event.staff]
            case MissionClosing():
                self.state, self.closing = MissionState.CLOSING, event
            case MissionReceiving():
                self.receives[event.measure] = event.from_mission
            case MissionAbsorbed():
                del self.receives[event.measure]
            case MissionDatesSet():
                self.dates = event
            case MissionConditionEvidenced():
                self.evidence[event.condition] = event
            case MissionClosed():
                self.state = MissionState.CLOSED
