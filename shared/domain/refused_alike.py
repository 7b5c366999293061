"""What several services refuse by one rule: the one that owns it, and those that suppose what it would do."""

from shared.contracts.text import Text
from shared.domain.refusal import Conflicting, Invalid, NotFound


class NoSuchPart(NotFound):
    """The decree has no article or measure of that name."""

    slug = "decree-part-not-found"
    detail = Text(
        en="The decree {decree} has no {part} {id}.",
        ar="لا يوجد في القرار {decree} جزء ({part_ar}) باسم {id}.",
    )


class AmbiguousScope(Invalid):
    """A hold covers the decree, one article or one measure."""

    slug = "hold-scope-ambiguous"
    title = Text(en="What does the hold cover?", ar="ما الذي يشمله الإيقاف؟")
    detail = Text(
        en="Name an article or a measure, or neither for the whole decree; not both.",
        ar="سمِّ مادة أو إجراءً، أو لا تسمِّ شيئًا ليشمل القرار كله؛ لا كليهما.",
    )


class DatesAcknowledged(Conflicting):
    """The dates that the host State has acknowledged are not changed behind its back."""

    slug = "closing-dates-acknowledged"
    title = Text(en="Dates already acknowledged", ar="التاريخان أُقِرّ بهما")
    detail = Text(
        en="The dates of {mission} were notified and acknowledged ({evidence}): they stand.",
        ar="أُبلغت الدولة المضيفة بتاريخي {mission} وأقرت بهما ({evidence}): فهما ثابتان.",
    )
