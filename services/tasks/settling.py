"""The steps of a task in which its deadline or its plan have a part: all change in one command."""

from datetime import datetime

from services.tasks.clocks import holds_of
from services.tasks.deadline import Deadline
from services.tasks.escalating import escalate
from services.tasks.moments import must_follow
from services.tasks.plan import Plan
from services.tasks.task import Task
from shared.contracts.tasks import Evidence, Outcome
from shared.contracts.text import Text
from shared.eventstore.command import Turn

GIVEN_UP = Text(
    en="The task was given up before the deadline, and that was recorded after it: {reason}",
    ar="أُلغيت المهمة قبل حلول الأجل وسُجّل إلغاؤها بعده: {reason}",
)
"""Why what somebody gave up qualifies the misses of after that; the reason is in their own words."""


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


def cancel_task(turn: Turn, task: Task, reason: Text | str, known_at: datetime | None = None) -> None:
    """Cancel a task: its deadline is dropped, and its plan counts it.

    `known_at` is when another service recorded why, where it did: what had not passed then is not missed.
    The reason stands beside each miss of after the moment as of which the task is cancelled.
    """
    plan, deadline = _plan_of(turn, task), turn.get(Deadline, task.id)
    was_handed_in, holds = task.handed_in, holds_of(turn, task)
    if known_at is None:
        must_follow(turn.moment, task.stepped_at, deadline.set_at)
    # Another service may say what is so from a day to come; here it is said now.
    moment = turn.moment if known_at is None else turn.moment.at_latest_now
    in_time = known_at is not None and deadline.due_at is not None and known_at < deadline.due_at
    task.cancel(in_one(reason), turn.actor, moment)
    deadline.drop(task, was_handed_in or in_time, holds, _in_both(reason), moment)
    escalate(turn, task, deadline)
    if plan is not None:
        plan.settle(task.id, Outcome.CANCELLED, (), moment)


def excuse_task(turn: Turn, task: Task, reason: Text | str) -> None:
    """Put beside the misses of a settled task what took it away before they were due."""
    turn.get(Deadline, task.id).take_away(task, _in_both(reason), turn.moment.at_latest_now)


def in_one(reason: Text | str) -> str:
    """A reason as one text: one of the house in both languages, what somebody wrote as it is."""
    return reason if isinstance(reason, str) else f"{reason.en} {reason.ar}"


def _in_both(reason: Text | str) -> Text:
    return GIVEN_UP.format(reason=reason) if isinstance(reason, str) else reason


def _plan_of(turn: Turn, task: Task) -> Plan | None:
    plan = task.planned.plan
    return None if plan is None else turn.get(Plan, plan)
