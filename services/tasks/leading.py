"""What this service notes of the heads of departments, and of those who act for them."""

from collections.abc import Callable
from typing import Any

from services.tasks.department import Department
from shared.contracts import registry
from shared.contracts.event import Event
from shared.eventstore.command import Turn


def noting_leadership(id: str, event: Event) -> Callable[[Turn], Any] | None:
    """Return the decision by which an event about the leadership of a department is noted, or None."""
    match event:
        case registry.DepartmentHeadAppointed(headship=headship):
            return lambda turn: turn.get(Department, id).note_head(headship, turn.moment)
        case registry.DepartmentActingHeadNamed() | registry.DepartmentDelegated():
            stand_in = event.stand_in
            return lambda turn: turn.get(Department, id).note_stand_in(stand_in, turn.moment)
        case registry.DepartmentDelegationEnded(key=key, ended_at=ended_at):
            return lambda turn: turn.get(Department, id).note_end(key, ended_at, turn.moment)
    return None
