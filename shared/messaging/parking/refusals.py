"""What the rules about parked events refuse."""

from shared.contracts.text import Text
from shared.domain.refusal import Conflicting, Refusal


class NotParked(Refusal):
    """No event of that position is parked."""

    slug = "not-parked"
    status = 404
    title = Text(en="Not parked", ar="ليس موقوفًا")
    detail = Text(
        en="No event at position {position} of {source} is parked: it was taken in or skipped, or never was.",
        ar="لا يوجد حدث موقوف في الموضع {position} من {source}: إما أنه عولج أو تُخطّي أو لم يوقف قط.",
    )


class NotFirst(Conflicting):
    """Another event of its queue waits before it: of the same stream, or of one on which it rests."""

    slug = "not-first-of-its-stream"
    title = Text(en="Another event waits before it", ar="حدث آخر ينتظر قبله")
    detail = Text(
        en="The event at position {position} of {source} waits behind the one at {first}, of the stream "
        "{stream}: retry or skip that one first.",
        ar="الحدث في الموضع {position} من {source} ينتظر خلف الحدث في الموضع {first} من السلسلة "
        "{stream}: أعد محاولة ذلك الحدث أو تخطَّه أولًا.",
    )


class AlreadyParked(Conflicting):
    """An event of an older log of the source still waits under the same position."""

    slug = "already-parked"
    title = Text(en="The position is taken", ar="الموضع مشغول")
    detail = Text(
        en="At position {position} of {source} an event of the log {log} is parked: retry or skip it first.",
        ar="يوجد في الموضع {position} من {source} حدث موقوف من السجل {log}: أعد محاولته أو تخطَّه.",
    )


class NotBehind(Exception):
    """An event was to wait behind others, and none of them waits any more."""
