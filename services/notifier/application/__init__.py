"""The use cases of this service."""

from services.notifier.application.notifications import Notifications
from services.notifier.application.subscriptions import Subscriptions

__all__ = ["Notifications", "Subscriptions"]
