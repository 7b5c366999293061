"""The events of the registry by which a procedure may have its tasks completed."""

from shared.contracts import registry
from shared.contracts.event import Event

BY_MEASURE: tuple[type[Event], ...] = (
    registry.MissionDatesSet,
    registry.MissionAnnounced,
    registry.MissionServicesStopped,
    registry.MissionClosed,
    registry.MissionSettled,
    registry.MissionArchived,
    registry.MissionOpened,
    registry.MissionReopened,
    registry.MissionKindChanged,
    registry.MissionRelocated,
    registry.MissionEstablishmentCut,
)
"""Events that name the measure under which they happened, and so its plan."""

OF_DECREE: tuple[type[Event], ...] = (
    registry.DecreeExecuted,
    registry.DecreeFinalReportSubmitted,
    registry.DecreeFinalReportApproved,
)
"""Events of a decree, for the decree's own tasks."""

EXECUTED = "measure.executed"


def name_of(event: Event) -> str:
    """The name under which a procedure knows an event; a signature is named with its signatory."""
    name = type(event).event_type.partition(".")[2]
    return f"{name}.{event.signatory}" if isinstance(event, registry.HandoverSigned) else name


def _names(events: tuple[type[Event], ...]) -> frozenset[str]:
    return frozenset(event.event_type.partition(".")[2] for event in events)


SIGNED = frozenset(f"handover.signed.{signatory}" for signatory in registry.Signatory)
COMPLETES_TASKS = _names(BY_MEASURE) | SIGNED | {EXECUTED}
COMPLETES_DECREE_TASKS = _names(OF_DECREE)
