"""What is told of inboxes, and of what they have parked."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime

from shared.contracts.inbox import Failure
from shared.contracts.text import Text
from shared.web import AnswerModel


class InboxTold(AnswerModel):
    """How far a source is taken in; only the replica that reads it knows `lag` and `alarm`."""

    source: str
    position: int
    log_id: UUID | None
    parked: int
    given_up: int
    active: bool
    lag: int | None
    alarm: str | None


class ParkedEvent(AnswerModel):
    """An event that waits; `behind` is the position of the first of its stream where that is another.

    Where it is `changed`, what is stored of it is not what was parked: `event` is the one that the log tells.
    """

    source: str
    position: int
    stream: str
    type: str
    event: UUID | None
    recorded_at: AwareDatetime | None
    parked_at: AwareDatetime
    behind: int | None
    attempts: int
    next_attempt: AwareDatetime | None
    given_up: bool
    code: str | None
    reason: Text | None
    changed: bool


class FailureInFull(AnswerModel, Failure):
    """Why it was not taken in; `detail` is for operators."""

    detail: str


class ParkedInFull(ParkedEvent):
    """An event that waits, with its stored meta and payload; text where they are no JSON."""

    log_id: UUID
    failure: FailureInFull | None
    meta: Any
    data: Any


class ParkedSettled(AnswerModel):
    """The parked event of which was decided."""

    source: str
    position: int
