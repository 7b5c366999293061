"""Why something about a mission is refused."""

from shared.domain import Invalid, Text


class UnknownMission(Invalid):
    """What speaks of a mission speaks of one that the registry has (decision 0036)."""

    slug = "unknown-mission"
    title = Text(en="Unknown mission", ar="بعثة غير معروفة")
    detail = Text(
        en="There is no mission {mission}: register it first.",
        ar="لا توجد بعثة بالمفتاح {mission}: سجّلها أولًا.",
    )
