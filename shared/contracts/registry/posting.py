"""The term of a posting: when it is to end, that it nears its end, that it is over, that it was extended."""

from datetime import date, datetime
from enum import StrEnum

from shared.contracts.identity import Token
from shared.contracts.registry.base import RegistryEvent


class StaffPostingExtended(RegistryEvent, type="staff.posting-extended"):
    """The competent authority `by` let the posting go on until another last day; a warning is due again."""

    mission: Token
    category: Token
    former: date
    ends_on: date
    warn_on: date
    by: Token
    reference: str


class StaffPostingCapApproaching(RegistryEvent, type="staff.posting-cap-approaching"):
    """The last day of the posting is near."""

    mission: Token
    category: Token
    authority: Token
    ends_on: date


class StaffPostingOverdue(RegistryEvent, type="staff.posting-overdue"):
    """The last day of the posting has passed and nobody ended it. A later extension does not erase that."""

    mission: Token
    category: Token
    authority: Token
    ends_on: date


class OverdueGround(StrEnum):
    """What took effect before a last day had passed: the posting ended, or was extended."""

    ENDED = "ended"
    EXTENDED = "extended"


class StaffOverdueQualified(RegistryEvent, type="staff.overdue-qualified"):
    """The posting ended or was extended before its last day had passed, which became known after it.

    That it was overdue stays a fact, with this beside it: `effective_at` is the moment that was told.
    """

    mission: Token
    category: Token
    authority: Token
    ends_on: date
    ground: OverdueGround
    effective_at: datetime
