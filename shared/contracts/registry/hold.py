"""Holds: oversight stops the execution of a decree until conditions are fulfilled."""

from datetime import datetime

from shared.contracts.identity import Token
from shared.contracts.registry.base import Fact, RegistryEvent
from shared.contracts.text import Text


class HoldCondition(Fact):
    """What must be there before a hold is lifted."""

    key: Token
    text: Text


class DecreeHeld(RegistryEvent, type="decree.held"):
    """Execution was held by the oversight authority `by`.

    The hold covers the whole decree, or only `article`, or only `measure` where one is named. `holder`
    is the department of whoever placed it, or the subject where that has none: the holder alone lifts it.
    `in_person` tells which of the two it is; older events do not tell it.
    `reason` is published as it is written. `since` is the effective moment: a lift is not of before it.
    """

    hold: Token
    by: Token
    holder: str
    reason: Text
    conditions: tuple[HoldCondition, ...]
    article: Token | None = None
    measure: Token | None = None
    since: datetime | None = None
    in_person: bool | None = None

    def is_held_by(self, holder: str, *, in_person: bool) -> bool:
        """Whether that is the holder: a person is no department of the same name.

        Of older holds the authority's own is a department's, and of others the name alone is known.
        """
        known = self.in_person
        if known is None and holder == self.by:
            known = False
        return holder == self.holder and known in (None, in_person)


class DecreeConditionFulfilled(RegistryEvent, type="decree.condition-fulfilled"):
    """A condition of an open hold was fulfilled; `evidence` are letter numbers or other references."""

    hold: Token
    condition: Token
    evidence: tuple[str, ...]


class DecreeConditionWaived(RegistryEvent, type="decree.condition-waived"):
    """The holder does without a condition of its hold, for a reason."""

    hold: Token
    condition: Token
    reason: Text
    by: str


class MetCondition(Fact):
    """How a condition of a hold was met: letter numbers or other references; none where it was waived."""

    key: Token
    evidence: tuple[str, ...]
    waived: bool = False


class DecreeResumed(RegistryEvent, type="decree.resumed"):
    """One hold was lifted, every condition of it being met or waived."""

    hold: Token
    met: tuple[MetCondition, ...]
    reason: Text
    article: Token | None = None
    measure: Token | None = None
