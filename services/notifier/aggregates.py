"""Every kind of aggregate that this service has."""

from services.notifier.directory import Directory
from services.notifier.notification import Notification
from services.notifier.subscription import Subscription

AGGREGATES = (Directory, Notification, Subscription)
