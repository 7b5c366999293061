"""By which event something is due: a view keeps it in its rows, and what a timer records carries it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.domain import Actor
from shared.eventstore.command import Instruction
from shared.eventstore.record import Record
from shared.web import AnswerModel

MADE_DUE_BY = "made_due_by"
"""The member of a row that tells it."""


class MadeDueBy(AnswerModel):
    """The event by which something is due, and the command with which the chain of that event began."""

    event: UUID
    correlation: UUID


class Cause(NamedTuple):
    """What a command of a timer goes back to: its causation and its correlation."""

    event: UUID | None = None
    correlation: UUID | None = None


NO_CAUSE = Cause()


def made_due_by(record: Record) -> dict[str, Any]:
    """Tell that a row is due by an event, as a part of the row."""
    known = record.about.fields
    return {MADE_DUE_BY: {"event": known["id"], "correlation": known["correlation"]}}


def cause_in(row: Mapping[str, Any]) -> Cause:
    """Read in a row by which event it is due."""
    told = row[MADE_DUE_BY]
    return Cause(UUID(told["event"]), UUID(told["correlation"]))


def instruction_of_timer(id: UUID, actor: Actor, effective_at: datetime | None, cause: Cause) -> Instruction:
    """The instruction of a command that nobody asked for: its moment has come."""
    return Instruction(
        id=id,
        actor=actor,
        effective_at=effective_at,
        causation=cause.event,
        correlation=cause.correlation,
    )
