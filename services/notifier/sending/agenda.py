"""The agenda: what waits to be sent, the earliest first; in memory, folded from the log."""

from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, Self
from uuid import UUID

from shared.contracts import notifier as said
from shared.eventstore.record import Record


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notification that is to be sent at a moment; `correlation` is that of the event it tells of.

    `traceparent` is the trace that it was queued in, or last tried.
    """

    notification: str
    moment: datetime
    subscription: str
    event: UUID
    correlation: UUID
    traceparent: str | None = None

    @property
    def about(self) -> dict[str, str]:
        """What a line in the log says it is about."""
        return {
            "notification": self.notification,
            "event_id": str(self.event),
            "correlation": str(self.correlation),
        }

    @classmethod
    def of_row(cls, row: dict[str, Any]) -> Self:
        """Read it from the read model of notifications."""
        return cls(
            notification=row["notification"],
            moment=datetime.fromisoformat(row["due_at"]),
            subscription=row["subscription"],
            event=UUID(row["event"]),
            correlation=UUID(row["correlation"]),
            traceparent=row.get("traceparent"),
        )


class Agenda:
    """Each notification once, at the moment that was said last."""

    def __init__(self) -> None:
        self._waiting: dict[str, Waiting] = {}
        self._moments: list[tuple[datetime, str]] = []

    @property
    def next_moment(self) -> datetime | None:
        """When the next one is to be sent."""
        while self._moments and not self._holds(*self._moments[0]):
            heappop(self._moments)
        return self._moments[0][0] if self._moments else None

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, waiting: Waiting) -> None:
        """Put a notification on it, in place of what it said of it before."""
        self._waiting[waiting.notification] = waiting
        heappush(self._moments, (waiting.moment, waiting.notification))

    def note(self, record: Record) -> None:
        """Take up an event of the log: another moment, or an end."""
        event = record.event if record.kind == "notification" else None
        match event:
            case said.NotificationQueued(due_at=moment) | said.NotificationRetried(due_at=moment):
                self.add(_waiting(event, moment, record))
            case said.NotificationFailed(next_at=moment):
                self.add(_waiting(event, moment, record))
            case said.NotificationFact():
                self._waiting.pop(event.notification, None)

    def take(self, now: datetime) -> list[Waiting]:
        """Take off it all that is to be sent by now, in order."""
        taken = []
        while (moment := self.next_moment) is not None and moment <= now:
            taken.append(self._waiting.pop(heappop(self._moments)[1]))
        return taken

    def _holds(self, moment: datetime, notification: str) -> bool:
        waiting = self._waiting.get(notification)
        return waiting is not None and waiting.moment == moment


def _waiting(event: said.NotificationFact, moment: datetime, record: Record) -> Waiting:
    about = record.about
    return Waiting(
        event.notification, moment, event.subscription, event.event, about.correlation, about.traceparent
    )
