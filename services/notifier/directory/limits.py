"""How many subscriptions may be open, and whose: nobody can take the places of another party."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.notifier.subscription.refusals import TooManySubscriptions
from shared.contracts.notifier import Party
from shared.domain import Actor, Text

PARTIES = {
    "admin": Party.OFFICE,
    "follow-up-office": Party.OFFICE,
    "controller": Party.OVERSIGHT,
    "auditor": Party.OVERSIGHT,
}
"""The parties that have places of their own, by role; every other role shares those of the others."""

MOST = {Party.OFFICE: 100, Party.OVERSIGHT: 100, Party.OTHERS: 300}
"""Open subscriptions of each party, at most; together, as many as each event is compared with."""
MOST_OF_DEPARTMENT = 50
MOST_OF_OWNER = 20

OWNER = Text(en="One owner", ar="لصاحب واحد")
DEPARTMENT = Text(en="One department", ar="لإدارة واحدة")
WHOLE = {
    Party.OFFICE: Text(en="The follow-up office with the administrators", ar="لمكتب المتابعة ومديري النظام"),
    Party.OVERSIGHT: Text(
        en="Oversight (controllers and auditors)", ar="للرقابة (الجهات الرقابية والمدققون)"
    ),
    Party.OTHERS: Text(
        en="Everybody together but the follow-up office and oversight",
        ar="لسائر الجهات معًا عدا مكتب المتابعة والرقابة",
    ),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who takes a place: an owner, of a party and where known of a department."""

    owner: str
    party: Party
    department: str | None = None

    @classmethod
    def of(cls, actor: Actor) -> "Holder":
        """Take whoever acts, in their role."""
        return cls(actor.subject, PARTIES.get(actor.role, Party.OTHERS), actor.department)


def check_place(holder: Holder, holders: Iterable[Holder]) -> None:
    """Refuse one subscription more where the owner, the department or the party has as many as it may.

    A department counts within its party: its officers take no place of an auditor who names the same one.
    """
    others = tuple(holders)
    party = [other for other in others if other.party is holder.party]
    department = [other for other in party if other.department == holder.department]
    if sum(other.owner == holder.owner for other in others) >= MOST_OF_OWNER:
        raise TooManySubscriptions(OWNER, MOST_OF_OWNER)
    if holder.department is not None and len(department) >= MOST_OF_DEPARTMENT:
        raise TooManySubscriptions(DEPARTMENT, MOST_OF_DEPARTMENT)
    if len(party) >= MOST[holder.party]:
        raise TooManySubscriptions(WHOLE[holder.party], MOST[holder.party])
