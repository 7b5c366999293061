"""The read models of this service."""

from services.tasks.views.calendars import CalendarsView
from services.tasks.views.comments import CommentsView
from services.tasks.views.deadlines import DeadlinesView
from services.tasks.views.extensions import ExtensionsView
from services.tasks.views.plans import PlansView
from services.tasks.views.tasks import TasksView
from services.tasks.views.template_versions import TemplateVersionsView
from services.tasks.views.templates import TemplatesView
from shared.projections.view import View


def every_view() -> tuple[View, ...]:
    """Build every view of the service."""
    return (
        TasksView(),
        DeadlinesView(),
        ExtensionsView(),
        PlansView(),
        TemplatesView(),
        TemplateVersionsView(),
        CalendarsView(),
        CommentsView(),
    )


__all__ = [
    "CalendarsView",
    "CommentsView",
    "DeadlinesView",
    "ExtensionsView",
    "PlansView",
    "TasksView",
    "TemplateVersionsView",
    "TemplatesView",
    "every_view",
]
