"""Read models: rows folded from a service's own log, and queries on them as of any position."""

from shared.projections.view import View
from shared.projections.views import Due, Views

__all__ = ["Due", "View", "Views"]
