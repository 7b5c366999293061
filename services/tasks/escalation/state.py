"""How an escalation stands, and which events lead there."""

from enum import StrEnum

from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Lifecycle, Step


class EscalationState(StrEnum):
    """climbing → acknowledged (for a time), or suspended by a hold → climbing again → ended."""

    NONE = "none"
    CLIMBING = "climbing"
    ACKNOWLEDGED = "acknowledged"
    SUSPENDED = "suspended"
    ENDED = "ended"

    @property
    def told(self) -> Text:
        """The state in words."""
        return Text(en=self.value, ar=_ARABIC[self])


_ARABIC = {
    EscalationState.NONE: "بلا تصعيد",
    EscalationState.CLIMBING: "جارٍ",
    EscalationState.ACKNOWLEDGED: "أُقرّ به",
    EscalationState.SUSPENDED: "موقوف",
    EscalationState.ENDED: "منتهٍ",
}

_CLOCK = (EscalationState.CLIMBING, EscalationState.ACKNOWLEDGED)
_OPEN = (*_CLOCK, EscalationState.SUSPENDED)

LIFECYCLE = Lifecycle(
    EscalationState.NONE,
    Step(said.EscalationBegun, (EscalationState.NONE, EscalationState.ENDED), EscalationState.CLIMBING),
    Step(said.EscalationRaised, _CLOCK, EscalationState.CLIMBING),
    Step(said.EscalationAcknowledged, (EscalationState.CLIMBING,), EscalationState.ACKNOWLEDGED),
    Step(said.EscalationAcknowledged, (EscalationState.SUSPENDED,)),
    Step(said.EscalationSuspended, _CLOCK, EscalationState.SUSPENDED),
    Step(said.EscalationResumed, (EscalationState.SUSPENDED,), EscalationState.CLIMBING),
    Step(said.EscalationResumed, (EscalationState.SUSPENDED,), EscalationState.ACKNOWLEDGED),
    Step(said.EscalationResumed, _CLOCK),
    Step(said.EscalationEnded, _OPEN, EscalationState.ENDED),
)
