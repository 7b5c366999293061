"""Who may do what in this service. Everybody who is known may read everything."""

from shared.domain.permission import Permissions

PERMISSIONS = Permissions(
    {
        "calendar.declare": ("admin", "follow-up-office"),
        "template.adopt": ("admin", "follow-up-office"),
        "plan.reschedule": ("admin", "follow-up-office"),
        "task.assign": ("admin", "follow-up-office", "department:own"),
        "task.hand-over": ("admin", "follow-up-office"),
        "task.start": ("admin", "follow-up-office", "department:own"),
        "task.attach": ("admin", "follow-up-office", "department:own"),
        "task.submit": ("admin", "follow-up-office", "department:own"),
        "task.accept": ("admin", "follow-up-office"),
        "task.return": ("admin", "follow-up-office"),
        "task.cancel": ("admin", "follow-up-office"),
    }
)
"""`task.assign` names who is to do a task; `task.hand-over` changes its lead or its co-executors.

For `task.assign` the department concerned is the lead; for what follows, also every co-executor.
"""
