"""The parts of co-executors: each reports its own, and the lead sees who is missing."""

from services.tasks.moments import must_follow
from services.tasks.task.lifecycle import UNDER_WAY
from services.tasks.task.refusals import NoPart
from services.tasks.task.task import Task
from shared.contracts import tasks as said
from shared.domain import Actor, Moment, acting


def report_part(task: Task, part: str, done: bool, actor: Actor, moment: Moment) -> None:
    """Say that a co-executor's part is done, or that it is not after all; said again it changes nothing.

    Whoever says so took part in the work. Parts stay as reported where the task is returned.
    """
    task.must_be(*UNDER_WAY)
    if part not in task.co_executors:
        raise NoPart(task=task.id, department=part)
    must_follow(moment, task.planned.planned_at)
    if done is not (part in task.parts_done):
        reported = said.TaskPartReported(**task.about, part=part, done=done, by=acting(actor))
        task.record(reported, moment)
