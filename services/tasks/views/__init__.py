"""The read models of this service."""

from services.tasks.views.calendars import CalendarsView
from services.tasks.views.deadlines import DeadlinesView
from services.tasks.views.decisions import DecisionsView
from services.tasks.views.extensions import ExtensionsView
from services.tasks.views.holds import HoldsView
from services.tasks.views.indicators import IndicatorsView
from services.tasks.views.meetings import MeetingsView
from services.tasks.views.outcomes import OutcomesView
from services.tasks.views.plans import PlansView
from services.tasks.views.reports import ReportsView
from services.tasks.views.tasks import TasksView
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
        CalendarsView(),
        HoldsView(),
        OutcomesView(),
        MeetingsView(),
        DecisionsView(),
        IndicatorsView(),
        ReportsView(),
    )


__all__ = [
    "CalendarsView",
    "DeadlinesView",
    "DecisionsView",
    "ExtensionsView",
    "HoldsView",
    "IndicatorsView",
    "MeetingsView",
    "OutcomesView",
    "PlansView",
    "ReportsView",
    "TasksView",
    "TemplatesView",
    "every_view",
]
