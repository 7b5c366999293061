"""The bodies that the endpoints of departments read; unknown fields are refused."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from services.registry.bodies import Reference
from shared.contracts.identity import Token
from shared.contracts.registry import Sides
from shared.contracts.text import WrongValue
from shared.dossier.form import FIRST_YEAR, LAST_YEAR
from shared.web import RequestModel

Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9:_-]{1,64}$")]
"""The subject of somebody's token: a pseudonym, since events are public."""


def _in_range(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise WrongValue(
            en=f"{moment} is not in the years {FIRST_YEAR} to {LAST_YEAR}",
            ar=f"{moment} خارج السنوات من {FIRST_YEAR} إلى {LAST_YEAR}",
        )
    return moment


Instant = Annotated[AwareDatetime, AfterValidator(_in_range)]
"""A moment of RFC 3339 with its offset."""


class PlaceBody(RequestModel):
    """The department under which another one stands, or null."""

    parent: Token | None


class SignsBody(RequestModel):
    """The sides of a closing for which a department signs the minutes; none where it signs for nobody."""

    signs: Sides
    reference: Reference


class HeadBody(RequestModel):
    """The head of a department, by pseudonym, and the role and mission that the head's token names."""

    head: Subject
    role: Annotated[str, Field(max_length=64)] = "department"
    mission: Token | None = None
    reference: Reference


class ActingHeadBody(RequestModel):
    """Who acts as head from a moment on and before another."""

    deputy: Subject
    since: Instant
    until: Instant
    reference: Reference


class DelegationBody(ActingHeadBody):
    """Who acts for the head; in the actions named, or in all where none are."""

    actions: (
        Annotated[tuple[Annotated[str, Field(max_length=64)], ...], Field(min_length=1, max_length=100)]
        | None
    ) = None
