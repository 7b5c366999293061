"""What a simulation came to, counted from the events in the streams alone."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from deploy.simulation.streams import Streams
from shared.contracts import registry, tasks
from shared.contracts.event import Event
from shared.contracts.notifier import NotificationDelivered
from shared.contracts.tasks import deadline
from shared.messaging.received import Received

_STATES: dict[type[Event], str] = {
    registry.MeasureListed: "listed",
    registry.MeasureIdentified: "listed",
    registry.MeasureBlocked: "blocked",
    registry.MeasureOrdered: "ordered",
    registry.MeasureExecuted: "executed",
    registry.MeasureDropped: "dropped",
    registry.MissionRegistered: "open",
    registry.MissionClosing: "closing",
    registry.MissionClosed: "closed",
    registry.MissionSettled: "settled",
    registry.MissionArchived: "archived",
    registry.MissionClosingCancelled: "open",
    registry.MissionReopened: "open",
    tasks.TaskPlanned: "open",
    tasks.TaskAccepted: "accepted",
    tasks.TaskCancelled: "cancelled",
}
"""The state in which an event leaves its measure, mission or task; other events leave it as it is."""


class Tally:
    """Counts of one decree; `events` are those of all services, each in the order of its stream."""

    def __init__(self, streams: Streams, decree: str) -> None:
        self._decree = decree
        self.events = {service: len(events) for service, events in streams.items()}
        self._states: dict[str, dict[str, str]] = {"measure": {}, "mission": {}, "task": {}}
        self._types: Counter[type[Event]] = Counter()
        for events in streams.values():
            self._count(events)

    def _count(self, events: Iterable[Received]) -> None:
        for received in events:
            kind = type(received.event)
            self._types[kind] += 1
            if kind in _STATES and self._concerns(received.event):
                self._states[received.kind][received.id] = _STATES[kind]

    def _concerns(self, event: Event) -> bool:
        """Whether it is of this decree; a mission that another decree opens again is closed no more."""
        of_decree = getattr(event, "decree", self._decree) == self._decree
        return of_decree or isinstance(event, registry.MissionReopened)

    def states(self, kind: str) -> Counter[str]:
        """How many measures, missions or tasks there are by state."""
        return Counter(self._states[kind].values())

    @property
    def cancelled(self) -> int:
        """Tasks that are neither accepted nor open."""
        return self.states("task")["cancelled"]

    def as_json(self) -> dict[str, Any]:
        """The counts, as `tanfidh simulate --json` prints them."""
        measures, missions, work = (self.states(kind) for kind in ("measure", "mission", "task"))
        return {
            "measures": {state: measures[state] for state in ("ordered", "blocked", "executed")},
            "missions": {state: missions[state] for state in ("closing", "closed")},
            "tasks": {"planned": work.total(), "accepted": work["accepted"], "open": work["open"]},
            "deadlines": {
                "missed": self._types[deadline.DeadlineMissed],
                "extended": self._types[deadline.DeadlineExtended],
                "refused": self._types[deadline.ExtensionRefused],
            },
            "staff": {
                "reassigned": self._types[registry.StaffReassigned],
                "recalled": self._types[registry.StaffRecalled],
            },
            "notifications": {"delivered": self._types[NotificationDelivered]},
            "events": self.events,
        }
