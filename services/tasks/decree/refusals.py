"""Why something about a part of a decree is refused."""

from shared.domain import Invalid, Text


class NoSuchArticle(Invalid):
    """What speaks of an article speaks of one that the decree has."""

    slug = "no-such-article"
    title = Text(en="The decree has no such article", ar="لا يتضمن القرار هذه المادة")
    detail = Text(
        en="Decree {decree} has no article {article}.", ar="لا يتضمن القرار {decree} المادة {article}."
    )
