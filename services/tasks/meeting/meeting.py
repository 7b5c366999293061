"""A meeting: who was called, who came, what was decided, and whether its minutes are approved."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from services.tasks.meeting.following import DecisionState, state_of_decision
from services.tasks.meeting.refusals import (
    DecisionHasTasks,
    DecisionSettled,
    DecisionsOpen,
    MeetingExists,
    NoSuchDecision,
    NoSuchItem,
    TooManyDecisions,
    WrongMeetingState,
)
from services.tasks.meeting.state import LIFECYCLE, MeetingState
from services.tasks.meeting.terms import Call, Decision, check_each_once
from services.tasks.moments import must_follow
from services.tasks.task import TaskState
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.domain import Actor, Aggregate, Moment, acting

MOST_DECISIONS = 99


class About(TypedDict):
    """What every event of a meeting carries."""

    meeting: str
    decree: str | None
    by: tuple[str, ...]


class Meeting(Aggregate):
    """A meeting, under a name that is given when it is called. Its decisions are ``<meeting>-d<number>``.

    The rules on its minutes are in `minutes`.
    """

    kind = "meeting"
    snapshot_version = 2
    lifecycle = LIFECYCLE

    state: MeetingState = MeetingState.UNKNOWN
    called: said.MeetingCalled | None = None
    at: datetime | None = None
    agenda: tuple[said.AgendaItem, ...] = ()
    chaired_by: said.Participant | None = None
    held_on: date | None = None
    held_at: datetime | None = None
    decisions: tuple[Decision, ...] = ()
    minutes: said.Evidence | None = None
    written_by: tuple[str, ...] = ()
    written_at: datetime | None = None

    @property
    def terms(self) -> said.MeetingCalled:
        """What it was called with; refuses where it does not exist."""
        self.must_exist()
        assert self.called is not None
        return self.called

    def call(self, call: Call, actor: Actor, moment: Moment) -> None:
        """Call the meeting."""
        if self.exists:
            raise MeetingExists(meeting=self.id)
        must_follow(moment)
        check_each_once((call.chair, *call.invited))
        self._check_agenda(call.agenda)
        called = said.MeetingCalled(
            meeting=self.id,
            by=acting(actor),
            decree=call.decree,
            title=call.title,
            at=call.at,
            calendar=call.calendar,
            chair=call.chair,
            deputy=call.deputy,
            invited=call.invited,
            agenda=call.agenda,
            follows=call.follows,
            called_at=moment.effective_at,
        )
        self.record(called, moment)

    def postpone(self, at: datetime, reason: str, actor: Actor, moment: Moment) -> None:
        """Put the meeting off, or bring it forward; nothing happens where it is at that moment already."""
        self.must_be(MeetingState.PLANNED)
        assert self.at is not None
        must_follow(moment, self.terms.called_at)
        if at != self.at:
            about = self.about(actor)
            self.record(said.MeetingPostponed(**about, at=at, supersedes=self.at, reason=reason), moment)

    def change_agenda(self, agenda: tuple[said.AgendaItem, ...], actor: Actor, moment: Moment) -> None:
        """Give the meeting another agenda."""
        self.must_be(MeetingState.PLANNED)
        must_follow(moment, self.terms.called_at)
        self._check_agenda(agenda)
        self.record(said.MeetingAgendaChanged(**self.about(actor), agenda=agenda), moment)

    def cancel(self, reason: str, actor: Actor, moment: Moment) -> None:
        """Give the meeting up before it is held."""
        self.must_be(MeetingState.PLANNED)
        must_follow(moment, self.terms.called_at)
        self.record(said.MeetingCancelled(**self.about(actor), reason=reason), moment)

    def hold(
        self,
        held_on: date,
        chaired_by: said.Participant | None,
        present: tuple[said.Participant, ...],
        actor: Actor,
        moment: Moment,
    ) -> None:
        """Tell that it took place at the effective moment, on the day `held_on`; the chair counts as present.

        `chaired_by` is who chaired it where that was not the chair who was named.
        """
        self.must_be(MeetingState.PLANNED)
        # It may be called in the record after it took place.
        must_follow(moment)
        chair = chaired_by or self.terms.chair
        came = tuple(one for one in present if one != chair)
        check_each_once(came)
        called = dict.fromkeys((self.terms.chair, *self.terms.invited))
        held = said.MeetingHeld(
            **self.about(actor),
            held_at=moment.effective_at,
            held_on=held_on,
            chaired_by=chair,
            present=(chair, *came),
            absent=tuple(one for one in called if one not in (chair, *came)),
        )
        self.record(held, moment)

    def check_decision(self, item: str | None) -> str:
        """How the next decision is named; refuses where nothing is decided (any more), or the item."""
        self.must_be(MeetingState.HELD)
        if len(self.decisions) >= MOST_DECISIONS:
            raise TooManyDecisions(meeting=self.id, most=MOST_DECISIONS)
        if item is not None and item not in {one.key for one in self.agenda}:
            raise NoSuchItem(meeting=self.id, item=item)
        return f"{self.id}-d{len(self.decisions) + 1}"

    def decide(
        self, text: Text, item: str | None, tasks: tuple[str, ...], actor: Actor, moment: Moment
    ) -> None:
        """Enter a decision with the tasks that carry it out; minutes that were written before lapse."""
        self.must_follow_holding(moment)
        decided = said.MeetingDecided(
            **self.about(actor),
            decision=self.check_decision(item),
            number=len(self.decisions) + 1,
            item=item,
            text=text,
            tasks=tasks,
        )
        self.record(decided, moment)

    def settle(
        self,
        decision: str,
        outcome: said.DecisionOutcome,
        note: str,
        evidence: tuple[said.Evidence, ...],
        actor: Actor,
        moment: Moment,
    ) -> None:
        """Tell what became of a decision that has no tasks."""
        self.must_be(MeetingState.HELD, MeetingState.MINUTED)
        taken = next((one for one in self.decisions if one.decision == decision), None)
        if taken is None:
            raise NoSuchDecision(meeting=self.id, decision=decision)
        if taken.tasks:
            raise DecisionHasTasks(decision=decision)
        if taken.outcome is not None:
            raise DecisionSettled(decision=decision)
        self.must_follow_holding(moment)
        settled = said.MeetingDecisionSettled(
            **self.about(actor), decision=decision, outcome=outcome, note=note, evidence=evidence
        )
        self.record(settled, moment)

    def close(self, tasks: Mapping[str, TaskState], actor: Actor, moment: Moment) -> None:
        """Close the meeting; `tasks` are the states of all tasks of its decisions."""
        self.must_be(MeetingState.MINUTED)
        open = [
            one.decision
            for one in self.decisions
            if state_of_decision((tasks[task] for task in one.tasks), one.outcome) is DecisionState.OPEN
        ]
        if open:
            raise DecisionsOpen(meeting=self.id, decisions=", ".join(open))
        must_follow(moment, self.held_at, self.written_at)
        self.record(said.MeetingClosed(**self.about(actor)), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.MeetingCalled():
                self.state, self.called, self.at = MeetingState.PLANNED, event, event.at
                self.agenda = event.agenda
            case said.MeetingPostponed(at=at):
                self.at = at
            case said.MeetingAgendaChanged(agenda=agenda):
                self.agenda = agenda
            case said.MeetingCancelled():
                self.state = MeetingState.CANCELLED
            case said.MeetingHeld():
                self.state, self.chaired_by = MeetingState.HELD, event.chaired_by
                self.held_on, self.held_at = event.held_on, event.held_at
            case said.MeetingDecided():
                self.decisions = (*self.decisions, Decision(event.decision, event.tasks))
                self.minutes, self.written_by = None, ()
            case said.MeetingDecisionSettled():
                self.decisions = tuple(one.settled_by(event) for one in self.decisions)
            case said.MeetingMinutesWritten():
                self.minutes, self.written_by = event.minutes, event.by
                self.written_at = event.written_at
            case said.MeetingMinutesReturned():
                self.minutes, self.written_by = None, ()
            case said.MeetingMinuted():
                self.state = MeetingState.MINUTED
            case said.MeetingClosed():
                self.state = MeetingState.CLOSED

    def about(self, actor: Actor) -> About:
        """What every event of it carries, when this actor acts."""
        return About(meeting=self.id, decree=self.terms.decree, by=acting(actor))

    def must_be(self, *allowed: MeetingState) -> None:
        """Refuse a meeting in any other state."""
        self.must_exist()
        if self.state not in allowed:
            raise WrongMeetingState.of(self.id, self.state, allowed)

    def must_follow_holding(self, moment: Moment) -> None:
        """Refuse what is said to be of before the meeting, or of a moment to come."""
        must_follow(moment, self.held_at)

    def _check_agenda(self, agenda: tuple[said.AgendaItem, ...]) -> None:
        for key, times in Counter(item.key for item in agenda).items():
            if times > 1:
                raise NoSuchItem(meeting=self.id, item=key)
