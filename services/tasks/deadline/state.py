"""How a deadline stands, and which events lead there."""

from enum import StrEnum

from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Lifecycle, Step


class DeadlineState(StrEnum):
    """How a deadline stands; none before it is set.

    A miss stands for good: a deadline that is running again, or met, still tells of it.
    """

    NONE = "none"
    RUNNING = "running"
    APPROACHING = "approaching"
    SUSPENDED = "suspended"
    MISSED = "missed"
    MET = "met"
    DROPPED = "dropped"

    @property
    def told(self) -> Text:
        """The state in words."""
        return Text(en=self.value, ar=_ARABIC[self])


_ARABIC = {
    DeadlineState.NONE: "بلا أجل",
    DeadlineState.RUNNING: "جارٍ",
    DeadlineState.APPROACHING: "قريب الحلول",
    DeadlineState.SUSPENDED: "موقوف",
    DeadlineState.MISSED: "فائت",
    DeadlineState.MET: "مستوفى",
    DeadlineState.DROPPED: "ساقط",
}

_CLOCK = (DeadlineState.RUNNING, DeadlineState.APPROACHING, DeadlineState.MISSED)
"""The clock goes; of a due day that it comes back to it is known whether that was near, or missed."""

_OPEN = (*_CLOCK, DeadlineState.SUSPENDED)

LIFECYCLE = Lifecycle(
    DeadlineState.NONE,
    *(Step(said.DeadlineSet, (DeadlineState.NONE, *_OPEN), to) for to in _CLOCK),
    Step(said.DeadlineSuspended, _OPEN, DeadlineState.SUSPENDED),
    *(Step(said.DeadlineResumed, _OPEN, to) for to in _CLOCK),
    *(Step(said.DeadlineExtended, _CLOCK, to) for to in _CLOCK),
    Step(said.DeadlineExtended, (DeadlineState.SUSPENDED,)),
    Step(said.DeadlineApproaching, (DeadlineState.RUNNING,), DeadlineState.APPROACHING),
    Step(said.DeadlineMissed, (DeadlineState.RUNNING, DeadlineState.APPROACHING), DeadlineState.MISSED),
    Step(said.DeadlineMet, _OPEN, DeadlineState.MET),
    Step(said.DeadlineDropped, _OPEN, DeadlineState.DROPPED),
)
"""None → set and running (near, suspended ⇄ resumed, missed, extended) → met, or dropped with its task."""
