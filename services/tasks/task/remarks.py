"""What people say about a task beside its steps: comments, and what blocks it that no rule here knows."""

from services.tasks.moments import must_follow
from services.tasks.task.lifecycle import BEFORE_SUBMISSION
from services.tasks.task.refusals import NotBlocked, TooManyComments
from services.tasks.task.task import Task
from shared.contracts import tasks as said
from shared.domain import Actor, Moment, acting

MOST_COMMENTS = 500
"""Comments of one task: more are a conversation, which belongs elsewhere."""


def comment(task: Task, text: str, actor: Actor, moment: Moment) -> int:
    """Say something about a task, in whatever state it is; return the number of the comment."""
    must_follow(moment, task.planned.planned_at)
    number = task.comments + 1
    if number > MOST_COMMENTS:
        raise TooManyComments(task=task.id, most=MOST_COMMENTS)
    task.record(said.TaskCommented(**task.about, number=number, text=text, by=acting(actor)), moment)
    return number


def block(task: Task, reason: str, actor: Actor, moment: Moment) -> None:
    """Say what keeps the work from going on; the last reason stands. Its clock runs on all the same."""
    task.must_be(*BEFORE_SUBMISSION)
    must_follow(moment, task.planned.planned_at, None if task.blocked is None else task.blocked_at)
    if reason != task.blocked:
        blocked = said.TaskBlocked(
            **task.about, reason=reason, by=acting(actor), blocked_at=moment.effective_at
        )
        task.record(blocked, moment)


def unblock(task: Task, actor: Actor, moment: Moment) -> None:
    """Say that what blocked the work is out of the way; refuses where nothing was said to block it."""
    task.must_be(*BEFORE_SUBMISSION)
    if task.blocked is None:
        raise NotBlocked(task=task.id)
    must_follow(moment, task.planned.planned_at, task.blocked_at)
    task.record(said.TaskUnblocked(**task.about, by=acting(actor)), moment)
