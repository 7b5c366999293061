"""What notifications refuse."""

from shared.domain import Conflicting, Text


class NotificationNotParked(Conflicting):
    """Only what is parked waits for a person."""

    slug = "notification-not-parked"
    title = Text(en="The notification is not parked", ar="الإشعار غير موقوف")
    detail = Text(
        en="The notification {notification} is {state}: only a parked one can be retried.",
        ar="حالة الإشعار {notification} هي {state}: لا تُعاد المحاولة إلا للموقوف.",
    )
