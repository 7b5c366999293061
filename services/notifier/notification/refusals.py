"""What notifications refuse."""

from shared.domain import Conflicting, Text


class NothingToRetry(Conflicting):
    """What was not tried yet is sent by itself, and what arrived or was dropped is never sent again."""

    slug = "nothing-to-retry"
    title = Text(en="The notification waits for no attempt", ar="الإشعار لا ينتظر محاولة")
    detail = Text(
        en="The notification {notification} is {state}: only one that failed or is parked can be retried.",
        ar="حالة الإشعار {notification} هي {state}: لا تُعاد المحاولة إلا لما فشل أو أوقف.",
    )
