"""Why something about an escalation is refused."""

from shared.domain import Conflicting, Invalid, Text


class NothingToAcknowledge(Conflicting):
    """Only a step that was taken, of an escalation that is open, is acknowledged."""

    slug = "no-step-to-acknowledge"
    title = Text(en="There is nothing to acknowledge", ar="لا شيء يُقَرّ به")
    detail = Text(
        en="Nothing was escalated about task {task}, or that is over.",
        ar="لم يُصعَّد شيء بشأن المهمة {task}، أو انتهى تصعيده.",
    )


class AcknowledgedAlready(Conflicting):
    """Each step is answered for once, so that answers alone never stop the ladder for good."""

    slug = "acknowledged-already"
    title = Text(en="The step is acknowledged already", ar="سبق الإقرار بهذه الدرجة")
    detail = Text(
        en="Step {step} of the escalation of task {task} was acknowledged already, until {until}: hand the "
        "work in, or ask for an extension.",
        ar="سبق الإقرار بالدرجة {step} من تصعيد المهمة {task} حتى {until}: قدّم العمل أو اطلب تمديدًا.",
    )


class AcknowledgedTooLong(Invalid):
    """An acknowledgement stops the ladder from today on, for as long as the policy has it at most."""

    slug = "acknowledged-too-long"
    title = Text(en="The acknowledgement cannot last until then", ar="لا يمتد الإقرار إلى ذلك اليوم")
    detail = Text(
        en="The escalation of task {task} can be stopped until a day after {today} and not after {furthest}; "
        "{until} is none.",
        ar="يمكن إيقاف تصعيد المهمة {task} حتى يوم بعد {today} لا يتجاوز {furthest}، "
        "واليوم {until} ليس كذلك.",
    )
