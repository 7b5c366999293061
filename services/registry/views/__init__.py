"""The registry's read models: one row for each aggregate, as it stands."""

from services.registry.views.decrees import DecreesView
from services.registry.views.departments import DepartmentsView
from services.registry.views.documents import DocumentsView, LettersView
from services.registry.views.measures import MeasuresView
from services.registry.views.missions import MissionsView
from services.registry.views.staff import StaffView
from shared.projections import View


def views() -> tuple[View, ...]:
    """Return every view of the service."""
    return (
        DepartmentsView(),
        DecreesView(),
        DocumentsView(),
        LettersView(),
        MeasuresView(),
        MissionsView(),
        StaffView(),
    )


__all__ = [
    "DecreesView",
    "DepartmentsView",
    "DocumentsView",
    "LettersView",
    "MeasuresView",
    "MissionsView",
    "StaffView",
    "views",
]
