"""What a plan is drawn up from, and the dates that it goes by."""

from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from shared.calendar import Roll


@dataclass(frozen=True, slots=True)
class Order:
    """A measure that is to be carried out, by the procedure of this template version.

    `host` is the country of the mission's host State; None in plans of before that was told.
    """

    decree: str
    article: str
    mission: str
    measure_kind: str
    receiver: str | None
    template: str
    template_version: int
    calendar: str
    roll: Roll
    warn_days: int
    host: str | None = None


@dataclass(frozen=True, slots=True)
class ClosingDates:
    """The two dates on which a mission closes: to the public, and officially (T).

    Of a measure that closes nothing both are T.
    """

    public_on: date
    official_on: date


class About(TypedDict):
    """The query keys that every event of a plan carries."""

    plan: str
    decree: str
    article: str
    measure: str
    mission: str
