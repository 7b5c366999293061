"""What postings refuse."""

from shared.domain import Conflicting, Invalid, Refusal, Text


class AlreadyPosted(Conflicting):
    """One posting at a time."""

    slug = "already-posted"
    title = Text(en="Already posted", ar="موفد من قبل")
    detail = Text(
        en="{staff} is posted to {mission}: reassign, or recall first.",
        ar="{staff} موفد إلى {mission}: انقله أو استدعه أولًا.",
    )


class SeparatedFromService(Conflicting):
    """Whoever left the service is not posted again."""

    slug = "separated-from-service"
    title = Text(en="No longer in service", ar="لم يعد في الخدمة")
    detail = Text(en="{staff} has left the service.", ar="انتهت خدمة {staff}.")


class NotPosted(Conflicting):
    """Only a posting can end; it ends once."""

    slug = "not-posted"
    title = Text(en="Not posted", ar="غير موفد")
    detail = Text(
        en="{staff} is not posted anywhere: the last posting ended ({state}).",
        ar="{staff} غير موفد إلى أي بعثة: انتهى آخر إيفاد ({state}).",
    )


class SameMission(Invalid):
    """A reassignment leads elsewhere."""

    slug = "same-mission"
    title = Text(en="Reassigned to the same mission", ar="نقل إلى البعثة نفسها")
    detail = Text(
        en="{staff} is already at {mission}: name another mission.",
        ar="{staff} في {mission} أصلًا: سمِّ بعثة أخرى.",
    )


class PostingOutOfOrder(Conflicting):
    """Postings follow one another: none begins before the last ended, and none ends before it began."""

    slug = "posting-out-of-order"
    title = Text(en="Before the last step of the posting", ar="قبل آخر خطوة في الإيفاد")
    detail = Text(
        en="This is said to be of {at}, but {staff} was posted, or came back, at {last}.",
        ar="هذا منسوب إلى {at}، لكن {staff} أوفد أو عاد في {last}.",
    )


class NoEndToMove(Conflicting):
    """Only a posting whose last day is known is extended."""

    slug = "no-end-to-move"
    title = Text(en="The posting has no last day", ar="ليس للإيفاد يوم أخير")
    detail = Text(
        en="The posting of {staff} has no last day: its category has no cap, or its beginning is not known.",
        ar="ليس لإيفاد {staff} يوم أخير: إما أن فئته بلا حد أقصى أو أن بدايته غير معروفة.",
    )


class NotLonger(Invalid):
    """An extension leads beyond the last day."""

    slug = "posting-not-longer"
    title = Text(en="Not an extension", ar="ليس تمديدًا")
    detail = Text(
        en="The posting of {staff} lasts until {ends_on} already: name a later day than that.",
        ar="إيفاد {staff} يمتد أصلًا إلى {ends_on}: سمِّ يومًا بعده.",
    )


class TooLong(Invalid):
    """A cap that one decision moves by generations is none."""

    slug = "posting-extended-too-long"
    title = Text(en="Too long an extension", ar="تمديد أطول من المسموح")
    detail = Text(
        en="The posting of {staff} cannot be extended until {until}: one extension adds {months} months at "
        "most, and {latest} is the latest day now.",
        ar="لا يُمدَّد إيفاد {staff} إلى {until}: أقصى ما يضيفه التمديد الواحد بالأشهر {months}، وآخر يوم ممكن "
        "الآن {latest}.",
    )


class StaffMemberErased(Conflicting):
    """Whoever was erased has no personal data any more, and gets none."""

    slug = "staff-erased"
    title = Text(en="Personal data erased", ar="مُحيت البيانات الشخصية")
    detail = Text(
        en="The personal data of {staff} was erased for good. Nothing is recorded under this id again.",
        ar="مُحيت البيانات الشخصية للموظف {staff} نهائيًا، ولا يُسجَّل شيء بهذا المعرّف مرة أخرى.",
    )


class NotBornYet(Invalid):
    """Whoever is posted was born; the day itself is personal and is not repeated."""

    slug = "not-born-yet"
    title = Text(en="The birthday is still to come", ar="تاريخ الميلاد لم يحن بعد")
    detail = Text(
        en="The date of birth of {staff} is still to come: correct it.",
        ar="تاريخ ميلاد {staff} لم يحن بعد: صححه.",
    )


class NothingToErase(Conflicting):
    """Only what was recorded is erased."""

    slug = "nothing-to-erase"
    title = Text(en="Nothing to erase", ar="لا شيء يُمحى")
    detail = Text(
        en="No personal data of {staff} was ever recorded.",
        ar="لم تُسجَّل بيانات شخصية للموظف {staff} قط.",
    )


class StillPosted(Conflicting):
    """A mission must be able to tell who is posted to it."""

    slug = "still-posted"
    title = Text(en="Still posted", ar="ما زال موفدًا")
    detail = Text(
        en="{staff} is posted to {mission}: end the posting first, then erase.",
        ar="{staff} موفد إلى {mission}: أنهِ الإيفاد أولًا ثم امحُ البيانات.",
    )


class PersonalDataNotKept(Conflicting):
    """Without a place for keys nothing personal is taken."""

    slug = "personal-data-not-kept"
    title = Text(en="No personal data is kept here", ar="لا تُحفظ بيانات شخصية هنا")
    detail = Text(
        en="This installation has no keys for personal data: the operator must set TANFIDH_PERSON_KEYS.",
        ar="لا مفاتيح للبيانات الشخصية في هذا النظام: على المشغّل ضبط TANFIDH_PERSON_KEYS.",
    )


class PersonKeyMissing(Refusal):
    """Personal data is there and cannot be read, and nobody erased it."""

    slug = "person-key-missing"
    status = 503
    title = Text(en="The key is missing", ar="المفتاح مفقود")
    detail = Text(
        en="The personal data of {staff} was not erased, but its key is missing: the operator must restore "
        "the keys from their backup (tanfidh keys restore).",
        ar="لم تُمحَ البيانات الشخصية للموظف {staff} لكن مفتاحها مفقود: على المشغّل استعادة المفاتيح من نسختها "
        "الاحتياطية (tanfidh keys restore).",
    )


class PersonKeysUnavailable(Refusal):
    """The folder of keys does not answer, or holds what it should not."""

    slug = "person-keys-unavailable"
    status = 503
    title = Text(en="The keys of personal data cannot be read", ar="تعذّرت قراءة مفاتيح البيانات الشخصية")
    detail = Text(
        en="The place where the keys of personal data are does not answer as it should; the log of the "
        "service says why. Try again later.",
        ar="لا يستجيب موضع مفاتيح البيانات الشخصية كما ينبغي، وسجل الخدمة يذكر السبب. أعد المحاولة لاحقًا.",
    )
