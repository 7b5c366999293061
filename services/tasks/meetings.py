"""The use cases of meetings: called, held, minuted, and followed up."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from services.tasks.calendar import Calendar
from services.tasks.decree import Decree
from services.tasks.department import Department
from services.tasks.meeting import (
    Call,
    HeldBeforeDecree,
    Meeting,
    approve_minutes,
    return_minutes,
    write_minutes,
)
from services.tasks.permissions import PERMITS
from services.tasks.resolutions import Wanted, plan_decided_tasks
from services.tasks.task import Task, UnknownDepartment
from shared.calendar import day_of
from shared.contracts.tasks import AgendaItem, DecisionOutcome, Evidence, Participant
from shared.contracts.text import Text
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


class Meetings:
    """The commands about meetings, each one transaction."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def call(self, by: Instruction, meeting: str, call: Call) -> Outcome[Answer]:
        """Call a meeting; its decree, its calendar and the meeting that it follows must be known."""

        def decide(turn: Turn, called: Meeting) -> None:
            if call.decree is not None:
                turn.get(Decree, call.decree).must_exist()
            if call.follows is not None:
                turn.get(Meeting, call.follows).must_exist()
            turn.get(Calendar, call.calendar).in_force()
            _must_be_known(turn, (call.chair, call.deputy, *call.invited))
            called.call(call, turn.actor, turn.moment)

        return await self._on_meeting("call", by, meeting, decide)

    async def postpone(self, by: Instruction, meeting: str, at: datetime, reason: str) -> Outcome[Answer]:
        """Hold a meeting at another moment."""
        return await self._on_meeting(
            "change", by, meeting, lambda turn, it: it.postpone(at, reason, turn.actor, turn.moment)
        )

    async def change_agenda(
        self, by: Instruction, meeting: str, agenda: tuple[AgendaItem, ...]
    ) -> Outcome[Answer]:
        """Give a meeting another agenda."""
        return await self._on_meeting(
            "change", by, meeting, lambda turn, it: it.change_agenda(agenda, turn.actor, turn.moment)
        )

    async def cancel(self, by: Instruction, meeting: str, reason: str) -> Outcome[Answer]:
        """Give a meeting up."""
        return await self._on_meeting(
            "change", by, meeting, lambda turn, it: it.cancel(reason, turn.actor, turn.moment)
        )

    async def hold(
        self,
        by: Instruction,
        meeting: str,
        chaired_by: Participant | None,
        present: tuple[Participant, ...],
    ) -> Outcome[Answer]:
        """Tell that a meeting took place, at the effective moment of the command."""

        def decide(turn: Turn, held: Meeting) -> None:
            calendar = turn.get(Calendar, held.terms.calendar).in_force()
            on = day_of(turn.moment.effective_at, calendar)
            _must_be_known(turn, (chaired_by, *present))
            _must_not_precede_decree(turn, held, on)
            held.hold(on, chaired_by, present, turn.actor, turn.moment)

        return await self._on_meeting("hold", by, meeting, decide)

    async def decide(
        self, by: Instruction, meeting: str, text: Text, item: str | None, wanted: Sequence[Wanted]
    ) -> Outcome[Answer]:
        """Enter a decision, and plan the tasks that carry it out."""
        by = PERMITS.ask(by, "meeting.decide")

        def decide(turn: Turn) -> Answer:
            deciding = turn.get(Meeting, meeting).must_exist()
            decision = deciding.check_decision(item)
            deciding.must_follow_holding(turn.moment)
            assert deciding.held_on is not None
            tasks = plan_decided_tasks(turn, deciding, decision, deciding.held_on, wanted)
            deciding.decide(text, item, tasks, turn.actor, turn.moment)
            return {**_told(deciding), "decision": decision, "tasks": list(tasks)}

        return await self._store.execute(Command("decide-meeting", by, decide, ((Meeting, meeting),)))

    async def settle(
        self,
        by: Instruction,
        meeting: str,
        decision: str,
        outcome: DecisionOutcome,
        note: str,
        evidence: tuple[Evidence, ...],
    ) -> Outcome[Answer]:
        """Tell what became of a decision without tasks."""
        return await self._on_meeting(
            "settle-decision",
            by,
            meeting,
            lambda turn, it: it.settle(decision, outcome, note, evidence, turn.actor, turn.moment),
        )

    async def write_minutes(self, by: Instruction, meeting: str, minutes: Evidence) -> Outcome[Answer]:
        """Enter the minutes, for approval."""
        return await self._on_meeting(
            "write-minutes",
            by,
            meeting,
            lambda turn, it: write_minutes(it, minutes, turn.actor, turn.moment),
        )

    async def return_minutes(self, by: Instruction, meeting: str, reason: str) -> Outcome[Answer]:
        """Return the minutes."""
        return await self._on_meeting(
            "approve-minutes",
            by,
            meeting,
            lambda turn, it: return_minutes(it, reason, turn.actor, turn.moment),
        )

    async def approve_minutes(self, by: Instruction, meeting: str) -> Outcome[Answer]:
        """Approve the minutes."""
        return await self._on_meeting(
            "approve-minutes", by, meeting, lambda turn, it: approve_minutes(it, turn.actor, turn.moment)
        )

    async def close(self, by: Instruction, meeting: str) -> Outcome[Answer]:
        """Close a meeting of which nothing is open."""

        def decide(turn: Turn, closed: Meeting) -> None:
            ids = [task for decision in closed.decisions for task in decision.tasks]
            states = {task.id: task.state for task in turn.get_all(Task, ids)}
            closed.close(states, turn.actor, turn.moment)

        return await self._on_meeting("close", by, meeting, decide)

    async def _on_meeting(
        self, action: str, by: Instruction, meeting: str, decide: Callable[[Turn, Meeting], None]
    ) -> Outcome[Answer]:
        by = PERMITS.ask(by, f"meeting.{action}")

        def decide_on(turn: Turn) -> Answer:
            found = turn.get(Meeting, meeting)
            if action != "call":
                found.must_exist()
            decide(turn, found)
            return _told(found)

        command = Command(f"{action}-meeting", by, decide_on, ((Meeting, meeting),))
        return await self._store.execute(command)


def _must_be_known(turn: Turn, participants: Iterable[Participant | None]) -> None:
    """Refuse departments that nobody registered among those who take part."""
    named = (one.department for one in participants if one is not None)
    keys = dict.fromkeys(key for key in named if key is not None)
    if unknown := [key for key in keys if not turn.get(Department, key).exists]:
        raise UnknownDepartment(departments=", ".join(unknown))


def _must_not_precede_decree(turn: Turn, meeting: Meeting, on: date) -> None:
    """Refuse a day before the decree that the meeting is about was announced, where that is known."""
    if meeting.terms.decree is None:
        return
    decree = turn.get(Decree, meeting.terms.decree)
    if decree.announced_on is not None and on < decree.announced_on:
        raise HeldBeforeDecree(
            meeting=meeting.id,
            held_on=on.isoformat(),
            decree=decree.id,
            announced_on=decree.announced_on.isoformat(),
        )


def _told(meeting: Meeting) -> Answer:
    return {"meeting": meeting.id, "state": meeting.state.value}
