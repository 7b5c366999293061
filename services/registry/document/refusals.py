"""What documents refuse."""

from shared.domain import Conflicting, Invalid, Text


class DocumentKnownOtherwise(Conflicting):
    """The key already belongs to another document."""

    slug = "document-known-otherwise"
    title = Text(en="Another document has this key", ar="لمستند آخر هذا المفتاح")
    detail = Text(
        en="The document {document} is registered with other content: use another key, or withdraw it.",
        ar="المستند {document} مسجل بمحتوى آخر: استعمل مفتاحًا آخر أو اسحبه.",
    )


class NoLetterNumber(Invalid):
    """People find a document by its letter number."""

    slug = "no-letter-number"
    title = Text(en="No letter number", ar="لا رقم للكتاب")
    detail = Text(
        en="{document} has neither an incoming nor an outgoing number: give one of them.",
        ar="ليس للمستند {document} رقم وارد ولا رقم صادر: اذكر أحدهما.",
    )


class DatedAhead(Invalid):
    """Nobody holds a letter of a day that has not come."""

    slug = "document-dated-ahead"
    title = Text(en="Dated in the future", ar="تاريخ المستند لم يحن")
    detail = Text(
        en="{document} is dated {dated}, which is still to come: correct the date.",
        ar="تاريخ المستند {document} هو {dated} ولم يحن بعد: صحح التاريخ.",
    )


class AlreadyWithdrawn(Conflicting):
    """A document is withdrawn once."""

    slug = "document-withdrawn"
    title = Text(en="The document was withdrawn", ar="سُحب المستند")
    detail = Text(en="The document {document} was withdrawn before.", ar="سبق سحب المستند {document}.")
