"""What has to be taken in of the registry before what, beyond the order of each stream (decision 0040).

A measure that is ordered makes a plan. Where its order waits, for a procedure or for a newer release, the
plan is still to come, and what the plan follows waits behind it: dates, outcomes of people, signatures,
whatever completes a task. Where nothing of a measure waits, a plan that is not there never comes.

Nothing here reads a payload that might be of a newer schema, but for where a person was posted before.
"""

from contextlib import suppress

from shared.contracts import registry
from shared.messaging.parking.strands import Strands
from shared.messaging.received import Received

HOLDING = frozenset({registry.DecreeHeld.event_type, registry.DecreeResumed.event_type})
REOPENED = registry.MissionReopened.event_type
ORDERED = registry.MeasureOrdered.event_type
LEAVING = (registry.StaffReassigned, registry.StaffRecalled, registry.StaffSeparated)
_LEAVING = frozenset(kind.event_type for kind in LEAVING)

ANY_CLOSING = "closing.*"
"""What orders hold up that were parked before it was told which mission they are about."""


def strands_of(received: Received) -> Strands:
    """Tell the strands of an event of the registry.

    Holds and their lifts are a strand of their own: they rest on nothing else that is told of a decree, and a
    hold stops the clock whatever waits.
    """
    if received.type in HOLDING:
        return Strands(holds_of(received.stream))
    keys = _keys(received)
    match received.kind:
        case "measure" if (mission := keys.get("mission")) is not None:
            return Strands(received.stream, makes=(closing_of(mission),))
        case "mission":
            return Strands(received.stream, rests_on=_rests_on(received, keys.get("measure")))
        case "handover":
            return Strands(received.stream, rests_on=_closings(received.id))
        case "staff" if received.type in _LEAVING:
            return Strands(received.stream, rests_on=_closings(_left(received, keys)))
    return Strands(received.stream)


def strands_of_before(stream: str, event_type: str) -> Strands:
    """The strands of an event that was parked by a release that knew none, by what is known of it."""
    if event_type in HOLDING:
        return Strands(holds_of(stream))
    return Strands(stream, makes=(ANY_CLOSING,) if event_type == ORDERED else ())


def holds_of(stream: str) -> str:
    """The strand of the holds of a decree."""
    return f"{stream}/holds"


def closing_of(mission: str) -> str:
    """The strand of the plans by which a mission closes, or is changed otherwise."""
    return f"closing.{mission}"


def _closings(mission: str | None) -> tuple[str, ...]:
    return () if mission is None else (closing_of(mission), ANY_CLOSING)


def _rests_on(received: Received, measure: str | None) -> tuple[str, ...]:
    plan = () if measure is None else (f"measure.{measure}",)
    return (*plan, *_closings(received.id)) if received.type == REOPENED else plan


def _left(received: Received, keys: dict[str, str]) -> str | None:
    """The mission that a person left; whoever is reassigned has another one among the keys."""
    with suppress(Exception):  # of a newer schema: parked for that
        event = received.event
        return event.from_mission if isinstance(event, registry.StaffReassigned) else keys.get("mission")
    return None


def _keys(received: Received) -> dict[str, str]:
    with suppress(KeyError, ValueError, TypeError, AttributeError):
        return dict(received.about.keys)
    return {}
