"""What decrees refuse."""

from shared.domain import Conflicting, Forbidden, Invalid, NotFound, Text


class DecreeExists(Conflicting):
    """A decree is issued once."""

    slug = "decree-exists"
    title = Text(en="Decree already issued", ar="القرار صادر من قبل")
    detail = Text(
        en="The decree {decree} is already here: change it by an amendment, not by issuing it again.",
        ar="القرار {decree} موجود من قبل: غيّره بتعديل لا بإصداره من جديد.",
    )


class DecreeIncoherent(Invalid):
    """The decree contradicts itself; `faults` lists how."""

    slug = "decree-incoherent"
    title = Text(en="The decree contradicts itself", ar="القرار يناقض نفسه")
    detail = Text(en="The decree {decree}: {faults}.", ar="القرار {decree}: {faults}.")


class AlreadyInForce(Conflicting):
    """A decree enters into force once."""

    slug = "decree-already-in-force"
    title = Text(en="Already in force", ar="القرار نافذ من قبل")
    detail = Text(
        en="The decree {decree} has already entered into force.",
        ar="دخل القرار {decree} حيز النفاذ من قبل.",
    )


class DecreeNotInForce(Conflicting):
    """Only a decree in force can be held, resumed, ordered by or executed."""

    slug = "decree-not-in-force"
    title = Text(en="Decree not in force", ar="القرار غير نافذ")
    detail = Text(
        en="The decree {decree} is not in force: its state is {state}.",
        ar="القرار {decree} غير نافذ: حالته {state}.",
    )


class NotYetInForce(DecreeNotInForce):
    """A decree binds from its day on, and nothing is done by it before."""

    slug = "decree-not-yet-in-force"
    title = Text(en="Not yet in force", ar="لم يدخل القرار حيز النفاذ بعد")
    detail = Text(
        en="The decree {decree} enters into force on {on}: nothing is carried out by it before.",
        ar="يدخل القرار {decree} حيز النفاذ في {on}: لا ينفذ شيء بموجبه قبل ذلك.",
    )


class DecreeOnHold(Conflicting):
    """An oversight hold covers what was asked for, at the moment of which it is said to be."""

    slug = "decree-on-hold"
    title = Text(en="Execution is on hold", ar="التنفيذ موقوف")
    detail = Text(
        en="Execution of {decree} is held ({holds}) at the moment of which this is said to be: nothing is "
        "carried out before the hold is lifted, nor as of a day on which it was in force.",
        ar="تنفيذ {decree} موقوف ({holds}) في الوقت المنسوب إليه ذلك: لا ينفذ شيء قبل رفع الإيقاف، "
        "ولا بتاريخ يوم كان فيه الإيقاف ساريًا.",
    )


class HoldExists(Conflicting):
    """The key of a hold is used once, also after the hold was lifted."""

    slug = "hold-exists"
    title = Text(en="Hold already known", ar="الإيقاف معروف من قبل")
    detail = Text(
        en="The decree {decree} already had a hold {hold}: give the new one another key.",
        ar="للقرار {decree} إيقاف سابق بالمفتاح {hold}: أعط الجديد مفتاحًا آخر.",
    )


class BeforeDecree(Invalid):
    """Nothing comes of a decree before it was announced."""

    slug = "before-the-decree"
    title = Text(en="Before the decree", ar="قبل القرار")
    detail = Text(
        en="This is said to be of {effective_at}; the decree {decree} was announced on {announced_on}: "
        "name a moment on that day or after it.",
        ar="هذا منسوب إلى {effective_at}، وقد أُعلن القرار {decree} في {announced_on}: "
        "اذكر وقتًا في ذلك اليوم أو بعده.",
    )


class HoldBeforeDecree(BeforeDecree):
    """Nothing can be held before it was announced."""

    slug = "hold-before-decree"
    title = Text(en="The hold is said to be earlier than the decree", ar="الإيقاف يسبق القرار")
    detail = Text(
        en="The hold is said to be of {effective_at}; the decree {decree} was announced on {announced_on}: "
        "name a moment on that day or after it.",
        ar="الإيقاف منسوب إلى {effective_at}، وقد أُعلن القرار {decree} في {announced_on}: "
        "اذكر وقتًا في ذلك اليوم أو بعده.",
    )


class LiftBeforeHold(Invalid):
    """A hold is not lifted before it is in force."""

    slug = "lift-before-hold"
    title = Text(en="The lift is said to be earlier than the hold", ar="رفع الإيقاف يسبق الإيقاف")
    detail = Text(
        en="The lift is said to be of {effective_at}; the hold {hold} on {decree} is in force since {since}: "
        "name a moment that is not earlier.",
        ar="رفع الإيقاف منسوب إلى {effective_at}، والإيقاف {hold} على {decree} نافذ منذ {since}: "
        "اذكر وقتًا لا يسبقه.",
    )


class HoldInAnothersName(Forbidden):
    """Whoever acts for a department holds in its name."""

    slug = "hold-in-anothers-name"
    title = Text(en="A hold in another's name", ar="إيقاف باسم جهة أخرى")
    detail = Text(
        en="You act for {department}: you cannot place a hold in the name of {by}.",
        ar="أنت تتصرف باسم {department}: لا يمكنك وضع إيقاف باسم {by}.",
    )


class HoldNotOpen(NotFound):
    """The decree has no open hold of that key."""

    slug = "hold-not-open"
    title = Text(en="No such hold is open", ar="لا إيقاف مفتوحًا بهذا المفتاح")
    detail = Text(
        en="The decree {decree} has no open hold {hold}.",
        ar="لا يوجد للقرار {decree} إيقاف مفتوح بالمفتاح {hold}.",
    )


class HeldByOther(Forbidden):
    """A hold is lifted by the one who placed it."""

    slug = "held-by-other"
    title = Text(en="Another authority holds it", ar="الإيقاف لجهة أخرى")
    detail = Text(
        en="The hold {hold} on {decree} was placed by {holder}, who alone lifts it.",
        ar="وضعت {holder} الإيقاف {hold} على {decree}، ولها وحدها رفعه.",
    )


class ReasonBlank(Invalid):
    """A hold is placed and lifted for a reason."""

    slug = "hold-reason-blank"
    title = Text(en="No reason given", ar="لا سبب")
    detail = Text(
        en="Say why {decree} is held or goes on: the reason is blank.",
        ar="اذكر سبب إيقاف {decree} أو استئنافه: السبب فارغ.",
    )


class HoldConditionsOpen(Conflicting):
    """A hold is lifted only when the evidence for each of its conditions is given."""

    slug = "hold-conditions-open"
    title = Text(en="Conditions of the hold are not met", ar="شروط الإيقاف لم تُستوف")
    detail = Text(
        en="The hold {hold} on {decree} still lacks evidence for: {missing}.",
        ar="الإيقاف {hold} على {decree} ما زال ينقصه إثبات: {missing}.",
    )


class HoldConditionUnknown(Invalid):
    """Evidence was given for a condition that the hold does not have."""

    slug = "hold-condition-unknown"
    title = Text(en="The hold has no such condition", ar="ليس للإيقاف شرط كهذا")
    detail = Text(
        en="The hold {hold} on {decree} has no condition {unknown}.",
        ar="ليس للإيقاف {hold} على {decree} الشرط {unknown}.",
    )


class MeasuresOutstanding(Conflicting):
    """A decree is executed when every measure of it is."""

    slug = "measures-outstanding"
    title = Text(en="Measures are outstanding", ar="إجراءات لم تنفذ بعد")
    detail = Text(
        en="{count} measure(s) of {decree} are not executed: {measures}.",
        ar="لم تنفذ {count} من إجراءات القرار {decree}: {measures}.",
    )


class HoldConditionTwice(Invalid):
    """Each condition of a hold has a key of its own."""

    slug = "hold-condition-twice"
    title = Text(en="A condition stands twice", ar="شرط مكرر")
    detail = Text(
        en="The hold {hold} on {decree} names a condition more than once: {repeated}.",
        ar="يذكر الإيقاف {hold} على {decree} شرطًا أكثر من مرة: {repeated}.",
    )


class HoldConditionSettled(Conflicting):
    """What is fulfilled is not waived, and what is waived is waived once."""

    slug = "hold-condition-settled"
    title = Text(en="The condition is settled", ar="الشرط مستوفى أو متنازل عنه")
    detail = Text(
        en="The condition {condition} of the hold {hold} on {decree} is fulfilled or waived already.",
        ar="الشرط {condition} من الإيقاف {hold} على {decree} مستوفى أو متنازل عنه من قبل.",
    )


class DecreeNotExecuted(Conflicting):
    """Only an executed decree is reported on for good and removed from control."""

    slug = "decree-not-executed"
    title = Text(en="Decree not executed", ar="القرار لم ينفذ")
    detail = Text(
        en="The decree {decree} is {state}: this follows its execution.",
        ar="القرار {decree} حالته {state}: يأتي ذلك بعد تنفيذه.",
    )


class ReportApproved(Conflicting):
    """An approved final report stands."""

    slug = "final-report-approved"
    title = Text(en="The final report is approved", ar="التقرير الختامي معتمد")
    detail = Text(
        en="The final report on {decree} is approved and stands.",
        ar="التقرير الختامي عن {decree} معتمد وثابت.",
    )


class NoReportOpen(Conflicting):
    """Only a report that waits for approval is approved or returned."""

    slug = "no-final-report-open"
    title = Text(en="No report waits for approval", ar="لا تقرير بانتظار الاعتماد")
    detail = Text(
        en="No final report on {decree} waits for approval.",
        ar="لا يوجد تقرير ختامي عن {decree} بانتظار الاعتماد.",
    )


class ReportNotApproved(Conflicting):
    """Removal from control needs an approved final report."""

    slug = "final-report-not-approved"
    title = Text(en="No approved final report", ar="لا تقرير ختاميًا معتمدًا")
    detail = Text(
        en="The decree {decree} stays under control until its final report is approved.",
        ar="يبقى القرار {decree} قيد المتابعة حتى يُعتمد تقريره الختامي.",
    )


class DecidedByReporter(Forbidden):
    """Nobody approves their own report, nor removes from control what they reported on."""

    slug = "decided-by-reporter"
    title = Text(en="Somebody else decides", ar="القرار لشخص آخر")
    detail = Text(
        en="{subject} reported on {decree}: another person decides on it.",
        ar="أعدّ {subject} التقرير عن {decree}: يبت فيه شخص آخر.",
    )
