"""What amendments refuse."""

from shared.domain import Conflicting, Invalid, Text


class AmendmentEmpty(Invalid):
    """An amendment changes something."""

    slug = "amendment-empty"
    title = Text(en="The amendment changes nothing", ar="التعديل لا يغير شيئًا")
    detail = Text(
        en="Say what {by} changes, adds or drops in {decree}.",
        ar="اذكر ما يغيره {by} أو يضيفه أو يسقطه في {decree}.",
    )


class NothingNew(Invalid):
    """What an amendment changes is another thing afterwards."""

    slug = "amendment-says-nothing-new"
    title = Text(en="The amendment says nothing new", ar="التعديل لا يأتي بجديد")
    detail = Text(
        en="{decree} says already what {by} would change in: {parts}. Leave these out.",
        ar="ينص {decree} من قبل على ما يغيره {by} في: {parts}. احذفها من التعديل.",
    )


class LanguageLost(Invalid):
    """The new text of an article is there in every language of the present one."""

    slug = "amendment-loses-language"
    title = Text(en="A language would be lost", ar="ستُفقد إحدى اللغتين")
    detail = Text(
        en="Article {article} of {decree} has a text in `{language}`: give the new text in it too.",
        ar="للمادة {article} من {decree} نص بلغة `{language}`: أعط النص الجديد بها أيضًا.",
    )


class AmendmentIncoherent(Invalid):
    """The amendment does not fit the decree; `faults` lists how."""

    slug = "amendment-incoherent"
    title = Text(en="The amendment does not fit the decree", ar="التعديل لا يوافق القرار")
    detail = Text(
        en="The amendment of {decree} by {by}: {faults}.", ar="تعديل {decree} بموجب {by}: {faults}."
    )


class LaterWouldNotFit(Conflicting):
    """What is older in law is not entered where what is later would not fit any more; `faults` lists how."""

    slug = "later-amendment-would-not-fit"
    title = Text(en="A later amendment would not fit any more", ar="تعديل لاحق لن يوافق القرار")
    detail = Text(
        en="{by} changes {decree} from {on}; {later} was entered before, and changes it from {later_on}. "
        "Together they contradict each other: {faults}. Compare both texts.",
        ar="يغير {by} القرار {decree} اعتبارًا من {on}، وسبق تسجيل {later} الذي يغيره من {later_on}. "
        "وهما معًا متناقضان: {faults}. قارن النصين.",
    )


class EndBeforeAmendment(Conflicting):
    """No decree is repealed or superseded from a day after which another one still amended it."""

    slug = "end-before-amendment"
    title = Text(en="It was amended after that day", ar="عُدّل القرار بعد ذلك اليوم")
    detail = Text(
        en="{by} would end {decree} from {on}, but {later} changed it from {later_on}: compare both days.",
        ar="ينهي {by} القرار {decree} اعتبارًا من {on}، لكن {later} غيّره اعتبارًا من {later_on}: قارن اليومين.",
    )


class EndedAlready(Conflicting):
    """A decree ends once: what would end it from an earlier day takes the ground from what ended it later."""

    slug = "decree-already-ended"
    title = Text(en="Another decree ended it", ar="أنهاه قرار آخر")
    detail = Text(
        en="{by} would end {decree} from {on}, but {ended_by} ended it from {ended_on}: a decree ends once. "
        "Compare both texts.",
        ar="ينهي {by} القرار {decree} اعتبارًا من {on}، لكن {ended_by} أنهاه اعتبارًا من {ended_on}: "
        "لا ينتهي القرار إلا مرة واحدة. قارن النصين.",
    )


class NotALaterDecree(Conflicting):
    """A decree is amended, superseded or repealed by a later one that is in force."""

    slug = "not-a-later-decree"
    title = Text(en="Not by this decree", ar="ليس بهذا القرار")
    detail = Text(
        en="{by} cannot change {decree}: that takes another decree, in force and announced no earlier.",
        ar="لا يغير {by} القرار {decree}: يلزم قرار آخر نافذ لم يُعلن قبله.",
    )


class DecreeOver(Conflicting):
    """An executed, repealed or superseded decree is not changed any more."""

    slug = "decree-over"
    title = Text(en="The decree is over", ar="القرار منتهٍ")
    detail = Text(
        en="The decree {decree} is {state}: nothing in it can be amended any more.",
        ar="القرار {decree} حالته {state}: لا يمكن تعديل شيء فيه بعد الآن.",
    )


class EffectiveDayAhead(Invalid):
    """What is entered is the law as it stands; what is to come is entered when it has come."""

    slug = "amendment-day-ahead"
    title = Text(en="The amendment is not effective yet", ar="لم يسر التعديل بعد")
    detail = Text(
        en="{by} changes {decree} from {on}: enter it on that day, or later.",
        ar="يغير {by} القرار {decree} اعتبارًا من {on}: سجله في ذلك اليوم أو بعده.",
    )


class EffectiveDayTooEarly(Invalid):
    """No decree changes another before it binds itself."""

    slug = "amendment-day-too-early"
    title = Text(en="The amendment would be earlier than its decree", ar="التعديل يسبق القرار المعدِّل")
    detail = Text(
        en="{by} is in force from {in_force_on}: it cannot change {decree} from {on}.",
        ar="{by} نافذ اعتبارًا من {in_force_on}: لا يغير {decree} اعتبارًا من {on}.",
    )


class AmendedUnderHold(Conflicting):
    """What was on hold on the amendment's day is not amended without saying so."""

    slug = "amended-under-hold"
    title = Text(en="What is to be amended is on hold", ar="المراد تعديله موقوف")
    detail = Text(
        en="Holds covered what {by} changes in {decree} on its day: {holds}. If it was enacted nevertheless, "
        "name them under `despite`: the event tells it.",
        ar="شملت إيقافات ما يغيره {by} في {decree} يوم نفاذ التغيير: {holds}. إن صدر رغم ذلك فسمِّها في "
        "`despite`: ويذكر الحدث ذلك.",
    )


class EndedUnderHold(Conflicting):
    """A decree on which there was a hold on the day of its end does not end without saying so."""

    slug = "ended-under-hold"
    title = Text(en="What is to end is on hold", ar="المراد إنهاؤه موقوف")
    detail = Text(
        en="There were holds on {decree} on the day of its end: {holds}. If {by} was enacted nevertheless, "
        "name them under `despite`: the event tells it.",
        ar="كانت على {decree} إيقافات يوم انتهائه: {holds}. إن صدر {by} رغم ذلك فسمِّها في `despite`: "
        "ويذكر الحدث ذلك.",
    )


class DespiteNotCovering(Invalid):
    """Under `despite` stand the holds in spite of which a decree was changed or ended, and no other."""

    slug = "despite-does-not-cover"
    title = Text(en="No hold that covered it", ar="إيقاف لم يشمل ذلك")
    detail = Text(
        en="`despite` names {named}: on {on} no such hold on {decree} covered what {by} does. Leave it out.",
        ar="يسمي `despite` {named}: لم يشمل إيقاف كهذا على {decree} في {on} ما يقضي به {by}. احذفه.",
    )
