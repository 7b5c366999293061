"""What handovers refuse."""

from collections.abc import Mapping
from typing import Any

from services.registry.handover.signatories import SIDES, Entitled
from shared.contracts.registry import Signatory
from shared.domain import Conflicting, Forbidden, Invalid, NotFound, Text


class NotAccreditedThere(Invalid):
    """A mission hands over the States that it answers for."""

    slug = "not-accredited-there"
    title = Text(en="Not accredited there", ar="غير معتمدة هناك")
    detail = Text(
        en="{mission} does not answer for {state}: nothing is to be settled there.",
        ar="البعثة {mission} غير معتمدة لدى {state}: لا شيء يُسوى هناك.",
    )


class SuccessionUnclear(Invalid):
    """A successor is a mission, a protecting power is another State, and a gap is neither."""

    slug = "succession-unclear"
    title = Text(en="Who succeeds?", ar="من الخلف؟")
    detail = Text(
        en="For {state} name the successor mission, or the protecting power, or neither for a gap.",
        ar="سمِّ لدولة {state} البعثة الخلف أو الدولة الحامية، أو لا تسمِّ شيئًا إن تقرر الفراغ.",
    )


class OwnSuccessor(Invalid):
    """No mission succeeds itself."""

    slug = "own-successor"
    title = Text(en="A mission cannot succeed itself", ar="لا تخلف البعثة نفسها")
    detail = Text(en="Name another mission than {mission}.", ar="سمِّ بعثة غير {mission}.")


class LedgerClosed(Conflicting):
    """Nothing is entered once the mission is closed without reservations, or its accounts are audited."""

    slug = "handover-closed"
    title = Text(en="The handover is closed", ar="أُقفل التسليم")
    detail = Text(
        en="The mission {mission} is {state}: its handover takes no entries any more.",
        ar="البعثة {mission} حالتها {state}: لا قيد في تسليمها بعد الآن.",
    )


class NotLeftToSettle(Conflicting):
    """After a closing the ledger takes what its reservations left to settle, and nothing else."""

    slug = "not-left-to-settle"
    title = Text(en="Not left to settle", ar="ليس مما بقي للتسوية")
    detail = Text(
        en="The mission {mission} is closed with reservations for the conditions {reserved}: "
        "its handover takes no entry for condition {condition}.",
        ar="أُقفلت البعثة {mission} بتحفظات على الشروط {reserved}: لا قيد في تسليمها للشرط {condition}.",
    )


class NotListed(NotFound):
    """What was never entered cannot be settled."""

    slug = "not-in-the-handover"
    title = Text(en="Not in the handover", ar="غير مدرج في التسليم")
    detail = Text(
        en="The handover of {mission} has no {what}: enter it first.",
        ar="لا يتضمن تسليم {mission} البند {what}: أدرجه أولًا.",
    )


class FewerThanAccounted(Conflicting):
    """A count does not undo what has been accounted for."""

    slug = "fewer-than-accounted"
    title = Text(en="More are accounted for", ar="المسوّى أكثر")
    detail = Text(
        en="{accounted} of {what} have an owner already: {counted} open ones are too few.",
        ar="لعدد {accounted} من {what} جهة تتولاها: العدد {counted} أقل من ذلك.",
    )


class MoreThanThere(Conflicting):
    """Nothing is disposed of twice."""

    slug = "more-than-there"
    title = Text(en="More than there are", ar="أكثر من الموجود")
    detail = Text(
        en="Of {what} {left} are left: {given} are too many.",
        ar="الباقي من {what} هو {left}: العدد {given} أكثر منه.",
    )


class AlreadyCounted(Conflicting):
    """A register is taken over once; after that only disposals change it."""

    slug = "already-counted"
    title = Text(en="Already counted", ar="سبق الجرد")
    detail = Text(
        en="{what} was counted before, and {left} are left: enter what became of them.",
        ar="سبق جرد {what} والباقي {left}: سجّل ما آل إليه.",
    )


class NotForItems(Invalid):
    """Accountable items are returned, transferred or destroyed."""

    slug = "not-for-accountable-items"
    title = Text(en="Not for accountable items", ar="ليس للعهد الخاضعة للمحاسبة")
    detail = Text(
        en="{what} cannot be {disposal}: accountable items are returned, transferred or destroyed.",
        ar="لا يصح أن يكون مصير {what} هو {disposal}: العهد تُعاد أو تُنقل أو تُتلف.",
    )


class AlreadySettled(Conflicting):
    """A unit of the archives has one fate."""

    slug = "archive-already-settled"
    title = Text(en="Already settled", ar="سبقت تسويته")
    detail = Text(en="{what} is placed or destroyed already.", ar="{what} سبق حفظه أو إتلافه.")


class HeldFromDestruction(Conflicting):
    """Nothing under hold is destroyed."""

    slug = "held-from-destruction"
    title = Text(en="Held from destruction", ar="موقوف إتلافه")
    detail = Text(
        en="{item} is under hold: it is placed, never destroyed.",
        ar="{item} موقوف إتلافه: يُحفظ ولا يُتلف.",
    )


class OversightReleases(Conflicting):
    """An entry may hold a unit of the archives from destruction, and never ends that."""

    slug = "oversight-releases"
    title = Text(en="Only oversight releases it", ar="لا ترفع الإيقاف إلا جهة الرقابة")
    detail = Text(
        en="{item} is under hold: a controller or an auditor releases it, and no entry does.",
        ar="{item} موقوف إتلافه: ترفع الإيقافَ جهة رقابية أو مدقق، ولا يرفعه قيد.",
    )


class NotHeld(Conflicting):
    """Only what is under hold is released."""

    slug = "archive-not-held"
    title = Text(en="Not under hold", ar="غير موقوف إتلافه")
    detail = Text(en="{item} is not held from destruction.", ar="{item} غير موقوف إتلافه.")


class ReleasedByWitness(Conflicting):
    """Whoever let a unit of the archives be destroyed does not witness that it was."""

    slug = "released-by-witness"
    title = Text(en="The witness released it", ar="الشاهد هو من رفع الإيقاف")
    detail = Text(
        en="{witness} released {item} from its hold and cannot witness its destruction: name somebody else.",
        ar="{witness} رفع الإيقاف عن {item} فلا يشهد على إتلافه: سمِّ شاهدًا غيره.",
    )


class TwoWitnesses(Invalid):
    """Destruction is witnessed by two people."""

    slug = "two-witnesses"
    title = Text(en="Two witnesses are needed", ar="يلزم شاهدان")
    detail = Text(
        en="Two different people witness the destruction of {item}.",
        ar="يشهد على إتلاف {item} شخصان مختلفان.",
    )


class LeasedNotSold(Invalid):
    """Only what is owned is sold."""

    slug = "leased-not-sold"
    title = Text(en="Leased premises are not sold", ar="المقر المستأجر لا يُباع")
    detail = Text(
        en="{premises} is leased and cannot be sold: the lease ends or is transferred.",
        ar="المقر {premises} مستأجر ولا يصح بيعه: ينتهي عقد الإيجار أو يُحوّل.",
    )


class NoticeFirst(Conflicting):
    """A local employee is settled with after the notice."""

    slug = "notice-first"
    title = Text(en="Notice comes first", ar="الإخطار أولًا")
    detail = Text(en="{employee} has not been given notice yet.", ar="لم يُخطر {employee} بعد.")


class EmployeeSettled(Conflicting):
    """Whoever is settled with has no claim any more."""

    slug = "employee-settled"
    title = Text(en="Already settled", ar="سُويت حقوقه")
    detail = Text(en="The dues of {employee} are settled.", ar="سُويت حقوق {employee}.")


class StopBeforeDecree(Invalid):
    """Nobody stopped committing a mission by a decree that nobody knew."""

    slug = "stop-date-before-decree"
    title = Text(en="The stop date is before the decree", ar="تاريخ الإيقاف قبل القرار")
    detail = Text(
        en="The stop date {on} of {mission} is before {decree} was announced, on {announced_on}.",
        ar="تاريخ إيقاف الالتزامات {on} للبعثة {mission} يسبق إعلان القرار {decree} في {announced_on}.",
    )


class StopAfterClosing(Invalid):
    """A mission commits itself to nothing once it is closed."""

    slug = "stop-date-after-closing"
    title = Text(en="The stop date is after the closing", ar="تاريخ الإيقاف بعد الإقفال")
    detail = Text(
        en="The stop date {on} of {mission} is after its official closing on {official_on}.",
        ar="تاريخ إيقاف الالتزامات {on} للبعثة {mission} يلي إقفالها الرسمي في {official_on}.",
    )


class CommitmentKnown(Conflicting):
    """A commitment is entered once, and only ever ends earlier."""

    slug = "commitment-known"
    title = Text(en="The commitment is known", ar="الالتزام معروف")
    detail = Text(
        en="{commitment} lasts until {until}: it can be made to end earlier.",
        ar="{commitment} يستمر إلى {until}: يمكن إنهاؤه قبل ذلك.",
    )


class AlreadySigned(Conflicting):
    """Each capacity signs once."""

    slug = "already-signed"
    title = Text(en="Already signed", ar="سبق التوقيع")
    detail = Text(
        en="The closing minutes of {mission} are signed as {signatory} by {by}.",
        ar="وقّع {by} محضر إقفال {mission} بصفة {signatory}.",
    )


class NotSignatory(Forbidden):
    """A department signs for the sides for which it declares that it does, and for no other."""

    slug = "not-a-signatory"
    title = Text(en="Does not sign for that side", ar="لا يوقّع عن هذا الطرف")
    detail = Text(
        en="{who} does not sign the closing minutes of {mission} for {side_en}. {may_en}",
        ar="لا يوقّع {who} محضر إقفال {mission} عن {side_ar}. {may_ar}",
    )

    def told(self) -> Text:
        """Name the side, and who may sign for it."""
        return _naming_who_may(self.detail, self.facts)


class NoDepartmentSigns(Conflicting):
    """Where no department declares that it signs for a side, none does: silence allows nobody."""

    slug = "no-department-signs"
    title = Text(en="No department signs for that side", ar="لا إدارة توقّع عن هذا الطرف")
    detail = Text(
        en="{who} cannot sign the closing minutes of {mission} for {side_en}. {may_en} Declare one first.",
        ar="لا يمكن أن يوقّع {who} محضر إقفال {mission} عن {side_ar}. {may_ar} أعلن إدارة أولًا.",
    )

    def told(self) -> Text:
        """Name the side, and who may sign for it."""
        return _naming_who_may(self.detail, self.facts)


class SignedInAnotherCapacity(Forbidden):
    """Three distinct people sign."""

    slug = "signed-in-another-capacity"
    title = Text(en="Three different people sign", ar="يوقع ثلاثة أشخاص مختلفين")
    detail = Text(
        en="{subject} signed the closing minutes of {mission} in another capacity.",
        ar="وقّع {subject} محضر إقفال {mission} بصفة أخرى.",
    )


def _naming_who_may(detail: Text, facts: Mapping[str, Any]) -> Text:
    """Fill a sentence with the side of `signatory`, and with who may sign for it."""
    signatory = Signatory(facts["signatory"])
    departments = None if signatory is Signatory.OUTGOING else tuple(facts["departments"])
    may, side = Entitled(facts["head_of"], departments).told(), SIDES[signatory]
    return detail.format(**facts, side_en=side.en, side_ar=side.ar, may_en=may.en, may_ar=may.ar)
