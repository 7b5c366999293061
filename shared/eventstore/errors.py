"""What the store refuses, and what stops it."""

from shared.contracts.text import Text
from shared.domain.refusal import Refusal


class PreconditionFailed(Refusal):
    """The aggregate is no longer at the version that the caller saw (If-Match)."""

    slug = "precondition-failed"
    status = 412
    title = Text(en="Changed since you read it", ar="تغيّر منذ قراءته")
    detail = Text(
        en="{stream} is at version {version}, not {expected}: read it again and decide anew.",
        ar="{stream} في الإصدار {version} وليس {expected}: اقرأه من جديد ثم قرّر.",
    )


class IdempotencyMismatch(Refusal):
    """An idempotency key came again with another request."""

    slug = "idempotency-mismatch"
    status = 422
    title = Text(en="Idempotency key used for another request", ar="مفتاح التكرار مستعمل لطلب آخر")
    detail = Text(
        en="This Idempotency-Key already belongs to a different request: use a new key.",
        ar="مفتاح التكرار هذا يخص طلبًا مختلفًا: استعمل مفتاحًا جديدًا.",
    )


class EventTooLarge(Refusal):
    """An event is larger than the stream takes."""

    slug = "event-too-large"
    status = 413
    title = Text(en="Too large to record", ar="أكبر من أن يُسجَّل")
    detail = Text(
        en="The event {type} would have {size} bytes; the limit is {limit}.",
        ar="حجم الحدث {type} هو {size} بايت والحد الأقصى {limit}.",
    )


class StoreUnavailable(Refusal):
    """PostgreSQL does not answer; whether the command was stored is not known yet."""

    slug = "store-unavailable"
    status = 503
    title = Text(en="Storage does not answer", ar="التخزين لا يستجيب")
    detail = Text(
        en="The command may or may not have been stored: repeat it with the same Idempotency-Key.",
        ar="قد يكون الأمر سُجّل وقد لا يكون: أعد إرساله بمفتاح التكرار نفسه.",
    )


class StoreNotRead(Refusal):
    """PostgreSQL does not answer a question; nothing was to be stored."""

    slug = "store-not-read"
    status = 503
    title = StoreUnavailable.title
    detail = Text(
        en="Nothing can be read at the moment: repeat the request, a command with the same Idempotency-Key.",
        ar="تتعذر القراءة الآن: أعد الطلب، وإن كان أمرًا فبمفتاح التكرار نفسه.",
    )


class InboxMoved(Exception):
    """An inbox step starts where its inbox no longer stands: somebody else moved it."""


class PredecessorFailed(Exception):
    """A command was to be decided after another, and that one failed."""


class UnusableStore(Exception):
    """The schema is missing, of another version, or does not agree with its own log."""
