"""The events of a deadline that say what came of it: near, missed, qualified, met."""

from datetime import date, datetime

from services.tasks.deadline.standing import Ground, Miss
from services.tasks.task import Task
from shared.calendar import Deadline as Computed
from shared.calendar import WorkingCalendar, day_of, working_days_between
from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Moment


def near(
    task: Task, due_on: date, due_at: datetime, calendar: WorkingCalendar, moment: Moment
) -> said.DeadlineApproaching:
    """Say that a due day is near, with the working days that are left until its end."""
    today = day_of(moment.recorded_at, calendar)
    return said.DeadlineApproaching(
        **task.about,
        due_on=due_on,
        due_at=due_at,
        working_days_left=working_days_between(today, due_on, calendar),
    )


def missed(
    task: Task, miss: Miss, computed: Computed, extensions: int, late: bool, already_past: bool
) -> said.DeadlineMissed:
    """Say that a due day passed without the work."""
    return said.DeadlineMissed(
        **task.about,
        due_on=miss.due_on,
        due_at=miss.due_at,
        calendar=computed.calendar,
        calendar_version=computed.calendar_version,
        also=computed.also,
        extensions=extensions,
        late=late,
        already_past=already_past,
    )


def qualified(
    task: Task,
    miss: Miss,
    ground: Ground,
    reason: Text,
    effective_at: datetime,
    submitted_recorded_at: datetime | None,
) -> said.DeadlineMissQualified:
    """Say what stands beside a miss."""
    return said.DeadlineMissQualified(
        **task.about,
        due_on=miss.due_on,
        ground=ground.ground,
        effective_at=effective_at,
        reason=reason,
        hold=ground.hold,
        submitted_recorded_at=submitted_recorded_at,
    )


def met(task: Task, due_on: date, submitted_at: datetime, on_time: bool) -> said.DeadlineMet:
    """Say that the work was accepted, with both moments of its submission."""
    return said.DeadlineMet(
        **task.about,
        due_on=due_on,
        submitted_at=submitted_at,
        submitted_recorded_at=task.submitted_recorded_at or submitted_at,
        on_time=on_time,
    )
