"""Whether somebody may act on behalf of somebody else: a delegation or an acting appointment in force.

A token says on whose behalf its bearer acts. That counts only where the department that it names has that
person as its head, in the same role and for the same mission, and where what is in force at the moment of the
act lets the bearer do it; and did at the moment of which they say that it is. It lapses with the head's own
office, and is never delegated on.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.delegation import Headship, StandIn
from shared.contracts.meta import rfc3339
from shared.contracts.text import Text
from shared.domain.actor import Actor
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


class Leadership(BaseModel):
    """The head of a department and everybody who was ever let act for a head of it, by key.

    `former` are the headships before the present one, in the order in which they were told.
    """

    model_config = ConfigDict(frozen=True)

    headship: Headship | None = None
    stand_ins: Mapping[str, StandIn] = {}
    former: tuple[Headship, ...] = ()

    def led_by(self, headship: Headship) -> "Leadership":
        """The same with another head; what was open for the former one ends, and does not come back."""
        stand_ins = {
            key: one
            if one.head == headship.head or one.ended_at is not None
            else one.model_copy(update={"ended_at": headship.since})
            for key, one in self.stand_ins.items()
        }
        former = self.former if self.headship is None else (*self.former, self.headship)
        return Leadership(headship=headship, stand_ins=stand_ins, former=former)

    def as_of(self, moment: datetime) -> "Leadership":
        """The same under whoever was head at a moment, as far as that is known now."""
        told = self.former if self.headship is None else (*self.former, self.headship)
        then = next((one for one in reversed(told) if one.since <= moment), None)
        return self.model_copy(update={"headship": then})

    def with_stand_in(self, stand_in: StandIn) -> "Leadership":
        """The same with somebody more who acts for the head."""
        return self.model_copy(update={"stand_ins": {**self.stand_ins, stand_in.key: stand_in}})

    def without(self, key: str, ended_at: datetime) -> "Leadership":
        """The same after the early end of a delegation."""
        ended = self.stand_ins[key].model_copy(update={"ended_at": ended_at})
        return self.with_stand_in(ended)

    def in_force(self, stand_in: StandIn, moment: datetime) -> bool:
        """Whether a delegation or an acting appointment counts at a moment."""
        if self.headship is None or stand_in.head != self.headship.head:
            return False
        ended = stand_in.ended_at is not None and stand_in.ended_at <= moment
        return stand_in.since <= moment < stand_in.until and not ended

    def covers(self, actor: Actor, action: str, moment: datetime) -> bool:
        """Whether what `actor` does on behalf of somebody at a moment is delegated to them."""
        headship = self.headship
        if headship is None or actor.on_behalf_of != headship.head:
            return False
        if (actor.role, actor.mission) != (headship.role, headship.mission):
            return False
        return any(
            stand_in.deputy == actor.subject
            and (stand_in.actions is None or action in stand_in.actions)
            and self.in_force(stand_in, moment)
            for stand_in in self.stand_ins.values()
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
    if claimed is not None and not leadership.as_of(claimed).covers(actor, action, claimed):
        raise NotDelegatedThen(**facts, at=rfc3339(claimed))
