"""The use cases of calendars: single holidays, each making the next version."""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.tasks.calendar import Calendar, Grounds, declare_holiday, move_holiday, revoke_holiday
from services.tasks.permissions import PERMISSIONS
from shared.calendar import Basis, Holiday, WorkingCalendar
from shared.domain import Moment
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


class Calendars:
    """The commands about holidays, each one transaction. No deadline moves by them."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def declare_holiday(
        self, by: Instruction, calendar: str, holiday: Holiday, grounds: Grounds
    ) -> Outcome[Answer]:
        """Make a day an official holiday."""
        return await self._change(
            "declare-holiday",
            by,
            calendar,
            lambda changed, moment: declare_holiday(changed, holiday, grounds, moment),
        )

    async def move_holiday(
        self, by: Instruction, calendar: str, day: date, to: date, basis: Basis, grounds: Grounds
    ) -> Outcome[Answer]:
        """Put the holiday of a day on another one."""
        return await self._change(
            "move-holiday",
            by,
            calendar,
            lambda changed, moment: move_holiday(changed, day, to, basis, grounds, moment),
        )

    async def revoke_holiday(
        self, by: Instruction, calendar: str, day: date, grounds: Grounds
    ) -> Outcome[Answer]:
        """Make an official holiday a day like others."""
        return await self._change(
            "revoke-holiday",
            by,
            calendar,
            lambda changed, moment: revoke_holiday(changed, day, grounds, moment),
        )

    async def _change(
        self, name: str, by: Instruction, id: str, change: Callable[[Calendar, Moment], WorkingCalendar]
    ) -> Outcome[Answer]:
        PERMISSIONS.check(by.actor, "calendar.change")

        def decide(turn: Turn) -> Answer:
            version = change(turn.get(Calendar, id), turn.moment)
            return {"calendar": id, "version": version.version, "label": version.label}

        return await self._store.execute(Command(name, by, decide, ((Calendar, id),)))
