"""Why something about an indicator is refused."""

from shared.domain import Conflicting, Invalid, Text


class IndicatorExists(Conflicting):
    """An indicator is defined once."""

    slug = "indicator-exists"
    title = Text(en="The indicator is defined already", ar="المؤشر معرَّف من قبل")
    detail = Text(
        en="Indicator {indicator} is defined already: give the new one a name of its own.",
        ar="المؤشر {indicator} معرَّف من قبل: اختر للمؤشر الجديد اسمًا آخر.",
    )


class UnknownObjective(Invalid):
    """An indicator measures an objective that the decree has."""

    slug = "unknown-objective"
    title = Text(en="The decree has no such objective", ar="لا يتضمن القرار هذا الهدف")
    detail = Text(
        en="Decree {decree} has no objective {objective}; it has: {objectives}.",
        ar="لا يتضمن القرار {decree} الهدف {objective}؛ وأهدافه: {objectives}.",
    )


class TargetNotBetter(Invalid):
    """A target is better than the baseline, in the indicator's direction."""

    slug = "target-not-better"
    title = Text(en="The target is not better than the baseline", ar="المستهدف ليس أفضل من خط الأساس")
    detail = Text(
        en="The target {target} is not better than the baseline {baseline} in the direction {direction}.",
        ar="المستهدف {target} ليس أفضل من خط الأساس {baseline} في هذا الاتجاه ({direction_ar}).",
    )


class TargetNotAhead(Invalid):
    """Whether a target is reached is known after its day; one that is over needs no indicator."""

    slug = "target-not-ahead"
    title = Text(en="The target's day is over", ar="يوم المستهدف قد مضى")
    detail = Text(
        en="The target's day {target_on} is over: name one that is still to come.",
        ar="مضى يوم المستهدف {target_on}: حدّد يومًا لم يأت بعد.",
    )


class BaselineAfterTarget(Invalid):
    """The way goes from the baseline to the target."""

    slug = "baseline-after-target"
    title = Text(en="The baseline is after the target", ar="خط الأساس بعد المستهدف")
    detail = Text(
        en="The baseline is of {baseline_on}, after the target's day {target_on}: name an earlier one.",
        ar="خط الأساس في {baseline_on} بعد يوم المستهدف {target_on}: حدّد يومًا أسبق.",
    )


class MeasuredAhead(Invalid):
    """Nothing is measured before its day."""

    slug = "measured-ahead"
    title = Text(en="The day is still to come", ar="اليوم لم يأت بعد")
    detail = Text(
        en="A value of {on} is told, and today is {today}: tell it when it is measured.",
        ar="القيمة منسوبة إلى {on} واليوم هو {today}: اذكرها بعد قياسها.",
    )


class IndicatorEnded(Conflicting):
    """What is withdrawn is measured no more."""

    slug = "indicator-ended"
    title = Text(en="The indicator is withdrawn", ar="المؤشر مسحوب")
    detail = Text(en="Indicator {indicator} was withdrawn.", ar="سُحب المؤشر {indicator}.")


class IndicatorJudged(Conflicting):
    """What is judged is not withdrawn."""

    slug = "indicator-judged"
    title = Text(en="The target is judged already", ar="سبق الحكم على المستهدف")
    detail = Text(
        en="The target of indicator {indicator} is judged already; that stands.",
        ar="سبق الحكم على مستهدف المؤشر {indicator}، وهو ثابت.",
    )


class TooManyMeasurements(Conflicting):
    """The row of an indicator carries a value for each day."""

    slug = "too-many-measurements"
    title = Text(en="Too many days are measured", ar="أيام القياس أكثر مما يجوز")
    detail = Text(
        en="Indicator {indicator} has values of {most} days: define another one.",
        ar="للمؤشر {indicator} قيم {most} يومًا: عرّف مؤشرًا آخر.",
    )
