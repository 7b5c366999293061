"""What cannot even be supposed."""

from shared.domain import Conflicting, Invalid, Text


class OtherDecree(Invalid):
    """A supposition is about one decree."""

    slug = "supposed-of-other-decree"
    title = Text(en="It belongs to another decree", ar="يخص قرارًا آخر")
    detail = Text(
        en="{named} belongs to {found}, and what is supposed is about {decree}.",
        ar="{named} يخص {found}، والافتراض عن {decree}.",
    )


class NothingToSlip(Conflicting):
    """A task slips that has a deadline and is not done."""

    slug = "nothing-to-slip"
    title = Text(en="Nothing to slip", ar="لا أجل يتأخر")
    detail = Text(
        en="{task} has no deadline that is still open: nothing changes if it is late.",
        ar="ليس للمهمة {task} أجل مفتوح: لا يتغير شيء بتأخرها.",
    )


class NoOpenHold(Conflicting):
    """Only a hold that is open ends; one that is supposed is called ``supposed-1``, after its step."""

    slug = "no-open-hold"
    title = Text(en="No such hold is open", ar="لا وقف مفتوح بهذا المعرّف")
    detail = Text(
        en="{decree} has no open hold {hold}, whose end could be supposed.",
        ar="ليس للقرار {decree} وقف مفتوح بالمعرّف {hold} يُفترض انتهاؤه.",
    )


class SupposedOutOfOrder(Invalid):
    """A hold ends after it began, and a mission closes to the public before it closes officially."""

    slug = "supposed-out-of-order"
    title = Text(en="The days are out of order", ar="ترتيب الأيام غير صحيح")
    detail = Text(
        en="{first} is supposed to come before {second}, and is after it.",
        ar="يُفترض أن يسبق {first} اليوم {second} وهو بعده.",
    )


class SupposedBeforeDecree(Invalid):
    """Nothing carries a decree out, or holds it, before it was announced."""

    slug = "supposed-before-decree"
    title = Text(en="The day is before the decree", ar="اليوم سابق للقرار")
    detail = Text(
        en="Nothing can be supposed on {day}: the decree {decree} was announced on {announced_on}.",
        ar="لا يُفترض شيء في {day}: أُعلن القرار {decree} في {announced_on}.",
    )


class SupposedOnHold(Conflicting):
    """While a hold is open, no dates are set of what it covers."""

    slug = "supposed-on-hold"
    title = Text(en="On hold", ar="موقوف")
    detail = Text(
        en="No dates of plan {plan} are set while these holds are open: {holds}. Suppose their lift first.",
        ar="لا يُحدد تاريخا الخطة {plan} ما دامت حالات وقف التنفيذ التالية قائمة: {holds}. افترض انتهاءها.",
    )
