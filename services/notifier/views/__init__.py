"""The read models of this service."""

from services.notifier.views.notifications import NotificationsView
from services.notifier.views.subscriptions import SubscriptionsView
from shared.projections.view import View


def every_view() -> tuple[View, ...]:
    """Build every view of the service."""
    return (SubscriptionsView(), NotificationsView())


__all__ = ["NotificationsView", "SubscriptionsView", "every_view"]
