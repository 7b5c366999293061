"""What missions refuse."""

from shared.domain import Conflicting, Forbidden, Invalid, Text
from shared.domain.moment import BeforeWhatItFollows


class MissionKnownOtherwise(Conflicting):
    """The id already belongs to a mission that was described otherwise."""

    slug = "mission-known-otherwise"
    title = Text(en="Mission known otherwise", ar="البعثة معروفة بوصف آخر")
    detail = Text(
        en="The mission {mission} is registered with another description: use another id.",
        ar="البعثة {mission} مسجلة بوصف آخر: استعمل معرفًا آخر.",
    )


class AccreditedTwice(Invalid):
    """A mission answers for its host, and for each further State once."""

    slug = "accredited-twice"
    title = Text(en="Accredited twice", ar="اعتماد مكرر")
    detail = Text(
        en="The mission {mission} is registered for {states} more than once: it answers for its host anyway, "
        "and for each further State once.",
        ar="سُجلت البعثة {mission} لدى {states} أكثر من مرة: هي تمثل لدى الدولة المضيفة من دون ذكرها، ولدى كل "
        "دولة أخرى مرة واحدة.",
    )


class MissionNotOpen(Conflicting):
    """Only an open mission can begin to close or receive another."""

    slug = "mission-not-open"
    title = Text(en="Mission not open", ar="البعثة غير مفتوحة")
    detail = Text(
        en="The mission {mission} is {state}: only an open mission can begin to close or receive another.",
        ar="البعثة {mission} حالتها {state}: البعثة المفتوحة وحدها تبدأ الإقفال أو تستقبل غيرها.",
    )


class StillReceiving(Conflicting):
    """A mission into which others are being merged cannot begin to close."""

    slug = "mission-still-receiving"
    title = Text(en="Others are merging into it", ar="بعثات أخرى تُضم إليها")
    detail = Text(
        en="The mission {mission} receives {merging}: that merger must be done before it can begin to close.",
        ar="تستقبل البعثة {mission} كلًا من {merging}: يجب إتمام الضم قبل بدء إقفالها.",
    )


class NoPostingThere(Conflicting):
    """Nobody is posted to a mission as of a day on which it was closing, nor to one that is closed."""

    slug = "no-posting-to-closing-mission"
    title = Text(en="No posting to a closing mission", ar="لا إيفاد إلى بعثة قيد الإقفال")
    detail = Text(
        en="The mission {mission} is {state} as of the day of the posting: nobody is posted there.",
        ar="البعثة {mission} حالتها {state} في يوم الإيفاد: لا يوفد إليها أحد.",
    )


class ClosedSinceThen(Conflicting):
    """Nobody is posted to a mission as of before it closed, also where it was opened again."""

    slug = "mission-closed-since-then"
    title = Text(en="The mission was closed since then", ar="أُقفلت البعثة بعد ذلك")
    detail = Text(
        en="The mission {mission} was closed after {at}, and opened again at {reopened_at}: nobody is posted "
        "there as of before that.",
        ar="أُقفلت البعثة {mission} بعد {at} وأُعيد فتحها في {reopened_at}: لا يوفد إليها أحد قبل ذلك.",
    )


class MissionNotClosing(Conflicting):
    """Asked of a mission whose closing is not announced, or is over."""

    slug = "mission-not-closing"
    title = Text(en="Mission not closing", ar="البعثة ليست قيد الإقفال")
    detail = Text(
        en="The mission {mission} is {state}: this is possible only while it is closing.",
        ar="البعثة {mission} حالتها {state}: لا يمكن ذلك إلا أثناء الإقفال.",
    )


class OtherMeasure(Conflicting):
    """The mission closes by another measure than the one named."""

    slug = "mission-closes-by-other-measure"
    title = Text(en="Closing by another measure", ar="الإقفال بإجراء آخر")
    detail = Text(
        en="The mission {mission} closes by {measure}, not by {given}.",
        ar="تقفل البعثة {mission} بموجب {measure} وليس {given}.",
    )


class DatesOutOfOrder(Invalid):
    """A mission closes to the public before, or on the day of, its official closing."""

    slug = "closing-dates-out-of-order"
    title = Text(en="Closing dates out of order", ar="تاريخا الإقفال معكوسان")
    detail = Text(
        en="{mission} cannot close to the public on {public_on}, after its official closing ({official_on}).",
        ar="لا تقفل {mission} أمام الجمهور في {public_on} بعد إقفالها الرسمي في {official_on}.",
    )


class DatesBeforeDecree(Invalid):
    """No mission closes by a decree before the decree is announced."""

    slug = "closing-dates-before-decree"
    title = Text(en="Closing before the decree", ar="الإقفال قبل القرار")
    detail = Text(
        en="{mission} cannot close on {public_on}: the decree {decree} was announced on {announced_on}.",
        ar="لا تقفل {mission} في {public_on}: أُعلن القرار {decree} في {announced_on}.",
    )


class NoSuchCondition(Invalid):
    """Closing conditions are numbered 1 to 12."""

    slug = "no-such-closing-condition"
    title = Text(en="No such closing condition", ar="لا شرط إقفال بهذا الرقم")
    detail = Text(
        en="There is no closing condition {condition}: they are numbered 1 to 12.",
        ar="لا يوجد شرط إقفال رقمه {condition}: الشروط مرقمة من 1 إلى 12.",
    )


class ClosingConditionsUnmet(Conflicting):
    """The mission cannot close; `unmet` lists every condition that does not hold, and what it lacks."""

    slug = "closing-conditions-unmet"
    title = Text(en="The mission cannot close yet", ar="لا يمكن إقفال البعثة بعد")
    detail = Text(
        en="{mission} cannot close; {count} of 12 conditions do not hold: {listed_en}",
        ar="لا يمكن إقفال {mission}؛ لم يتحقق {count} من 12 شرطًا: {listed_ar}",
    )

    def told(self) -> Text:
        """List every unmet condition by number and words, in each language."""
        unmet = self.facts["unmet"]
        return self.detail.format(
            mission=self.facts["mission"],
            count=len(unmet),
            listed_en=" ".join(f"({item['condition']}) {item['title']['en']}" for item in unmet),
            listed_ar=" ".join(f"({item['condition']}) {item['title']['ar']}" for item in unmet),
        )


class DatesFirst(Conflicting):
    """Nothing is announced, and nothing closes, before both dates are set."""

    slug = "closing-dates-first"
    title = Text(en="The dates come first", ar="التاريخان أولًا")
    detail = Text(en="The two closing dates of {mission} are not set.", ar="لم يحدد تاريخا إقفال {mission}.")


class ClosesBeforeItsDate(Conflicting):
    """A mission closes on its official date or later: the host State was told that it stands until then."""

    slug = "closing-before-its-date"
    title = Text(en="Its official date is still to come", ar="لم يحن تاريخ الإقفال الرسمي")
    detail = Text(
        en="{mission} closes officially on {official_on}: it cannot be closed as of {at}.",
        ar="تقفل {mission} رسميًا في {official_on}: لا يصح إقفالها بتاريخ {at}.",
    )


class OutOfPhase(Conflicting):
    """A closing is announced, and then the services stop; each once."""

    slug = "closing-out-of-phase"
    title = Text(en="Not now", ar="ليس الآن")
    detail = Text(
        en="The closing of {mission} is {phase}: it cannot become {following} from there.",
        ar="إقفال {mission} في مرحلة {phase}: لا ينتقل منها إلى {following}.",
    )


class MissionInOtherState(Conflicting):
    """A closed mission is settled, and a settled one archived."""

    slug = "mission-in-other-state"
    title = Text(en="The mission is in another state", ar="البعثة في حالة أخرى")
    detail = Text(
        en="The mission {mission} is {state}, not {wanted}.",
        ar="البعثة {mission} حالتها {state} وليست {wanted}.",
    )


class AlreadyThere(Conflicting):
    """A mission is opened that is planned, or that was closed."""

    slug = "mission-already-there"
    title = Text(en="The mission is there already", ar="البعثة قائمة")
    detail = Text(
        en="The mission {mission} is {state}: there is nothing to open.",
        ar="البعثة {mission} حالتها {state}: لا شيء يُفتح.",
    )


class NotThatWay(Conflicting):
    """A downgrade leads downwards, an upgrade upwards."""

    slug = "not-that-way"
    title = Text(en="Not a change of that kind", ar="ليس تغييرًا من هذا النوع")
    detail = Text(
        en="{mission} is a {former}: to make it a {mission_kind} is no {measure_kind}.",
        ar="{mission} من نوع {former}: تحويلها إلى {mission_kind} ليس {measure_kind}.",
    )


class AlreadyInThatCity(Conflicting):
    """A relocation leads elsewhere."""

    slug = "already-in-that-city"
    title = Text(en="It is there already", ar="هي هناك أصلًا")
    detail = Text(en="{mission} is in that city already.", ar="{mission} في تلك المدينة أصلًا.")


class MorePostedThanPosts(Conflicting):
    """Posts are cut once the people beyond them have another outcome."""

    slug = "more-posted-than-posts"
    title = Text(en="More people than posts", ar="الموفدون أكثر من الوظائف")
    detail = Text(
        en="{posted} people are posted to {mission}, and {posts} posts are left: move the others first.",
        ar="عدد الموفدين إلى {mission} {posted} والوظائف الباقية {posts}: انقل الآخرين أولًا.",
    )


class EstablishmentFull(Conflicting):
    """Nobody is posted beyond the establishment."""

    slug = "establishment-full"
    title = Text(en="No post is free", ar="لا وظيفة شاغرة")
    detail = Text(en="The {posts} posts of {mission} are taken.", ar="وظائف {mission} وعددها {posts} مشغولة.")


class NeverWaived(Forbidden):
    """What the law itself asks, and the three signatures, cannot be done without."""

    slug = "condition-never-waived"
    title = Text(en="Nobody may waive it", ar="لا يجوز التنازل عنه")
    detail = Text(
        en="The closing condition {condition} of {mission} cannot be waived by anybody.",
        ar="لا يجوز لأحد التنازل عن شرط الإقفال {condition} للبعثة {mission}.",
    )


class AlreadyWaived(Conflicting):
    """One person answers for one condition."""

    slug = "condition-already-waived"
    title = Text(en="Already waived", ar="سبق التنازل عنه")
    detail = Text(
        en="{by} has waived the closing condition {condition} of {mission}.",
        ar="تنازل {by} عن شرط الإقفال {condition} للبعثة {mission}.",
    )


class ClosesWithoutReservations(Conflicting):
    """Waivers are used only by whoever says so."""

    slug = "closing-needs-reservations"
    title = Text(en="Only with reservations", ar="بتحفظات فقط")
    detail = Text(
        en="{mission} can close only with reservations ({conditions}): ask for that.",
        ar="لا تقفل {mission} إلا بتحفظات ({conditions}): اطلب ذلك صراحة.",
    )


class ClosesBeforeItsConditions(BeforeWhatItFollows):
    """No closing is effective before the last of its conditions was true."""

    slug = "closing-before-its-conditions"
    title = Text(en="The closing would be earlier than its conditions", ar="الإقفال يسبق تحقق شروطه")
    detail = Text(
        en="{mission} is said to have closed at {at}; conditions of its closing became true later: "
        "{conditions}. Name a moment that is not before {last}.",
        ar="الإقفال المنسوب إلى {mission} بتاريخ {at} يسبق تحقق شروط منه: {conditions}. "
        "اذكر وقتًا لا يسبق {last}.",
    )
