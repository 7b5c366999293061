"""Which events lead a task from state to state."""

from services.tasks.task.state import TaskState
from shared.contracts import tasks as said
from shared.domain import Lifecycle, Step

OPEN = tuple(state for state in TaskState if not state.settled)
"""States in which something can still happen to a task."""

BEFORE_SUBMISSION = (TaskState.PLANNED, TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.RETURNED)
"""States in which the work is still with its doers, or is to be given to them."""

UNDER_WAY = (TaskState.ASSIGNED, TaskState.IN_PROGRESS, TaskState.RETURNED, TaskState.SUBMITTED)
"""States in which co-executors report their parts."""

LIFECYCLE = Lifecycle(
    TaskState.PLANNED,
    Step(
        said.TaskAssigned,
        (TaskState.PLANNED, TaskState.IN_PROGRESS, TaskState.RETURNED),
        TaskState.ASSIGNED,
    ),
    Step(said.TaskAssigned, (TaskState.ASSIGNED,)),
    Step(said.TaskReplanned, OPEN),
    Step(said.TaskStarted, (TaskState.ASSIGNED, TaskState.RETURNED), TaskState.IN_PROGRESS),
    Step(said.TaskPartReported, UNDER_WAY),
    Step(said.TaskEvidenceAttached, (TaskState.IN_PROGRESS, TaskState.SUBMITTED)),
    Step(said.TaskBlocked, BEFORE_SUBMISSION),
    Step(said.TaskUnblocked, BEFORE_SUBMISSION),
    Step(said.TaskSubmitted, (TaskState.IN_PROGRESS,), TaskState.SUBMITTED),
    Step(said.TaskAccepted, OPEN, TaskState.ACCEPTED),
    Step(said.TaskReturned, (TaskState.SUBMITTED,), TaskState.RETURNED),
    Step(said.TaskCancelled, OPEN, TaskState.CANCELLED),
)
"""A person accepts what was submitted; an event that completes a task accepts it from any open state."""
