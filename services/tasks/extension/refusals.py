"""Why something about an extension is refused."""

from shared.domain import Conflicting, Forbidden, Invalid, Text


class NothingToExtend(Conflicting):
    """Only an open task with a deadline can have more time."""

    slug = "nothing-to-extend"
    title = Text(en="There is no deadline to extend", ar="لا أجل يمكن تمديده")
    detail = Text(
        en="Task {task} has no deadline that is still open: it is accepted, cancelled, or not dated yet.",
        ar="ليس للمهمة {task} أجل قائم: فهي مقبولة أو ملغاة أو لم يُحدد تاريخها بعد.",
    )


class ExtensionOpen(Conflicting):
    """One request at a time."""

    slug = "extension-open"
    title = Text(en="A request is open already", ar="يوجد طلب تمديد لم يُبت فيه")
    detail = Text(
        en="Extension {extension} of task {task} is not decided yet: wait for the decision.",
        ar="لم يُبت بعد في التمديد {extension} للمهمة {task}: انتظر القرار.",
    )


class ExtensionDecided(Conflicting):
    """A decision is taken once."""

    slug = "extension-decided"
    title = Text(en="The request is decided already", ar="سبق البت في الطلب")
    detail = Text(
        en="Extension {extension} was {state} already; ask for another one.",
        ar="سبق البت في التمديد {extension} ({state_ar})؛ قدّم طلبًا آخر.",
    )


class UntilNotLater(Invalid):
    """More time ends on a working day that is later than the time there is, and still to come."""

    slug = "until-not-later"
    title = Text(en="The day is not later than the deadline", ar="اليوم ليس بعد الأجل")
    detail = Text(
        en="Task {task} is due on {due_on}, and today is {today}. Rolled to a working day, {until} is {day}, "
        "which is not after both: name a later one.",
        ar="أجل المهمة {task} هو {due_on}، واليوم هو {today}. ويقع {until} بعد تعديله إلى يوم عمل في {day}، "
        "وهو ليس بعد كليهما: حدّد يومًا لاحقًا.",
    )


class UntilTooFar(Invalid):
    """A deadline is put off, not put away."""

    slug = "until-too-far"
    title = Text(en="The day is too far away", ar="اليوم بعيد جدًا")
    detail = Text(
        en="Task {task} can be put off until {furthest} at most, and {until} is later: name an earlier day.",
        ar="أقصى ما يمكن تمديد المهمة {task} إليه هو {furthest}، واليوم {until} بعده: حدّد يومًا أقرب.",
    )


class DecidedByRequester(Forbidden):
    """Nobody decides on their own request, nor on that of their deputy or head."""

    slug = "decided-by-requester"
    title = Text(en="Somebody else decides on the request", ar="يبت في الطلب شخص آخر")
    detail = Text(
        en="{subject} asked for extension {extension}: somebody else must decide on it.",
        ar="طلب {subject} التمديد {extension}: يجب أن يبت فيه شخص آخر.",
    )


class DecidedByOwnDepartment(Forbidden):
    """Nobody decides on a request of their own department, nor on more time for a task that it leads."""

    slug = "decided-by-own-department"
    title = Text(en="Another department decides on the request", ar="تبت في الطلب إدارة أخرى")
    detail = Text(
        en="Department {department} leads task {task} or asked for extension {extension} of it: somebody "
        "outside of it must decide.",
        ar="الإدارة {department} هي المختصة بالمهمة {task} أو هي التي طلبت لها التمديد {extension}: "
        "يجب أن يبت فيه شخص من خارجها.",
    )
