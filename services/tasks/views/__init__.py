"""The read models of this service."""

from services.tasks.views.calendars import CalendarsView
from services.tasks.views.plans import PlansView
from services.tasks.views.tasks import TasksView
from services.tasks.views.templates import TemplatesView
from shared.projections.view import View


def every_view() -> tuple[View, ...]:
    """Build every view of the service."""
    return (TasksView(), PlansView(), TemplatesView(), CalendarsView())


__all__ = ["CalendarsView", "PlansView", "TasksView", "TemplatesView", "every_view"]
