"""Meetings: who was called and came, what was decided, and the minutes. Nobody stands there by name."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.contracts.identity import Token
from shared.contracts.tasks.base import Evidence, TasksEvent
from shared.contracts.text import Text, WrongValue

PSEUDONYM = r"^[A-Za-z0-9:_-]{1,64}$"


class Participant(BaseModel):
    """Who takes part: an office (`role`), a department, or the pseudonym of a token; at least one of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Token | None = None
    department: Token | None = None
    subject: str | None = Field(default=None, pattern=PSEUDONYM)

    @model_validator(mode="after")
    def _is_somebody(self) -> "Participant":
        if self.role is None and self.department is None and self.subject is None:
            raise WrongValue(en="name a role, a department or a subject", ar="اذكر دورًا أو إدارة أو شخصًا")
        return self

    def __str__(self) -> str:
        """What it is called in a sentence."""
        return "/".join(part for part in (self.role, self.department, self.subject) if part is not None)


class AgendaItem(BaseModel):
    """What a meeting is to speak about; `key` is its own within the meeting."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Token
    text: Text


class DecisionOutcome(StrEnum):
    """What became of a decision: it was carried out, or given up."""

    DONE = "done"
    DROPPED = "dropped"


class MeetingFact(TasksEvent):
    """What every event of a meeting says about it. `by` is the subject who acted, and on whose behalf."""

    meeting: Token
    decree: Token | None
    by: tuple[str, ...]


class MeetingCalled(MeetingFact, type="meeting.called"):
    """A meeting is to be held at `at`.

    `deputy` may approve the minutes in the chair's place. `calendar` is the working calendar by which the
    deadlines of its decisions are computed, and `follows` the meeting whose decisions it follows up.
    """

    title: Text
    at: datetime
    calendar: Token
    chair: Participant
    deputy: Participant | None
    invited: tuple[Participant, ...]
    agenda: tuple[AgendaItem, ...]
    follows: Token | None
    called_at: datetime | None = None


class MeetingPostponed(MeetingFact, type="meeting.postponed"):
    """The meeting is to be held at another moment."""

    at: datetime
    supersedes: datetime
    reason: str


class MeetingAgendaChanged(MeetingFact, type="meeting.agenda-changed"):
    """The meeting has another agenda, this one."""

    agenda: tuple[AgendaItem, ...]


class MeetingCancelled(MeetingFact, type="meeting.cancelled"):
    """The meeting will not be held."""

    reason: str


class MeetingHeld(MeetingFact, type="meeting.held"):
    """The meeting took place, on the day `held_on`; `absent` are those of the invited who did not come."""

    held_at: datetime
    held_on: date
    chaired_by: Participant
    present: tuple[Participant, ...]
    absent: tuple[Participant, ...]


class MeetingDecided(MeetingFact, type="meeting.decided"):
    """The meeting decided something; `tasks` carry it out. `decision` is ``<meeting>-d<number>``."""

    decision: Token
    number: int
    item: Token | None
    text: Text
    tasks: tuple[Token, ...]


class MeetingDecisionSettled(MeetingFact, type="meeting.decision-settled"):
    """What became of a decision that has no tasks to tell."""

    decision: Token
    outcome: DecisionOutcome
    note: str
    evidence: tuple[Evidence, ...]


class MeetingMinutesWritten(MeetingFact, type="meeting.minutes-written"):
    """The minutes are written, in this document; they wait for the chair's approval."""

    minutes: Evidence
    written_at: datetime | None = None


class MeetingMinutesReturned(MeetingFact, type="meeting.minutes-returned"):
    """The minutes went back to whoever wrote them."""

    reason: str


class MeetingMinuted(MeetingFact, type="meeting.minuted"):
    """The chair, or who stands in for them, approved the minutes; `written_by` is somebody else."""

    minutes: Evidence
    written_by: tuple[str, ...]
    decisions: tuple[Token, ...]


class MeetingClosed(MeetingFact, type="meeting.closed"):
    """Nothing that the meeting decided is open any more."""
