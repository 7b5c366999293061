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
