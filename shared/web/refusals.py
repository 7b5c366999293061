"""What the web layer itself refuses, before any rule of a service is asked."""

from collections.abc import Mapping
from typing import Any, ClassVar

from shared.contracts.text import Text
from shared.domain.refusal import Refusal


class WebRefusal(Refusal):
    """A refusal of the web layer; `headers` go with the answer."""

    def __init__(self, headers: Mapping[str, str] | None = None, **facts: Any) -> None:
        self.headers = dict(headers or {})
        super().__init__(**facts)


class BadRequest(WebRefusal):
    """The request cannot be read as HTTP asks."""

    slug = "bad-request"
    status = 400
    title = Text(en="The request cannot be read", ar="تعذّرت قراءة الطلب")


class BadHeader(BadRequest):
    """A header has a value that it cannot have."""

    slug = "bad-header"
    title = Text(en="A header cannot be read", ar="تعذّرت قراءة ترويسة")
    detail = Text(
        en="The header {header} must be {expected}.",
        ar="يجب أن تكون الترويسة {header}: {expected}.",
    )


class UnknownParameter(BadRequest):
    """A query parameter that the endpoint does not have."""

    slug = "unknown-parameter"
    title = Text(en="Unknown query parameter", ar="معامل استعلام غير معروف")
    detail = Text(
        en="There is no query parameter {parameter} here; known are: {known}.",
        ar="لا يوجد هنا معامل استعلام باسم {parameter}؛ المعروفة: {known}.",
    )


class RepeatedParameter(BadRequest):
    """A query parameter was sent twice, so that it is anybody's guess which one counts."""

    slug = "repeated-parameter"
    title = Text(en="Query parameter sent twice", ar="معامل استعلام مكرر")
    detail = Text(
        en="Send the query parameter {parameter} once.", ar="أرسل معامل الاستعلام {parameter} مرة واحدة."
    )


class IdempotencyKeyMissing(BadRequest):
    """A command came without Idempotency-Key."""

    slug = "idempotency-key-missing"
    title = Text(en="Idempotency-Key is missing", ar="مفتاح التكرار مفقود")
    detail = Text(
        en="Send an Idempotency-Key of 1 to 128 visible ASCII characters, a new one for each command.",
        ar="أرسل Idempotency-Key من 1 إلى 128 محرف ASCII ظاهرًا، ومفتاحًا جديدًا لكل أمر.",
    )


class Unauthenticated(WebRefusal):
    """No valid credentials (RFC 6750)."""

    slug = "unauthenticated"
    status = 401
    title = Text(en="Not authenticated", ar="لم تثبت الهوية")
    detail = Text(en="{reason}", ar="{reason}")


class NoSuchPath(WebRefusal):
    """No endpoint has this path."""

    slug = "no-such-path"
    status = 404
    title = Text(en="No such address", ar="لا يوجد عنوان كهذا")
    detail = Text(en="Nothing answers at {path}.", ar="لا شيء يستجيب عند {path}.")


class MethodNotAllowed(WebRefusal):
    """The path exists, the method does not."""

    slug = "method-not-allowed"
    status = 405
    title = Text(en="Method not allowed", ar="طريقة غير مسموحة")
    detail = Text(
        en="{method} is not possible here; possible are: {allowed}.",
        ar="الطريقة {method} غير ممكنة هنا؛ الممكن: {allowed}.",
    )


class BodyTooLarge(WebRefusal):
    """The body is larger than the endpoint takes."""

    slug = "body-too-large"
    status = 413
    title = Text(en="Request body too large", ar="متن الطلب كبير جدًا")
    detail = Text(
        en="The body has more than {limit} bytes.",
        ar="يتجاوز المتن {limit} بايت.",
    )


class UnsupportedMediaType(WebRefusal):
    """The body is not of the media type that the endpoint reads."""

    slug = "unsupported-media-type"
    status = 415
    title = Text(en="Unsupported media type", ar="نوع وسائط غير مدعوم")
    detail: ClassVar[Text] = Text(
        en="Send the body as {expected}, not as {given}.",
        ar="أرسل المتن بصيغة {expected} وليس {given}.",
    )

    def told(self) -> Text:
        """Say in words that nothing was said."""
        given = self.facts["given"] or Text(en="nothing", ar="بلا نوع")
        return self.detail.format(expected=self.facts["expected"], given=given)


class MalformedJson(BadRequest):
    """The body is not JSON."""

    slug = "malformed-json"
    title = Text(en="The body is not JSON", ar="المتن ليس JSON")
    detail = Text(
        en="The body cannot be read as JSON: {reason}.",
        ar="تعذّرت قراءة المتن بصيغة JSON: {reason}.",
    )


class ValidationFailed(WebRefusal):
    """Parts of the request have wrong values; the member `errors` lists each with where and what."""

    slug = "validation-failed"
    status = 422
    title = Text(en="The request has wrong values", ar="في الطلب قيم خاطئة")
    detail = Text(
        en="{count} value(s) of the request are wrong; see errors.",
        ar="في الطلب قيم خاطئة عددها {count}؛ انظر errors.",
    )


class OutOfRange(WebRefusal):
    """The effective moment lies outside of the years that the service keeps."""

    slug = "effective-at-out-of-range"
    status = 422
    title = Text(en="Effective date out of range", ar="تاريخ النفاذ خارج المدى")
    detail = Text(
        en="Tanfidh-Effective-At must lie in the years {first} to {last}.",
        ar="يجب أن يقع Tanfidh-Effective-At بين سنتي {first} و{last}.",
    )


class PreconditionRequired(WebRefusal):
    """The endpoint changes only what its caller has seen (RFC 6585)."""

    slug = "precondition-required"
    status = 428
    title = Text(en="If-Match is required", ar="ترويسة If-Match مطلوبة")
    detail = Text(
        en="Read it first and send its ETag in If-Match.",
        ar="اقرأه أولًا ثم أرسل قيمة ETag في If-Match.",
    )
