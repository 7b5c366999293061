"""What is refused about the bytes of documents."""

from shared.domain import Conflicting, Invalid, NotFound, Refusal, Text


class DigestDiffers(Invalid):
    """Bytes are sent under their own digest."""

    slug = "digest-differs"
    title = Text(en="The bytes are others than named", ar="البايتات غير ما سُمِّي")
    detail = Text(
        en="The body has the SHA-256 {found}, and not {sha256} as the path says: send it as it is, whole.",
        ar="بصمة المحتوى SHA-256 هي {found} وليست {sha256} كما في المسار: أرسله كما هو كاملًا.",
    )


class MediaTypeNotTaken(Refusal):
    """Only files that people read are taken, and by what they are."""

    slug = "media-type-not-taken"
    status = 415
    title = Text(en="This kind of file is not taken", ar="هذا النوع من الملفات غير مقبول")
    detail = Text(
        en="The bytes are of no kind that is taken, or of another than Content-Type says ({given}). These "
        "are taken: {taken}; with application/octet-stream the kind is found out.",
        ar="المحتوى ليس من الأنواع المقبولة، أو يخالف ما تقوله Content-Type ({given}). المقبول: {taken}؛ ومع "
        "application/octet-stream يُستدل على النوع.",
    )


class ContentsNotKept(Conflicting):
    """Without a folder for them no bytes are taken."""

    slug = "contents-not-kept"
    title = Text(en="No documents are kept here", ar="لا تُحفظ مستندات هنا")
    detail = Text(
        en="This installation has no folder for documents: the operator must set TANFIDH_DOCUMENTS.",
        ar="لا مجلد للمستندات في هذا النظام: على المشغّل ضبط TANFIDH_DOCUMENTS.",
    )


class ContentsNotThere(NotFound):
    """The bytes were never sent here."""

    slug = "contents-not-there"
    title = Text(en="The bytes are not here", ar="المحتوى غير موجود هنا")
    detail = Text(
        en="No bytes with the SHA-256 {sha256} were ever sent here: send them with PUT /contents/{sha256}.",
        ar="لم يُرسل إلى هنا قط محتوى بصمته SHA-256 {sha256}: أرسله بالطلب PUT /contents/{sha256}.",
    )


class ContentsDamaged(Refusal):
    """The bytes are there and are not what they were; that is an alarm."""

    slug = "contents-damaged"
    status = 503
    title = Text(en="The bytes were changed", ar="تغيّر المحتوى")
    detail = Text(
        en="What is kept as {sha256} has another digest now: it was changed or damaged after it was stored. "
        "The operator must restore it from a backup, or somebody must send the right bytes again.",
        ar="المحفوظ باسم {sha256} صارت له بصمة أخرى: تغيّر أو تلف بعد حفظه. على المشغّل استعادته من نسخة "
        "احتياطية، أو أن يُعاد إرسال المحتوى الصحيح.",
    )


class ContentsUnavailable(Refusal):
    """The folder of documents does not answer."""

    slug = "contents-unavailable"
    status = 503
    title = Text(en="Documents cannot be read or kept", ar="تعذّرت قراءة المستندات أو حفظها")
    detail = Text(
        en="The folder of documents does not answer as it should; the log of the service says why. Try again "
        "later.",
        ar="لا يستجيب مجلد المستندات كما ينبغي، وسجل الخدمة يذكر السبب. أعد المحاولة لاحقًا.",
    )
