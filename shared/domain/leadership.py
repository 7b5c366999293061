"""Who heads a department on which day, and who stands in for the head then: one answer to both, by day.

Facts that are told late count from their own day, like those that are told at once: nothing here depends on
the order in which headships were told, but of two told of the same moment, of which the later takes the place
of the other. A term of office is the time in which somebody is head without a break. Whoever stands in for a
head does so in the term in which that was given, and in no other: it lapses with the office of the head, and
does not come back.
"""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.delegation import Headship, StandIn
from shared.domain.actor import Actor

Span = tuple[datetime, datetime]
"""From a moment on and before another; where both are the same, never."""


class Leadership(BaseModel):
    """The heads of a department by day, and everybody who was ever let act for one of them, by key.

    `given_at` tells when it was given to them to stand in.
    """

    model_config = ConfigDict(frozen=True)

    heads: tuple[Headship, ...] = ()
    stand_ins: Mapping[str, StandIn] = {}
    given_at: Mapping[str, datetime] = {}

    @property
    def headship(self) -> Headship | None:
        """The present head."""
        return self.heads[-1] if self.heads else None

    def head_at(self, moment: datetime) -> Headship | None:
        """Whoever was head at a moment, as far as that is known now."""
        return next((one for one in reversed(self.heads) if one.since <= moment), None)

    def led_by(self, headship: Headship) -> "Leadership":
        """The same with one head more, from the day of that one on and until the next."""
        before = (one for one in self.heads if one.since < headship.since)
        after = (one for one in self.heads if one.since > headship.since)
        return self.model_copy(update={"heads": (*before, headship, *after)})

    def with_stand_in(self, stand_in: StandIn, given_at: datetime) -> "Leadership":
        """The same with somebody more who acts for the present head.

        What is given follows the appointment of the head; older logs have some that is said to be of before.
        """
        given = given_at if self.headship is None else max(given_at, self.headship.since)
        return self.model_copy(
            update={
                "stand_ins": {**self.stand_ins, stand_in.key: stand_in},
                "given_at": {**self.given_at, stand_in.key: given},
            }
        )

    def without(self, key: str, ended_at: datetime) -> "Leadership":
        """The same after the early end of a delegation."""
        ended = self.stand_ins[key].model_copy(update={"ended_at": ended_at})
        return self.model_copy(update={"stand_ins": {**self.stand_ins, key: ended}})

    def span_of(self, key: str) -> Span:
        """From when until when somebody stands in: within the term in which that was given."""
        stand_in, given = self.stand_ins[key], self.given_at[key]
        led = self.head_at(given)
        if led is None or led.head != stand_in.head:
            return stand_in.since, stand_in.since
        ends = [stand_in.until] if stand_in.ended_at is None else [stand_in.until, stand_in.ended_at]
        others = [one.since for one in self.heads if one.head != stand_in.head]
        begun = max((since for since in others if since <= given), default=None)
        own = (one.since for one in self.heads if one.head == stand_in.head)
        since = max(stand_in.since, min(one for one in own if begun is None or one > begun))
        return since, max(since, min([*ends, *(one for one in others if one > given)]))

    def in_force(self, key: str, moment: datetime) -> bool:
        """Whether a delegation or an acting appointment counts at a moment."""
        since, until = self.span_of(key)
        return since <= moment < until

    def covers(self, actor: Actor, action: str, moment: datetime) -> bool:
        """Whether what `actor` does on behalf of somebody at a moment is delegated to them then."""
        headship = self.head_at(moment)
        if headship is None or actor.on_behalf_of != headship.head:
            return False
        if (actor.role, actor.mission) != (headship.role, headship.mission):
            return False
        return any(
            one.deputy == actor.subject
            and (one.actions is None or action in one.actions)
            and self.in_force(key, moment)
            for key, one in self.stand_ins.items()
        )
