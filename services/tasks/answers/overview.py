"""What is counted, and which holds there are."""

from typing import Literal

from pydantic import AwareDatetime

from services.tasks.task import TaskState
from shared.contracts.tasks import DecreeHoldNoted
from shared.service.answers import Overview
from shared.web import AnswerModel

States = dict[TaskState, int]
"""Counts of tasks by state."""


Watched = dict[Literal["missed", "approaching", "suspended"], int]
"""Counts of deadlines of which a due day was missed ever, that are near, and that a hold stopped; none while
the deadlines of the decree are still to be folded."""


class DecreeCounts(AnswerModel):
    """The tasks of a decree by state, its deadlines, and the tasks of each department by state."""

    tasks: States
    deadlines: Watched
    departments: dict[str, States]


class TasksOverview(Overview):
    """How far the service is, and what it knows of each decree."""

    decrees: dict[str, DecreeCounts]


class HoldRow(AnswerModel, DecreeHoldNoted):
    """A hold on a decree by which clocks are stopped, or were."""

    state: Literal["open", "lifted"]
    until: AwareDatetime | None
