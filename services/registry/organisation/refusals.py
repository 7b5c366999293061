"""What the organisation refuses."""

from shared.domain import Conflicting, Forbidden, Invalid, Text


class CompetenceKnownOtherwise(Conflicting):
    """A category has one competent authority."""

    slug = "competence-known-otherwise"
    title = Text(en="Another authority is competent", ar="جهة أخرى هي المختصة")
    detail = Text(
        en="On {category} staff {authority} decides, as declared before, and not {given}.",
        ar="الجهة المختصة بموظفي الفئة {category} هي {authority} كما سبق إعلانه، وليست {given}.",
    )


class TermKnownOtherwise(Conflicting):
    """A category has one term of postings."""

    slug = "term-known-otherwise"
    title = Text(en="Another term is declared", ar="أُعلنت مدة أخرى")
    detail = Text(
        en="How long postings of {category} staff last was declared otherwise before.",
        ar="سبق إعلان مدة أخرى لإيفاد موظفي الفئة {category}.",
    )


class CategoryUnknown(Invalid):
    """Nobody is declared competent for the category."""

    slug = "category-unknown"
    title = Text(en="Unknown category", ar="فئة غير معروفة")
    detail = Text(
        en="No authority is declared competent for the category {category}.",
        ar="لم تُعلن جهة مختصة بالفئة {category}.",
    )


class NotCompetent(Forbidden):
    """Each category of staff has its competent authority."""

    slug = "authority-not-competent"
    title = Text(en="Authority not competent", ar="الجهة غير مختصة")
    detail = Text(
        en="{by} does not decide on {category} staff: {authority} does.",
        ar="لا تختص {by} بموظفي الفئة {category}، بل {authority}.",
    )
