"""The use cases of calendars: single holidays, each making the next version, and its approval."""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.tasks.applying import apply_to_decree, apply_to_meeting, apply_to_plan
from services.tasks.calendar import (
    Calendar,
    Grounds,
    NothingToApplyTo,
    declare_holiday,
    move_holiday,
    revoke_holiday,
)
from services.tasks.decree import Decree
from services.tasks.drafting import Reads, likely_deadlines, likely_tasks
from services.tasks.meeting import Meeting
from services.tasks.permissions import PERMITS
from services.tasks.plan import Plan
from shared.calendar import Basis, Holiday, WorkingCalendar
from shared.domain import Moment
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


class Calendars:
    """The commands about calendars, each one transaction. Deadlines move by `apply` alone."""

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

    async def apply(
        self,
        by: Instruction,
        calendar: str,
        version: int,
        plan: str | None = None,
        decree: str | None = None,
        meeting: str | None = None,
    ) -> Outcome[Answer]:
        """Move what a plan, a whole decree or a meeting has to the newest version, which this approves."""
        by = PERMITS.ask(by, "calendar.apply")
        reads: Reads = ((Calendar, calendar),)
        if plan is not None:
            reads += ((Plan, plan), *likely_tasks(plan), *likely_deadlines(plan))
        elif decree is not None:
            reads += ((Decree, decree),)
        elif meeting is not None:
            reads += ((Meeting, meeting),)

        def decide(turn: Turn) -> Answer:
            if plan is not None:
                return apply_to_plan(turn, calendar, version, plan)
            if decree is not None:
                return apply_to_decree(turn, calendar, version, decree)
            if meeting is not None:
                return apply_to_meeting(turn, calendar, version, meeting)
            raise NothingToApplyTo(calendar=calendar)

        return await self._store.execute(Command("apply-calendar", by, decide, reads))

    async def _change(
        self, name: str, by: Instruction, id: str, change: Callable[[Calendar, Moment], WorkingCalendar]
    ) -> Outcome[Answer]:
        by = PERMITS.ask(by, "calendar.change")

        def decide(turn: Turn) -> Answer:
            version = change(turn.get(Calendar, id), turn.moment)
            return {"calendar": id, "version": version.version, "label": version.label}

        return await self._store.execute(Command(name, by, decide, ((Calendar, id),)))
