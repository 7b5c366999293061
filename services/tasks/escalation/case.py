"""Everything that an escalation is decided with: the task, its deadline, the ladder, holds and heads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from services.tasks.deadline import Deadline
from services.tasks.decree import Hold
from services.tasks.task import Task
from shared.calendar import WorkingCalendar
from shared.contracts import tasks as said

HeadOf = Callable[[str], str | None]
"""Tells the pseudonym of whoever heads a department, or None where that is not known."""


class Facts(TypedDict):
    """What every event of an escalation says of its task, and the task's lead."""

    task: str
    plan: str | None
    decree: str | None
    article: str | None
    measure: str | None
    mission: str | None
    department: str
    co_executors: tuple[str, ...]
    lead: str


@dataclass(frozen=True, slots=True)
class Case:
    """A task with its deadline, and by which version of which policy it is escalated.

    `policy` and `version` are those that an escalation that begins now follows; `ladder` is the one that it
    follows, or goes on by.
    """

    task: Task
    deadline: Deadline
    policy: str
    version: int
    ladder: said.Ladder
    calendar: WorkingCalendar
    holds: Sequence[Hold]
    head_of: HeadOf

    @property
    def stands(self) -> bool:
        """Whether the present due day is missed, and the work is still to be handed in."""
        return self.deadline.missed and self.deadline.ending is None and not self.task.handed_in

    def facts(self, addressed: str) -> Facts:
        """What every event says, by the department that it goes to."""
        about = self.task.about
        about["department"] = addressed
        return Facts(**about, lead=self.task.lead)
