"""Refusals: what a rule says when it does not let something happen."""

from typing import Any, ClassVar

from shared.contracts.text import Text
from shared.domain.naming import in_arabic


class Refusal(Exception):
    """A rule's refusal. A subclass names the rule; its facts fill the sentence and travel with it.

    ``slug`` is the last part of the problem type (RFC 9457), ``title`` names the rule in general,
    ``detail`` tells this case: its placeholders are the facts given, and ``kind_ar``, ``part_ar`` and
    ``action_ar`` where a kind, a part or an action is among them. A fact that is a `Text`, or a list of them,
    is told in the sentence's own language.
    """

    slug: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    title: ClassVar[Text] = Text(en="Refused", ar="مرفوض")
    detail: ClassVar[Text | None] = None

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.told().in_language("en"))

    def told(self) -> Text:
        """Tell this case in both languages."""
        return self.detail.format(**in_arabic(self.facts) | self.facts) if self.detail else self.title

    def without_frames(self) -> "Refusal":
        """Forget where it was raised; return it.

        A frame holds what it was at work on, and that the refusal that came of it: such a circle stays in
        memory until Python looks for circles, which a service has it do seldom.
        """
        raised: BaseException | None = self
        while raised is not None:
            raised.__traceback__ = None
            raised = raised.__context__
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), self.facts)


def _rebuild(kind: type[Refusal], facts: dict[str, Any]) -> Refusal:
    return kind(**facts)


class Conflicting(Refusal):
    """The state of things does not allow it now (409)."""

    slug = "conflict"
    title = Text(en="Not possible in the present state", ar="غير ممكن في الحالة الراهنة")


class NotFound(Refusal):
    """The thing named does not exist (404)."""

    slug = "not-found"
    status = 404
    title = Text(en="Not found", ar="غير موجود")
    detail = Text(en="There is no {kind} {id}.", ar="لا يوجد شيء من نوع «{kind_ar}» باسم {id}.")


class Invalid(Refusal):
    """What was asked makes no sense in itself (422)."""

    slug = "invalid"
    status = 422
    title = Text(en="Invalid request", ar="طلب غير صالح")


class Forbidden(Refusal):
    """This actor may not do it (403)."""

    slug = "forbidden"
    status = 403
    title = Text(en="Not allowed", ar="غير مسموح")
