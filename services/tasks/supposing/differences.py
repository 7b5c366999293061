"""What is otherwise after what was supposed: deadlines, and tasks that could not wait for those they need."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from services.tasks.clocks import calendar_of
from services.tasks.deadline import Deadline
from services.tasks.plan import Plan
from services.tasks.task import Task
from shared.calendar import WorkingCalendar, working_days_between
from shared.service.supposing import Supposition

Row = dict[str, Any]


def differences(supposed: Supposition) -> Row:
    """Tell every deadline that stands otherwise, and who is squeezed by that.

    `working_days` is by how many working days a deadline moves, by the calendar that it is computed under
    then. `squeezed` are tasks that are due before a task that they need is due, and were not before.
    """
    moved = [_moved(supposed, deadline) for deadline in supposed.changed(Deadline)]
    rows = sorted((row for row in moved if row is not None), key=lambda row: str(row["task"]))
    return {
        "deadlines": rows,
        "moved": sum(1 for row in rows if row["before"]["due_on"] != row["after"]["due_on"]),
        "suspended": sum(1 for row in rows if row["after"]["suspended"] and not row["before"]["suspended"]),
        "last_due_on": max((row["after"]["due_on"] for row in rows), default=None),
        "squeezed": list(_squeezed(supposed, {row["task"] for row in rows})),
    }


def _moved(supposed: Supposition, after: Deadline) -> Row | None:
    before = supposed.before(Deadline, after.id)
    task, now = supposed.get(Task, after.id), supposed.moment.recorded_at
    told, tells = _told(before, supposed.before(Task, after.id), now), _told(after, task, now)
    if told == tells:
        return None
    row: Row = {"task": after.id, "plan": task.planned.plan, "department": task.lead}
    row |= {"title": task.planned.title.model_dump(), "before": told, "after": tells, "working_days": None}
    if before.computed is not None and after.computed is not None:
        row["working_days"] = _between(before, after, calendar_of(supposed, after))
    return row


def _told(deadline: Deadline, task: Task, now: datetime) -> Row:
    """How it stands; what is over now is missed, though the sweeper has not come to it."""
    stands = deadline.suspension
    return {
        "due_on": None if deadline.computed is None else deadline.due_on.isoformat(),
        "suspended": stands is not None,
        "working_days_left": None if stands is None else stands.working_days_left,
        "missed": deadline.over(task, now),
    }


def _between(before: Deadline, after: Deadline, calendar: WorkingCalendar) -> int:
    if after.due_on >= before.due_on:
        return working_days_between(before.due_on, after.due_on, calendar)
    return -working_days_between(after.due_on, before.due_on, calendar)


def _squeezed(supposed: Supposition, moved: set[str]) -> Iterator[Row]:
    planned_in = (supposed.get(Task, task).planned.plan for task in moved)
    plans = sorted({id for id in planned_in if id is not None})
    for plan in supposed.get_all(Plan, plans):
        ids = [listed.task for listed in plan.tasks]
        due = {deadline.id: deadline for deadline in supposed.get_all(Deadline, ids)}
        for task in supposed.get_all(Task, ids):
            if task.state.settled or due[task.id].computed is None:
                continue
            for needed in task.planned.needs:
                if needed in due and _tighter(supposed, due[needed], due[task.id]):
                    yield {
                        "task": task.id,
                        "due_on": due[task.id].due_on.isoformat(),
                        "needs": needed,
                        "which_is_due_on": due[needed].due_on.isoformat(),
                    }


def _tighter(supposed: Supposition, needed: Deadline, waiting: Deadline) -> bool:
    """Whether a task is due before one that it needs, and was not before."""
    if needed.computed is None or needed.ending is not None or needed.due_on <= waiting.due_on:
        return False
    needed_before = supposed.before(Deadline, needed.id)
    waiting_before = supposed.before(Deadline, waiting.id)
    return needed_before.computed is None or needed_before.due_on <= waiting_before.due_on
