"""Notifications: one event for one subscription, with all attempts to send it."""

from services.notifier.notification.notification import Notification, NotificationState, notification_id

__all__ = ["Notification", "NotificationState", "notification_id"]
