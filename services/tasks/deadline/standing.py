"""What a deadline remembers beside its date: where its clock stands, what was granted, what was missed."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from shared.contracts.tasks import MissGround
from shared.contracts.text import Text

TOLERANCE = timedelta(seconds=60)
"""A miss is recorded late where this much time has passed since it could have been recorded."""

IN_TIME = Text(
    en="The work was handed in before the deadline, and that was recorded after it.",
    ar="قُدّم العمل قبل حلول الأجل وسُجّل تقديمه بعده.",
)
"""Why a submission qualifies a miss."""

RETURNED = Text(
    en="The work was handed in before the deadline, and returned after it.",
    ar="قُدّم العمل قبل حلول الأجل وأُعيد بعده.",
)
"""Why the submission of work qualifies the miss that its return made."""

OTHER_DATES = Text(
    en="Other dates were set before the deadline, and that was recorded after it.",
    ar="حُدّد تاريخان آخران قبل حلول الأجل وسُجّل ذلك بعده.",
)
"""Why other closing dates qualify the miss of the day that followed from the former ones."""

OTHER_DAYS = Text(
    en="The window or the calendar changed before the deadline, and that was recorded after it.",
    ar="تغيّرت المدة أو التقويم قبل حلول الأجل وسُجّل ذلك بعده.",
)
"""Why another window, or a newer calendar, qualifies the miss of the day that it had been."""

GRANTED_BEFORE = Text(
    en="The extension {extension} was granted before the deadline, and that was recorded after it.",
    ar="مُنح التمديد {extension} قبل حلول الأجل وسُجّل ذلك بعده.",
)
"""Why more time qualifies the miss of the day that it put off."""


class Ending(StrEnum):
    """How a deadline ended for good: with its work accepted, or with its task cancelled."""

    MET = "met"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Suspension:
    """The clock stands since a day, with so many working days left after it; `hold` names what stopped it."""

    since: date
    working_days_left: int
    hold: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Granted:
    """The extension that still stands, the working day that it gave, and since when holds count."""

    extension: str
    until: date
    runs_from: date


@dataclass(frozen=True, slots=True)
class Ground:
    """What qualifies a miss; `hold` names the hold where it is one."""

    ground: MissGround
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class Miss:
    """A due day that passed without the work; `grounds` qualify it and never take it back."""

    due_on: date
    due_at: datetime
    grounds: tuple[Ground, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether another day was due before this one was over: due again, it is missed again."""
        return any(one.ground is MissGround.MOVE for one in self.grounds)


def with_ground(misses: Sequence[Miss], due_on: date, ground: Ground) -> tuple[Miss, ...]:
    """The misses with a ground more beside the last one of a day."""
    at = max(number for number, miss in enumerate(misses) if miss.due_on == due_on)
    qualified = replace(misses[at], grounds=(*misses[at].grounds, ground))
    return (*misses[:at], qualified, *misses[at + 1 :])
