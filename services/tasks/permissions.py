"""Who may do what in this service. Everybody who is known may read everything."""

from services.tasks.department import Department
from services.tasks.task import Task
from shared.domain import Actor, acting
from shared.domain.permission import Permissions
from shared.service.permitting import Permitting

_EVERYBODY = (
    "admin",
    "follow-up-office",
    "department",
    "head-of-mission",
    "issuer",
    "controller",
    "auditor",
)

PERMISSIONS = Permissions(
    {
        "calendar.declare": ("admin", "follow-up-office"),
        "calendar.change": ("admin", "follow-up-office"),
        "calendar.apply": ("admin", "follow-up-office"),
        "template.adopt": ("admin", "follow-up-office"),
        "plan.set-date": ("admin", "follow-up-office"),
        "plan.approve": ("admin", "follow-up-office"),
        "plan.replan": ("admin", "follow-up-office"),
        "plan.renew": ("admin", "follow-up-office"),
        "task.assign": ("admin", "follow-up-office", "department:own"),
        "task.hand-over": ("admin", "follow-up-office"),
        "task.start": ("admin", "follow-up-office", "department:own"),
        "task.attach": ("admin", "follow-up-office", "department:own"),
        "task.submit": ("admin", "follow-up-office", "department:own"),
        "task.accept": ("admin", "follow-up-office"),
        "task.return": ("admin", "follow-up-office"),
        "task.cancel": ("admin", "follow-up-office"),
        "task.report-part": ("admin", "follow-up-office", "department:own"),
        "task.comment": ("admin", "follow-up-office", "department:own", "controller"),
        "task.block": ("admin", "follow-up-office", "department:own"),
        "task.unblock": ("admin", "follow-up-office", "department:own"),
        "escalation-policy.set": ("admin", "follow-up-office"),
        "escalation.acknowledge": ("admin", "follow-up-office", "department:own"),
        "extension.request": ("admin", "follow-up-office", "department:own"),
        "extension.decide": ("issuer", "controller"),
        "meeting.call": ("admin", "follow-up-office"),
        "meeting.change": ("admin", "follow-up-office"),
        "meeting.hold": ("admin", "follow-up-office"),
        "meeting.decide": ("admin", "follow-up-office"),
        "meeting.settle-decision": ("admin", "follow-up-office"),
        "meeting.write-minutes": ("admin", "follow-up-office", "department"),
        "meeting.approve-minutes": ("follow-up-office", "department", "head-of-mission", "issuer"),
        "meeting.close": ("admin", "follow-up-office"),
        "indicator.define": ("admin", "follow-up-office"),
        "indicator.measure": ("admin", "follow-up-office", "department", "head-of-mission"),
        "indicator.withdraw": ("admin", "follow-up-office"),
        "report.generate": ("admin", "follow-up-office", "issuer", "controller", "auditor"),
        # Bytes record nothing: whose they are is said by the command that names them.
        "document.upload": _EVERYBODY,
        "document.download": _EVERYBODY,
    }
)
"""`task.assign` names who is to do a task; `task.hand-over` changes its lead or its co-executors.

The department concerned is the lead, and in the doing of a task also that of its assignee, for the
assignee alone; the same may ask for more time. For `task.attach`, comments and what blocks a task it is
besides every co-executor: they help, the lead answers for the work. A part is reported by its co-executor.
Nobody of a task's lead department decides on more time for it, nor anybody of the department that asked: the
extension refuses them. Of those who may approve minutes, the meeting's chair does, or who stands in for the
chair. `meeting.change` postpones a meeting, changes its agenda or cancels it.
"""

PERMITS = Permitting(PERMISSIONS, lambda turn, id: turn.get(Department, id).leadership)
"""The same, with the delegations that are in force, as the registry told them."""


def doing(task: Task, actor: Actor) -> tuple[str, ...]:
    """The departments that may start and submit a task: its lead, and the actor's where that is the assignee.

    Whoever stands in for the assignee counts as the assignee.
    """
    if actor.department is None or task.assignee not in acting(actor):
        return (task.lead,)
    return (task.lead, actor.department)
