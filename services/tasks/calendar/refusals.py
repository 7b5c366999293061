"""Why something about a calendar is refused."""

from shared.domain import Conflicting, Invalid, NotFound, Text


class LabelTaken(Conflicting):
    """A label names one version for good."""

    slug = "label-taken"
    title = Text(en="Label already used", ar="التسمية مستعملة من قبل")
    detail = Text(
        en="{kind} {id} already has a version labelled {label}: give the new one a label of its own.",
        ar="يوجد إصدار سابق من «{kind_ar}» {id} بالتسمية {label}: اختر للإصدار الجديد تسمية خاصة به.",
    )


class CalendarNotDeclared(Conflicting):
    """Nothing can be computed under a calendar that nobody declared."""

    slug = "calendar-not-declared"
    title = Text(en="Calendar not declared", ar="التقويم غير معلن")
    detail = Text(
        en="The calendar {calendar} is not declared: declare it first.",
        ar="لم يُعلن التقويم {calendar}: أعلنه أولًا.",
    )


class NoSuchVersion(NotFound):
    """A procedure or a calendar has no version of that number."""

    detail = Text(
        en="There is no version {version} of {kind} {id}.",
        ar="لا يوجد الإصدار {version} من «{kind_ar}» {id}.",
    )


class HolidayKnown(Conflicting):
    """A day is a holiday once."""

    slug = "holiday-known"
    title = Text(en="The day is a holiday already", ar="اليوم عطلة من قبل")
    detail = Text(
        en="In calendar {calendar}, {day} is a holiday already ({name_en}): move or revoke that one.",
        ar="اليوم {day} عطلة من قبل في التقويم {calendar} («{name_ar}»): انقلها أو ألغها.",
    )


class NoHoliday(Conflicting):
    """Only a holiday is moved or revoked."""

    slug = "no-holiday"
    title = Text(en="The day is no holiday", ar="اليوم ليس عطلة")
    detail = Text(
        en="In calendar {calendar}, {day} is no holiday: there is nothing to move or to revoke.",
        ar="اليوم {day} ليس عطلة في التقويم {calendar}: لا شيء يُنقل أو يُلغى.",
    )


class HolidayNotMoved(Invalid):
    """A holiday is moved to another day."""

    slug = "holiday-not-moved"
    title = Text(en="It is the same day", ar="اليوم هو نفسه")
    detail = Text(
        en="The holiday of {day} in calendar {calendar} stays where it is: name another day.",
        ar="عطلة {day} في التقويم {calendar} تبقى في يومها: اذكر يومًا آخر.",
    )


class HolidayNotCovered(Invalid):
    """Holidays are known for the days that a calendar covers, and none beyond."""

    slug = "holiday-not-covered"
    title = Text(en="The calendar does not cover the day", ar="التقويم لا يشمل اليوم")
    detail = Text(
        en="Calendar {calendar} covers {covers_from} to {covers_to}, and {day} is outside: declare the "
        "calendar anew with more days.",
        ar="يشمل التقويم {calendar} المدة من {covers_from} إلى {covers_to}، واليوم {day} خارجها: أعلن "
        "التقويم من جديد بأيام أكثر.",
    )


class TooManyHolidays(Conflicting):
    """A calendar has a limit of size."""

    slug = "too-many-holidays"
    title = Text(en="Too many holidays", ar="العطل أكثر مما يجوز")
    detail = Text(
        en="Calendar {calendar} has {most} holidays, which is the most: declare it anew with fewer years.",
        ar="في التقويم {calendar} {most} عطلة وهو الحد الأقصى: أعلنه من جديد بسنوات أقل.",
    )


class TooManyVersions(Conflicting):
    """A calendar is kept whole in every version, and there is a limit to that."""

    slug = "too-many-versions"
    title = Text(en="Too many versions", ar="الإصدارات أكثر مما يجوز")
    detail = Text(
        en="Calendar {calendar} has {most} versions, which is the most: declare one of another name.",
        ar="للتقويم {calendar} {most} إصدارًا وهو الحد الأقصى: أعلن تقويمًا باسم آخر.",
    )


class NotTheNewest(Conflicting):
    """What is approved is the newest version: what was looked at before a later change is not."""

    slug = "not-the-newest-calendar"
    title = Text(en="There is a newer version", ar="يوجد إصدار أحدث")
    detail = Text(
        en="Version {version} of calendar {calendar} is not the newest, which is {newest}: look at what that "
        "one moves, and approve it.",
        ar="الإصدار {version} من التقويم {calendar} ليس الأحدث، والأحدث {newest}: راجع ما يغيّره ثم اعتمده.",
    )


class CalendarOfOthers(Conflicting):
    """A calendar is applied to the deadlines that are computed under it."""

    slug = "calendar-of-others"
    title = Text(en="Its deadlines stand under another calendar", ar="آجاله بحسب تقويم آخر")
    detail = Text(
        en="The deadlines of {kind} {id} are computed under calendar {other}, not {calendar}.",
        ar="تُحسب آجال «{kind_ar}» {id} بحسب التقويم {other} لا {calendar}.",
    )


class NothingToApplyTo(Invalid):
    """Whoever approves a version says what for: a plan, a decree or a meeting."""

    slug = "nothing-to-apply-to"
    title = Text(en="Nothing is named to apply it to", ar="لم يُذكر ما يُطبَّق عليه")
    detail = Text(
        en="Name the plan, decree or meeting whose deadlines move to calendar {calendar}: one of them.",
        ar="اذكر الخطة أو القرار أو الاجتماع الذي تُنقل آجاله إلى التقويم {calendar}، واحدًا فقط.",
    )


class CalendarsNotTogether(Invalid):
    """Calendars are joined where they leave working days, and each once."""

    slug = "calendars-not-together"
    title = Text(en="The calendars cannot be joined", ar="لا يمكن الجمع بين التقاويم")
    detail = Text(
        en="The calendars {calendars} cannot be joined: one is named twice, or they leave no working day.",
        ar="لا يمكن الجمع بين التقاويم {calendars}: ذُكر أحدها مرتين، أو لا يبقى بها يوم عمل.",
    )
