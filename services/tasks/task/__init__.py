"""Tasks: who does them, until when, and what shows that they are done."""

from services.tasks.task.refusals import (
    AcceptedByDoer,
    DatesNotSet,
    DepartmentTwice,
    EvidenceMissing,
    NoPart,
    NotBlocked,
    PartsMissing,
    PrerequisitesOpen,
    StepBeforeLast,
    TooManyComments,
    TooMuchEvidence,
    UnknownDepartment,
    WrongState,
)
from services.tasks.task.state import TaskState
from services.tasks.task.task import Task

__all__ = [
    "AcceptedByDoer",
    "DatesNotSet",
    "DepartmentTwice",
    "EvidenceMissing",
    "NoPart",
    "NotBlocked",
    "PartsMissing",
    "PrerequisitesOpen",
    "StepBeforeLast",
    "Task",
    "TaskState",
    "TooManyComments",
    "TooMuchEvidence",
    "UnknownDepartment",
    "WrongState",
]
