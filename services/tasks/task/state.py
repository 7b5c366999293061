"""The states of a task."""

from enum import StrEnum

from shared.contracts.text import Text


class TaskState(StrEnum):
    """planned → assigned → in-progress → submitted → accepted | returned; cancelled from any open one."""

    PLANNED = "planned"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in-progress"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"

    @property
    def settled(self) -> bool:
        """Whether nothing can happen to the task any more."""
        return self in (TaskState.ACCEPTED, TaskState.CANCELLED)

    @property
    def told(self) -> Text:
        """The state in words."""
        return Text(en=self.value, ar=_ARABIC[self])


_ARABIC = {
    TaskState.PLANNED: "مخططة",
    TaskState.ASSIGNED: "مكلَّف بها",
    TaskState.IN_PROGRESS: "قيد التنفيذ",
    TaskState.SUBMITTED: "مقدَّمة",
    TaskState.ACCEPTED: "مقبولة",
    TaskState.RETURNED: "معادة",
    TaskState.CANCELLED: "ملغاة",
}
