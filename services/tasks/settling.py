"""The steps of a task in which its deadline or its plan have a part: all change in one command."""

from datetime import datetime

from services.tasks.clocks import holds_of
from services.tasks.deadline import Deadline
from services.tasks.escalating import escalate
from services.tasks.moments import must_follow
from services.tasks.plan import Plan
from services.tasks.task import Task
from shared.contracts.tasks import Evidence, Outcome
from shared.eventstore.command import Turn


def submit_task(turn: Turn, task: Task, evidence: tuple[Evidence, ...]) -> None:
    """Hand a task in: nothing is due while it waits."""
    deadline, holds = turn.get(Deadline, task.id), holds_of(turn, task)
    in_time = deadline.in_time(turn.moment.effective_at)
    task.submit(evidence, deadline.exists, turn.actor, turn.moment, in_time=in_time)
    deadline.hand_in(task, holds, turn.moment)
    escalate(turn, task, deadline)


def return_task(turn: Turn, task: Task, reason: str) -> None:
    """Return a task to its doers: its deadline goes on, and after its moment it is missed at once."""
    deadline, holds = turn.get(Deadline, task.id), holds_of(turn, task)
    task.send_back(reason, turn.actor, turn.moment)
    deadline.give_back(task, holds, turn.moment)
    escalate(turn, task, deadline)


def accept_task(turn: Turn, task: Task, waiver: str | None = None) -> None:
    """Accept a task: its deadline is met, and its plan counts it."""
    plan, deadline = _plan_of(turn, task), turn.get(Deadline, task.id)
    task.accept(turn.actor, turn.moment, waiver)
    deadline.meet(task, turn.moment)
    if plan is not None:
        plan.settle(task.id, Outcome.ACCEPTED, task.evidence, turn.moment)


def cancel_task(turn: Turn, task: Task, reason: str, known_at: datetime | None = None) -> None:
    """Cancel a task: its deadline is dropped, and its plan counts it.

    `known_at` is when another service recorded why, where it did: what had not passed then is not missed.
    """
    plan, deadline = _plan_of(turn, task), turn.get(Deadline, task.id)
    was_handed_in, holds = task.handed_in, holds_of(turn, task)
    if known_at is None:
        must_follow(turn.moment, task.stepped_at, deadline.set_at)
    # Another service may say what is so from a day to come; here it is said now.
    moment = turn.moment if known_at is None else turn.moment.at_latest_now
    in_time = known_at is not None and deadline.due_at is not None and known_at < deadline.due_at
    task.cancel(reason, turn.actor, moment)
    deadline.drop(task, was_handed_in or in_time, holds, moment)
    escalate(turn, task, deadline)
    if plan is not None:
        plan.settle(task.id, Outcome.CANCELLED, (), moment)


def _plan_of(turn: Turn, task: Task) -> Plan | None:
    plan = task.planned.plan
    return None if plan is None else turn.get(Plan, plan)
