"""What measures refuse."""

from shared.domain import Conflicting, Invalid, NotFound, Text


class MeasureExists(Conflicting):
    """A row is listed once."""

    slug = "measure-exists"
    title = Text(en="Measure already listed", ar="الإجراء مدرج من قبل")
    detail = Text(en="The measure {measure} is already listed.", ar="الإجراء {measure} مدرج من قبل.")


class MeasureNotInDecree(NotFound):
    """The decree's article does not name this measure."""

    slug = "measure-not-in-decree"
    detail = Text(
        en="Article {article} of {decree} names no measure {measure}.",
        ar="لا تذكر المادة {article} من القرار {decree} الإجراء {measure}.",
    )


class ReceiverIsMission(Invalid):
    """A mission cannot be merged into itself."""

    slug = "receiver-is-mission"
    title = Text(en="Merged into itself", ar="ضم البعثة إلى نفسها")
    detail = Text(
        en="The measure {measure} names {mission} both as the mission and as its receiver.",
        ar="يسمي الإجراء {measure} البعثة {mission} بعثةً ملغاة ومستقبِلة معًا.",
    )


class ReceiverNotWanted(Invalid):
    """Only a merge has a receiver."""

    slug = "receiver-not-wanted"
    title = Text(en="No receiver in this kind of measure", ar="لا بعثة مستقبلة في هذا النوع")
    detail = Text(
        en="The measure {measure} is a {measure_kind}: it has no receiving mission.",
        ar="الإجراء {measure} من نوع {measure_kind}: ليست له بعثة مستقبلة.",
    )


class MeasureSettled(Conflicting):
    """The measure is past the state in which this can be done to it."""

    slug = "measure-settled"
    title = Text(en="Not possible in the measure's state", ar="غير ممكن في حالة الإجراء")
    detail = Text(
        en="The measure {measure} is {state} already.",
        ar="الإجراء {measure} حالته {state} من قبل.",
    )


class MeasureIsBlocked(Conflicting):
    """The measure stays blocked until the unknown is identified."""

    slug = "measure-blocked"
    title = Text(en="The measure is blocked", ar="الإجراء متعذر")
    detail = Text(
        en="The measure {measure} is blocked: {explanation} Identify what is unknown, with its source.",
        ar="الإجراء {measure} متعذر: {explanation} عرّف المجهول مع مصدره.",
    )


class MeasureNotOrdered(Conflicting):
    """Only an ordered measure can be executed."""

    slug = "measure-not-ordered"
    title = Text(en="The measure is not ordered", ar="لم يصدر أمر الإجراء")
    detail = Text(
        en="The measure {measure} is {state}: it must be ordered before it is executed.",
        ar="الإجراء {measure} حالته {state}: يجب الأمر به قبل تنفيذه.",
    )


class ExecutedByClosing(Conflicting):
    """Measures that close a mission are executed by its closing and in no other way."""

    slug = "executed-by-closing"
    title = Text(en="Executed by the closing", ar="ينفذ بالإقفال")
    detail = Text(
        en="The measure {measure} is executed when {mission} is closed: close the mission.",
        ar="ينفذ الإجراء {measure} عند إقفال {mission}: أقفل البعثة.",
    )


class KnownOtherwise(Conflicting):
    """The row already names another mission or receiver; only an amendment can change that."""

    slug = "measure-known-otherwise"
    title = Text(en="The row says otherwise", ar="الصف يقول خلاف ذلك")
    detail = Text(
        en="The measure {measure} already names {known}, not {given}: that takes an amendment.",
        ar="يسمي الإجراء {measure} بالفعل {known} وليس {given}: يلزم لذلك تعديل.",
    )


class NothingIdentified(Invalid):
    """An identification that identifies nothing."""

    slug = "nothing-identified"
    title = Text(en="Nothing identified", ar="لم يُعرَّف شيء")
    detail = Text(
        en="Name the mission or the receiver that {measure} leaves unknown.",
        ar="سمِّ البعثة أو المستقبِلة التي يتركها الإجراء {measure} مجهولة.",
    )


class MeasureOver(Conflicting):
    """A row that is executed or dropped is not changed any more."""

    slug = "measure-over"
    title = Text(en="The measure is over", ar="الإجراء منتهٍ")
    detail = Text(
        en="The measure {measure} is {state}: nothing about it can be changed.",
        ar="الإجراء {measure} حالته {state}: لا يمكن تغيير شيء فيه.",
    )
