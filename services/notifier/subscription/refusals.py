"""What subscriptions refuse."""

from typing import Any

from shared.domain import Conflicting, Invalid, Text

SHOWN = 100
"""Characters of a value that a refusal repeats."""


class SubscriptionExists(Conflicting):
    """The id is taken, even where its subscription is closed: notifications name it for good."""

    slug = "subscription-exists"
    title = Text(en="Subscription exists", ar="الاشتراك موجود")
    detail = Text(
        en="There is a subscription {subscription} already: use another id.",
        ar="يوجد اشتراك بالمعرّف {subscription}: استعمل معرّفًا آخر.",
    )


class SubscriptionIsClosed(Conflicting):
    """Nothing of a closed subscription changes, and nothing is sent for it."""

    slug = "subscription-closed"
    title = Text(en="Subscription closed", ar="الاشتراك مغلق")
    detail = Text(
        en="The subscription {subscription} is closed: open another one.",
        ar="الاشتراك {subscription} مغلق: افتح اشتراكًا آخر.",
    )


class TooManySubscriptions(Conflicting):
    """Each event is compared with every open subscription, so that there is an end to their number.

    `whose` says to whom the limit applies, `most` how many these may have open.
    """

    slug = "too-many-subscriptions"
    title = Text(en="Too many subscriptions", ar="اشتراكات كثيرة جدًا")
    detail = Text(
        en="{whose_en} may have {most} open subscriptions at most, and has them: close one first.",
        ar="الحد الأقصى للاشتراكات المفتوحة {whose_ar} هو {most} وقد بلغه العدد: أغلق واحدًا أولًا.",
    )

    def __init__(self, whose: Text, most: int) -> None:
        super().__init__(whose=whose, most=most)

    def told(self) -> Text:
        """Name the limit in the reader's language."""
        whose, most = self.facts["whose"], self.facts["most"]
        return self.detail.format(
            most=most, whose_en=whose.in_language("en"), whose_ar=whose.in_language("ar")
        )


class NothingNamed(Invalid):
    """An interest that names nothing is told of everything; each event told of is recorded at least twice."""

    slug = "nothing-named"
    title = Text(en="Nothing named", ar="لم يُحدَّد شيء")
    detail = Text(
        en="An interest must name types, decrees, missions or departments: only administrators, the "
        "follow-up office, controllers and auditors may be told of every event.",
        ar="يجب أن يحدد الاهتمام أنواعًا أو مراسيم أو بعثات أو إدارات: لا يُبلَّغ بكل حدث إلا مديرو النظام "
        "ومكتب المتابعة والجهات الرقابية والمدققون.",
    )


class UnknownEventType(Invalid):
    """A type that no service declares, or a pattern that fits none."""

    slug = "unknown-event-type"
    title = Text(en="Unknown event type", ar="نوع حدث غير معروف")
    detail = Text(
        en="No event type is {type}: /asyncapi.json of each service names its own, * the last parts.",
        ar="لا يوجد نوع حدث {type}: يذكر /asyncapi.json لكل خدمة أنواعها، وتحل * محل الأجزاء الأخيرة.",
    )


class WouldLoop(Invalid):
    """Telling of it would make more of it."""

    slug = "would-loop"
    title = Text(en="Would never end", ar="لن ينتهي أبدًا")
    detail = Text(
        en="Nobody can subscribe to {type}: a notification is recorded and witnessed, and so on for ever.",
        ar="لا يمكن الاشتراك في {type}: كل إشعار يُسجَّل ويُشهد عليه فيؤدي إلى إشعار آخر.",
    )


class TooManyValues(Invalid):
    """A list of an interest is too long."""

    slug = "too-many-values"
    title = Text(en="Too many values", ar="قيم كثيرة جدًا")
    detail = Text(
        en="{field} has {count} values, and {most} are the most: open further subscriptions.",
        ar="يحتوي {field} على {count} قيمة والحد الأقصى {most}: افتح اشتراكات أخرى.",
    )


class AddressNeeded(Invalid):
    """A webhook has an address."""

    slug = "address-needed"
    title = Text(en="Address needed", ar="العنوان مطلوب")
    detail = Text(en="A webhook needs a url.", ar="يحتاج webhook إلى الحقل url.")


class NoAddressAllowed(Invalid):
    """Only webhooks go to an address."""

    slug = "no-address-allowed"
    title = Text(en="No address allowed", ar="لا يُسمح بعنوان")
    detail = Text(
        en="The channel {channel} goes nowhere: leave url out.",
        ar="لا عنوان للقناة {channel}: احذف الحقل url.",
    )


class UnusableAddress(Invalid):
    """The address is none that a webhook may go to."""

    slug = "unusable-address"
    title = Text(en="Unusable address", ar="عنوان غير صالح للاستعمال")
    detail = Text(en="The url cannot be used: {reason_en}.", ar="لا يمكن استعمال url: {reason_ar}.")

    def __init__(self, reason: Text) -> None:
        super().__init__(reason=reason)

    def told(self) -> Text:
        """Tell the reason in the reader's language."""
        reason: Any = self.facts["reason"]
        return self.detail.format(reason_en=reason.in_language("en"), reason_ar=reason.in_language("ar"))


class NoSecret(Conflicting):
    """Only webhooks are signed."""

    slug = "no-secret"
    title = Text(en="No secret", ar="لا يوجد سر")
    detail = Text(
        en="The subscription {subscription} has no secret: only webhooks are signed.",
        ar="ليس للاشتراك {subscription} سر: لا يُوقَّع إلا webhook.",
    )
