"""Whether somebody may act on behalf of somebody else: a delegation or an acting appointment in force.

A token says on whose behalf its bearer acts. That counts only where the department that it names has that
person as its head, in the same role and for the same mission, and where what is in force at the moment of the
act lets the bearer do it; and did at the moment of which they say that it is. It is never delegated on.
"""

from datetime import datetime

from shared.contracts.meta import rfc3339
from shared.contracts.text import Text
from shared.domain.actor import Actor
from shared.domain.leadership import Leadership
from shared.domain.refusal import Forbidden


class NotDelegated(Forbidden):
    """Nothing in force lets the actor act on behalf of the one named."""

    slug = "not-delegated"
    title = Text(en="Not delegated", ar="لا تفويض بذلك")
    detail = Text(
        en="Nothing in force at the department {department} lets {subject} do {action} on behalf of {head}: "
        "it needs a delegation by the head, or an appointment as acting head, for the role and the mission "
        "of the token.",
        ar="لا شيء نافذًا في الإدارة {department} يجيز لـ{subject} الإجراء «{action_ar}» نيابةً عن {head}: "
        "يلزم تفويض من رئيس الإدارة أو تكليف برئاستها بالإنابة، بالدور والبعثة المذكورين في الرمز.",
    )


class NotDelegatedThen(NotDelegated):
    """The actor may act so now, and could not at the moment of which they say that it is."""

    slug = "not-delegated-then"
    title = Text(en="Not delegated at that moment", ar="لا تفويض بذلك في ذلك الوقت")
    detail = Text(
        en="This is said to be of {at}. Nothing in force then at the department {department} let {subject} "
        "do {action} on behalf of {head}.",
        ar="هذا منسوب إلى {at}. لم يكن نافذًا حينئذ في الإدارة {department} ما يجيز لـ{subject} الإجراء "
        "«{action_ar}» نيابةً عن {head}.",
    )


def check_covered(
    leadership: Leadership | None,
    actor: Actor,
    action: str,
    moment: datetime,
    claimed: datetime | None = None,
) -> None:
    """Refuse what an actor does on behalf of somebody where nothing in force covers it.

    `leadership` is that of the department that the actor's token names, None where it names none. It is asked
    at the `moment` of the recording, and at the one of which they say that it is where another is `claimed`:
    nobody stood in for somebody before that was so.
    """
    if actor.on_behalf_of is None:
        return
    facts = {
        "department": actor.department or "-",
        "subject": actor.subject,
        "action": action,
        "head": actor.on_behalf_of,
    }
    if leadership is None or not leadership.covers(actor, action, moment):
        raise NotDelegated(**facts)
    if claimed is not None and not leadership.covers(actor, action, claimed):
        raise NotDelegatedThen(**facts, at=rfc3339(claimed))
