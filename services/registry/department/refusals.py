"""What departments refuse."""

from shared.domain import Conflicting, Forbidden, Invalid, Text


class DepartmentKnownOtherwise(Conflicting):
    """The key already belongs to a department of another name."""

    slug = "department-known-otherwise"
    title = Text(en="Department known under another name", ar="الإدارة معروفة باسم آخر")
    detail = Text(
        en="The department {department} is registered under another name: use another key.",
        ar="الإدارة {department} مسجلة باسم آخر: استعمل مفتاحًا آخر.",
    )


class SigningKnownOtherwise(Conflicting):
    """A dossier declares for whom a department signs, and changes nothing that was declared."""

    slug = "signing-known-otherwise"
    title = Text(en="Signing declared otherwise", ar="التوقيع معلن على نحو آخر")
    detail = Text(
        en="For whom {department} signs closing minutes was declared otherwise: change it by a command.",
        ar="سبق إعلان من توقّع عنه {department} في محاضر الإقفال على نحو آخر: غيّره بأمر مستقل.",
    )


class NoHead(Conflicting):
    """Nobody acts for a head whom nobody appointed."""

    slug = "no-head"
    title = Text(en="The department has no head", ar="ليس للإدارة رئيس")
    detail = Text(
        en="The department {department} has no head on record: appoint one first.",
        ar="ليس للإدارة {department} رئيس مسجل: عيّن رئيسًا أولًا.",
    )


class NotTheHead(Forbidden):
    """Only the head delegates, and in person: what was delegated is not delegated on."""

    slug = "not-the-head"
    title = Text(en="Only the head delegates", ar="لا يفوّض إلا الرئيس")
    detail = Text(
        en="Only the head of {department} delegates, in person; {subject} is not, or acts for them.",
        ar="لا يفوّض إلا رئيس {department} بنفسه؛ و{subject} ليس هذا الرئيس، أو يتصرف نيابةً عنه.",
    )


class OwnDeputy(Invalid):
    """Nobody acts on their own behalf as a deputy."""

    slug = "own-deputy"
    title = Text(en="The head cannot be their own deputy", ar="لا ينوب الرئيس عن نفسه")
    detail = Text(en="{deputy} is the head of {department}.", ar="{deputy} هو رئيس {department}.")


class PeriodSenseless(Invalid):
    """A delegation ends after it begins, and after now."""

    slug = "period-senseless"
    title = Text(en="The period makes no sense", ar="المدة غير صحيحة")
    detail = Text(
        en="It would last from {since} until {until}: it must end after it begins, and after now.",
        ar="تمتد من {since} إلى {until}: يجب أن تنتهي بعد بدايتها وبعد الآن.",
    )


class DelegationKnownOtherwise(Conflicting):
    """A key names one delegation for ever."""

    slug = "delegation-known-otherwise"
    title = Text(en="The key is taken", ar="المفتاح مستعمل")
    detail = Text(
        en="The department {department} has another delegation or appointment under {key}: use another key.",
        ar="للإدارة {department} تفويض أو تكليف آخر بالمفتاح {key}: استعمل مفتاحًا آخر.",
    )


class ActingHeadAlready(Conflicting):
    """One acting head at a time."""

    slug = "acting-head-already"
    title = Text(en="There is an acting head then", ar="هناك رئيس مكلف في تلك المدة")
    detail = Text(
        en="{deputy} acts as head of {department} in that time ({key}): end that first.",
        ar="{deputy} مكلف برئاسة {department} في تلك المدة ({key}): أنهِ ذلك أولًا.",
    )


class UnknownActions(Invalid):
    """What is delegated are actions of the tables of permissions."""

    slug = "unknown-actions"
    title = Text(en="Unknown actions", ar="إجراءات غير معروفة")
    detail = Text(
        en="There are no such actions: {actions}.",
        ar="لا توجد إجراءات كهذه: {actions}.",
    )


class UnknownRole(Invalid):
    """A head acts in one of the roles that a token may carry."""

    slug = "unknown-role"
    title = Text(en="Unknown role", ar="دور غير معروف")
    detail = Text(
        en="{role} is no role in which a head acts; there are: {roles}.",
        ar="{role} ليس دورًا لرئيس إدارة؛ الأدوار هي: {roles}.",
    )


class DelegationOver(Conflicting):
    """What is over does not end again."""

    slug = "delegation-over"
    title = Text(en="The delegation is over", ar="انتهى التفويض")
    detail = Text(
        en="{key} of {department} has ended, or its time has passed, or its head is not the head any more.",
        ar="انتهى {key} في {department}، أو انقضت مدته، أو لم يعد صاحبه رئيسًا.",
    )


class OwnAncestor(Invalid):
    """A department does not stand under itself."""

    slug = "own-ancestor"
    title = Text(en="A circle of departments", ar="حلقة بين الإدارات")
    detail = Text(
        en="{department} would stand under itself: {parent} is it, or stands under it.",
        ar="ستصير {department} تابعة لنفسها: {parent} هي نفسها أو تابعة لها.",
    )
