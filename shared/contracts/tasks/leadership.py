"""What `tasks` knows of the heads of departments and of those who act for them; the registry decides."""

from datetime import datetime

from shared.contracts.delegation import Headship, StandIn
from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent


class DepartmentHeadNoted(TasksEvent, type="department.head-noted"):
    """The head of a department was noted."""

    department: Token
    headship: Headship


class DepartmentStandInNoted(TasksEvent, type="department.stand-in-noted"):
    """An acting head, or a delegation, was noted."""

    department: Token
    stand_in: StandIn


class DepartmentStandInEnded(TasksEvent, type="department.stand-in-ended"):
    """It was noted that somebody acts for a head no longer."""

    department: Token
    key: Token
    ended_at: datetime
