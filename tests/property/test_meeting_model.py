"""A meeting under random commands: its states, its decisions and its minutes are what a small model says."""

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.tasks.meeting import (
    Call,
    DecisionsOpen,
    Meeting,
    MeetingExists,
    MeetingState,
    MinutesNotForYou,
    MinutesOfOwnHand,
    approve_minutes,
    return_minutes,
    write_minutes,
)
from services.tasks.task import TaskState
from shared.contracts.tasks import AgendaItem, DecisionOutcome, Participant
from shared.contracts.text import Text
from shared.domain import Actor, Moment, NotFound
from tests.property.replayed import Recorded
from tests.unit.tasks.given import MINUTES, NOON

CHAIR, DEPUTY, GUEST = (Participant(subject=name) for name in ("chair-1", "deputy-1", "guest-1"))
WRITER = Actor(subject="writer-1", role="follow-up-office")
CHAIRMAN = Actor(subject="chair-1", role="issuer")
ACTORS = (WRITER, CHAIRMAN, Actor(subject="writer-1", role="follow-up-office", on_behalf_of="chair-1"))
CALL = Call(
    decree="298-2025",
    title=Text(en="Meeting"),
    at=NOON,
    calendar="ly",
    chair=CHAIR,
    deputy=DEPUTY,
    invited=(GUEST,),
    agenda=(AgendaItem(key="a", text=Text(en="A")),),
    follows=None,
)
RARELY = 23
"""A number that is drawn now and then, among which the small ones are drawn more often."""

people = st.sampled_from([(), (GUEST,), (DEPUTY, GUEST), (GUEST, GUEST)])
states = st.sampled_from(list(TaskState))


class MeetingModel(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.meeting = Meeting.blank("m1")
        self.recorded = Recorded(self.meeting)
        self.moment = Moment(NOON, NOON)
        self.written_by: str | None = None
        self.decisions: list[tuple[bool, bool]] = []

    @initialize(stage=st.sampled_from([0, 1, 2, 3]), with_task=st.booleans())
    def call(self, stage: int, with_task: bool) -> None:
        """Call it; at later stages it is held, has decided, and is minuted."""
        assert self.recorded.attempt(lambda: self.meeting.close({}, WRITER, self.moment)) is NotFound
        assert self.recorded.attempt(lambda: self.meeting.call(CALL, WRITER, self.moment)) is None
        if stage > 0:
            self.hold((GUEST,))
        if stage > 1:
            self.decide(with_task, "a")
        if stage > 2:
            self.write(WRITER)
            self.answer_minutes(CHAIRMAN, False)

    @rule(hours=st.integers(-2, 2))
    def postpone(self, hours: int) -> None:
        at = NOON + timedelta(hours=hours)
        assert self.recorded.attempt(lambda: self.meeting.call(CALL, WRITER, self.moment)) is MeetingExists
        self._only_in(lambda: self.meeting.postpone(at, "Why", WRITER, self.moment), MeetingState.PLANNED)

    @rule(come=people)
    def hold(self, come: tuple[Participant, ...]) -> None:
        planned = self.meeting.state is MeetingState.PLANNED
        refused = self.recorded.attempt(
            lambda: self.meeting.hold(NOON.date(), None, come, WRITER, self.moment)
        )
        assert (refused is None) is (planned and len(set(come)) == len(come))

    @rule(really=st.integers(0, 40))
    def cancel(self, really: int) -> None:
        # Rarely, or no machine would get far.
        if self.meeting.decisions or really == RARELY:
            self._only_in(lambda: self.meeting.cancel("Why", WRITER, self.moment), MeetingState.PLANNED)

    @rule(with_task=st.booleans(), item=st.sampled_from([None, "a", "b"]))
    def decide(self, with_task: bool, item: str | None) -> None:
        held, number = self.meeting.state is MeetingState.HELD, len(self.decisions) + 1
        tasks = (f"m1-d{number}-t01",) if with_task else ()
        refused = self.recorded.attempt(
            lambda: self.meeting.decide(Text(en="So"), item, tasks, WRITER, self.moment)
        )
        assert (refused is None) is (held and item != "b")
        if refused is None:
            self.decisions.append((with_task, False))
            self.written_by = None

    @rule(number=st.integers(1, 4))
    def settle(self, number: int) -> None:
        act = (f"m1-d{number}", DecisionOutcome.DONE, "Done", ())
        follows = self.meeting.state in (MeetingState.HELD, MeetingState.MINUTED)
        known = number <= len(self.decisions)
        free = known and self.decisions[number - 1] == (False, False)
        refused = self.recorded.attempt(lambda: self.meeting.settle(*act, WRITER, self.moment))
        assert (refused is None) is (follows and free)
        if refused is None:
            self.decisions[number - 1] = (False, True)

    @rule(by=st.sampled_from([WRITER, *ACTORS]))
    def write(self, by: Actor) -> None:
        held = self.meeting.state is MeetingState.HELD
        refused = self.recorded.attempt(lambda: write_minutes(self.meeting, MINUTES, by, self.moment))
        assert (refused is None) is held
        if held:
            self.written_by = "chair-1" if "chair-1" in (by.subject, by.on_behalf_of) else by.subject

    @rule(by=st.sampled_from([CHAIRMAN, *ACTORS]), back=st.sampled_from([False, False, True]))
    def answer_minutes(self, by: Actor, back: bool) -> None:
        waits = self.meeting.state is MeetingState.HELD and self.written_by is not None
        wrote = set(self.meeting.written_by)
        refused = self.recorded.attempt(
            lambda: (
                return_minutes(self.meeting, "Why", by, self.moment)
                if back
                else approve_minutes(self.meeting, by, self.moment)
            )
        )
        if waits and by is WRITER:
            assert refused is MinutesNotForYou
        elif waits and wrote & {by.subject, by.on_behalf_of}:
            assert refused is MinutesOfOwnHand
        else:
            assert (refused is None) is waits
        if refused is None:
            self.written_by = None
            assert back or self.meeting.state is MeetingState.MINUTED

    @rule(state=states)
    def close(self, state: TaskState) -> None:
        minuted = self.meeting.state is MeetingState.MINUTED
        tasks = {task: state for one in self.meeting.decisions for task in one.tasks}
        refused = self.recorded.attempt(lambda: self.meeting.close(tasks, WRITER, self.moment))
        done = all(state.settled if with_task else settled for with_task, settled in self.decisions)
        assert (refused is None) is (minuted and done)
        if minuted and not done:
            assert refused is DecisionsOpen

    @invariant()
    def replays(self) -> None:
        self.recorded.replays()

    def _only_in(self, act, *states: MeetingState) -> None:  # type: ignore[no-untyped-def]
        allowed = self.meeting.state in states
        assert (self.recorded.attempt(act) is None) is allowed


TestMeeting = MeetingModel.TestCase
TestMeeting.settings = settings(max_examples=80, stateful_step_count=25, deadline=None)
