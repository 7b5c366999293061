"""The read models of this service."""

from services.tasks.views.calendars import CalendarsView
from services.tasks.views.comments import CommentsView
from services.tasks.views.deadlines import DeadlinesView
from services.tasks.views.decisions import DecisionsView
from services.tasks.views.escalation_policies import EscalationPoliciesView
from services.tasks.views.escalations import EscalationsView
from services.tasks.views.extensions import ExtensionsView
from services.tasks.views.holds import HoldsView
from services.tasks.views.indicators import IndicatorsView
from services.tasks.views.meetings import MeetingsView
from services.tasks.views.outcomes import OutcomesView
from services.tasks.views.plans import PlansView
from services.tasks.views.reports import ReportsView
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
        EscalationsView(),
        EscalationPoliciesView(),
        PlansView(),
        TemplatesView(),
        TemplateVersionsView(),
        CalendarsView(),
        CommentsView(),
        HoldsView(),
        OutcomesView(),
        MeetingsView(),
        DecisionsView(),
        IndicatorsView(),
        ReportsView(),
    )


__all__ = [
    "CalendarsView",
    "CommentsView",
    "DeadlinesView",
    "DecisionsView",
    "EscalationPoliciesView",
    "EscalationsView",
    "ExtensionsView",
    "HoldsView",
    "IndicatorsView",
    "MeetingsView",
    "OutcomesView",
    "PlansView",
    "ReportsView",
    "TasksView",
    "TemplateVersionsView",
    "TemplatesView",
    "every_view",
]
