"""Where a mission stands, and which events lead there."""

from enum import StrEnum

from shared.contracts import registry as said
from shared.domain import Lifecycle, Step


class MissionState(StrEnum):
    """Where a mission stands. How far a closing has come is its `Phase`."""

    UNKNOWN = "unknown"
    PLANNED = "planned"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    SETTLED = "settled"
    ARCHIVED = "archived"


class Phase(StrEnum):
    """How far a closing has come: ordered, announced to the public, or without services."""

    PLANNED = "planned"
    ANNOUNCED = "announced"
    SERVICES_STOPPED = "services-stopped"


_OPEN, _CLOSING = (MissionState.OPEN,), (MissionState.CLOSING,)
OVER = (MissionState.CLOSED, MissionState.SETTLED, MissionState.ARCHIVED)
"""The mission is not there any more."""

LIFECYCLE = Lifecycle(
    MissionState.UNKNOWN,
    Step(said.MissionRegistered, (MissionState.UNKNOWN,), MissionState.OPEN),
    Step(said.MissionRegistered, (MissionState.UNKNOWN,), MissionState.PLANNED),
    Step(said.MissionOpened, (MissionState.PLANNED,), MissionState.OPEN),
    # Who was posted before the closing began may become known while it goes on.
    Step(said.MissionStaffJoined, (MissionState.OPEN, MissionState.CLOSING)),
    # Where condition 5 was waived somebody is still posted to a mission that is over.
    Step(said.MissionStaffLeft, (MissionState.OPEN, MissionState.CLOSING, *OVER)),
    Step(said.MissionKindChanged, _OPEN),
    Step(said.MissionRelocated, _OPEN),
    Step(said.MissionEstablishmentCut, _OPEN),
    Step(said.MissionAccredited, _OPEN),
    Step(said.MissionReceiving, _OPEN),
    Step(said.MissionReceivingEnded, _OPEN),
    Step(said.MissionAbsorbed, _OPEN),
    Step(said.MissionClosing, _OPEN, MissionState.CLOSING),
    Step(said.MissionAnnounced, _CLOSING),
    Step(said.MissionServicesStopped, _CLOSING),
    Step(said.MissionDatesSet, _CLOSING),
    Step(said.MissionConditionEvidenced, _CLOSING),
    Step(said.MissionConditionWaived, _CLOSING),
    Step(said.MissionRetargeted, _CLOSING),
    Step(said.MissionClosingCancelled, _CLOSING, MissionState.OPEN),
    Step(said.MissionClosed, _CLOSING, MissionState.CLOSED),
    Step(said.MissionSettled, (MissionState.CLOSED,), MissionState.SETTLED),
    Step(said.MissionArchived, (MissionState.SETTLED,), MissionState.ARCHIVED),
    Step(said.MissionReopened, OVER, MissionState.OPEN),
)
"""Planned → open → closing (in three phases) → closed → settled → archived; or reopened."""
