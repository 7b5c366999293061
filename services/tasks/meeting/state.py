"""Where a meeting stands, and which events lead there."""

from enum import StrEnum

from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Lifecycle, Step


class MeetingState(StrEnum):
    """planned → held → minuted → closed; or cancelled before it is held."""

    UNKNOWN = "unknown"
    PLANNED = "planned"
    HELD = "held"
    MINUTED = "minuted"
    CLOSED = "closed"
    CANCELLED = "cancelled"

    @property
    def told(self) -> Text:
        """The state in words."""
        return Text(en=self.value, ar=_ARABIC[self])


_ARABIC = {
    MeetingState.UNKNOWN: "غير معروف",
    MeetingState.PLANNED: "مقرر",
    MeetingState.HELD: "منعقد",
    MeetingState.MINUTED: "معتمد المحضر",
    MeetingState.CLOSED: "مختتم",
    MeetingState.CANCELLED: "ملغى",
}

_PLANNED, _HELD, _MINUTED = (MeetingState.PLANNED,), (MeetingState.HELD,), (MeetingState.MINUTED,)

LIFECYCLE = Lifecycle(
    MeetingState.UNKNOWN,
    Step(said.MeetingCalled, (MeetingState.UNKNOWN,), MeetingState.PLANNED),
    Step(said.MeetingPostponed, _PLANNED),
    Step(said.MeetingAgendaChanged, _PLANNED),
    Step(said.MeetingCancelled, _PLANNED, MeetingState.CANCELLED),
    Step(said.MeetingHeld, _PLANNED, MeetingState.HELD),
    Step(said.MeetingDecided, _HELD),
    Step(said.MeetingMinutesWritten, _HELD),
    Step(said.MeetingMinutesReturned, _HELD),
    Step(said.MeetingMinuted, _HELD, MeetingState.MINUTED),
    Step(said.MeetingDecisionSettled, (MeetingState.HELD, MeetingState.MINUTED)),
    Step(said.MeetingClosed, _MINUTED, MeetingState.CLOSED),
)
"""Decisions are taken until the minutes are approved, and followed up until none is open."""
