"""What happens at the moments of postings: their last day is near, and it passes.

A command's id follows from person, kind and last day, so that whoever plays the same history again gets the
same events.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from services.registry.reactions import ACTOR
from services.registry.staff import StaffMember
from services.registry.staff.lasting import approach, note_overdue
from services.registry.staff.term import overdue_at
from shared.domain import Moment
from shared.domain.clock import Clock
from shared.eventstore.command import Command, Turn
from shared.eventstore.store import EventStore
from shared.projections import Due
from shared.service.made_due import Cause, cause_in, instruction_of_timer

NAMESPACE = uuid5(NAMESPACE_URL, "https://tanfidh.org/registry/postings")

Note = Callable[[StaffMember, date, Moment], bool]


class PostingSweep:
    """Acts on a row of the view of staff when something is due about the posting."""

    def __init__(self, store: EventStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def act(self, due: Due) -> None:
        """Record that the posting is overdue where its last day has passed, otherwise that it is near."""
        ends_on, cause = date.fromisoformat(due.row["ends_on"]), cause_in(due.row)
        if self._clock() < overdue_at(ends_on):
            outcome = await self._store.execute(approaching(due.key, due.moment, ends_on, cause))
            if outcome.events:
                return
        # Between the look at the clock and the decision the day may have ended as well.
        await self._store.execute(overdue(due.key, ends_on, cause))


def approaching(staff: str, warn_at: datetime, ends_on: date, cause: Cause) -> Command[Any]:
    """The command that says a posting's last day is near, if it still is that day.

    `cause` is the event that set it.
    """
    return _command("note-approaching-cap", "approaching", staff, warn_at, ends_on, approach, cause)


def overdue(staff: str, ends_on: date, cause: Cause) -> Command[Any]:
    """The command that records an overdue posting, if its last day still is that day."""
    return _command(
        "record-overdue-posting", "overdue", staff, overdue_at(ends_on), ends_on, note_overdue, cause
    )


def _command(
    name: str, kind: str, staff: str, effective_at: datetime, ends_on: date, note: Note, cause: Cause
) -> Command[Any]:
    id = uuid5(NAMESPACE, f"{staff}/{kind}/{ends_on.isoformat()}")
    instruction = instruction_of_timer(id, ACTOR, effective_at, cause)
    return Command(name, instruction, partial(_noting, staff, ends_on, note), ((StaffMember, staff),))


def _noting(staff: str, ends_on: date, note: Note, turn: Turn) -> bool:
    return note(turn.get(StaffMember, staff), ends_on, turn.moment)
