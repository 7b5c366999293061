"""One row per notification: of what, for whom, how it stands, and when the next attempt is due."""

from collections.abc import Iterable
from typing import Any

from services.notifier.notification import NotificationState
from shared.contracts import notifier as said
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from shared.projections import Views
from shared.projections.view import View

STATES: dict[type[said.NotificationFact], NotificationState] = {
    said.NotificationQueued: NotificationState.QUEUED,
    said.NotificationDelivered: NotificationState.DELIVERED,
    said.NotificationFailed: NotificationState.FAILED,
    said.NotificationParked: NotificationState.PARKED,
    said.NotificationRetried: NotificationState.QUEUED,
    said.NotificationDropped: NotificationState.DROPPED,
}
"""The state in which each event leaves its notification."""

COUNTED = [state.value for state in NotificationState if state is not NotificationState.NONE]


class NotificationsView(View):
    """Answers lists of notifications, counts them, and says which are due."""

    name = "notifications"
    facets = ("subscription", "state", "event_type", "decree")
    due = "due_at"

    def keys(self, record: Record) -> Iterable[str]:
        """The notification itself."""
        return (record.id,) if record.kind == "notification" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the notification."""
        row = {} if doc is None else doc
        event = record.event
        if not isinstance(event, said.NotificationFact):
            return row
        told = event.model_dump(mode="json")
        at = rfc3339(record.recorded_at)
        if isinstance(event, said.NotificationQueued):
            row = {name: told[name] for name in ("notification", "subscription", "event", "channel")}
            row |= {"event_type": event.of_type, "decree": event.of_keys.get("decree"), "queued_at": at}
            row |= {name: told[name] for name in ("of_service", "of_stream", "of_position", "of_keys")}
            row |= {"correlation": str(record.about.correlation), "attempts": 0}
        row |= {"state": STATES[type(event)].value, "due_at": None, "status": None, "reason": None}
        row |= {name: told[name] for name in ("status", "reason") if name in told}
        match event:
            case said.NotificationQueued() | said.NotificationRetried():
                row["due_at"] = rfc3339(event.due_at)
            case said.NotificationFailed():
                row["due_at"] = rfc3339(event.next_at)
        if isinstance(event, said.NotificationDelivered | said.NotificationFailed | said.NotificationParked):
            row["attempts"] = event.attempt
        if record.about.traceparent is not None:
            row["traceparent"] = record.about.traceparent
        row |= {"version": record.version, "changed_at": at}
        return row


async def counts(views: Views, as_of: int | None = None) -> dict[str, int]:
    """Count all notifications by state, 0 too."""
    found = await views.count("notifications", ("state",), as_of=as_of)
    counted = {state: number for (state,), number in found}
    return dict.fromkeys(COUNTED, 0) | counted


async def counts_by_decree(views: Views) -> dict[str, dict[str, int]]:
    """Count the notifications of events of every decree by state."""
    counted: dict[str, dict[str, int]] = {}
    for (decree, state), number in await views.count("notifications", ("decree", "state")):
        if decree:
            counted.setdefault(decree, {})[state] = number
    return counted
