"""What is told of meetings and their decisions."""

from datetime import date

from pydantic import AwareDatetime

from services.tasks.meeting.following import DecisionState
from services.tasks.meeting.state import MeetingState
from services.tasks.task import TaskState
from shared.contracts.tasks import (
    Evidence,
    MeetingCalled,
    MeetingDecided,
    MeetingDecisionSettled,
    Participant,
)
from shared.web import AnswerModel, shows


@shows(MeetingDecisionSettled, ("outcome", "note", "evidence", "by"))
class Settled(AnswerModel):
    """What became of a decision without tasks."""


class DecisionBegun(AnswerModel):
    """The tasks of a decision by state, as of a position in the command that records it: they come first."""

    tasks: dict[str, TaskState]
    settled: Settled | None
    state: DecisionState


@shows(MeetingDecided, ("meeting", "decree", "decision", "number", "item", "text"))
class DecisionRow(DecisionBegun):
    """What a meeting decided, the states of its tasks, and whether it is open."""

    decided_at: AwareDatetime


@shows(MeetingCalled, renamed={"by": "called_by"})
class MeetingRow(AnswerModel):
    """A meeting: who is called and came, its agenda, and how its minutes stand."""

    state: MeetingState
    held_at: AwareDatetime | None
    held_on: date | None
    chaired_by: Participant | None
    present: list[Participant]
    absent: list[Participant]
    reason: str | None
    minutes: Evidence | None
    minutes_by: list[str] | None
    minutes_approved_by: list[str] | None
    decided: int
    version: int


class MeetingTold(MeetingRow):
    """A meeting with its decisions."""

    decisions: list[DecisionRow]


class MeetingStands(AnswerModel):
    """How a meeting stands after a command."""

    meeting: str
    state: MeetingState


class Decided(MeetingStands):
    """A decision, and the tasks that carry it out."""

    decision: str
    tasks: list[str]
