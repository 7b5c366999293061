"""A notification: queued → (failed → …) → delivered, parked or dropped.

A person may have what failed or is parked queued again.
"""

from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

from services.notifier.notification.refusals import NothingToRetry
from services.notifier.notification.schedule import next_attempt
from shared.contracts.event import Event
from shared.contracts.notifier import (
    NotificationDelivered,
    NotificationDropped,
    NotificationFailed,
    NotificationParked,
    NotificationQueued,
    NotificationRetried,
)
from shared.domain import Aggregate, Lifecycle, Moment, Step

NOBODY = UUID(int=0)


class NotificationState(StrEnum):
    """Where a notification stands; `failed` is tried again by itself, `parked` by a person."""

    NONE = "none"
    QUEUED = "queued"
    FAILED = "failed"
    DELIVERED = "delivered"
    PARKED = "parked"
    DROPPED = "dropped"


TO_BE_SENT = (NotificationState.QUEUED, NotificationState.FAILED)
TO_BE_RETRIED = (NotificationState.FAILED, NotificationState.PARKED)


def notification_id(event: UUID, subscription: str) -> str:
    """Name the notification of an event for a subscription: the same however often the event comes."""
    return f"n-{uuid5(event, subscription).hex}"


class Notification(Aggregate):
    """One event for one subscription. An attempt that was recorded already is not recorded again."""

    kind = "notification"
    lifecycle = Lifecycle(
        NotificationState.NONE,
        Step(NotificationQueued, (NotificationState.NONE,), NotificationState.QUEUED),
        Step(NotificationDelivered, TO_BE_SENT, NotificationState.DELIVERED),
        Step(NotificationFailed, TO_BE_SENT, NotificationState.FAILED),
        Step(NotificationParked, TO_BE_SENT, NotificationState.PARKED),
        Step(NotificationRetried, TO_BE_RETRIED, NotificationState.QUEUED),
        Step(NotificationDropped, TO_BE_SENT, NotificationState.DROPPED),
    )

    state: NotificationState = NotificationState.NONE
    subscription: str = ""
    event: UUID = NOBODY
    of_type: str = ""
    of_stream: str = ""
    of_position: int = 0
    of_keys: dict[str, str] = field(default_factory=dict)
    attempts: int = 0
    failures: int = 0
    due_at: datetime | None = None

    def queue(self, event: NotificationQueued, moment: Moment) -> None:
        """Have it sent; said again, it changes nothing."""
        if not self.exists:
            self.record(event, moment)

    def is_due(self, now: datetime) -> bool:
        """Whether the next attempt is to be made by now."""
        return self.state in TO_BE_SENT and self.due_at is not None and self.due_at <= now

    def deliver(self, attempt: int, status: int | None, moment: Moment) -> None:
        """Note that an attempt reached the receiver."""
        if self._is_next(attempt):
            self.record(NotificationDelivered(**self._named(), attempt=attempt, status=status), moment)

    def fail(
        self, attempt: int, status: int | None, reason: str, asked: timedelta | None, moment: Moment
    ) -> None:
        """Note that an attempt failed; after the last one, park it. `asked` is the receiver's Retry-After."""
        if not self._is_next(attempt):
            return
        next_at = next_attempt(self.failures + 1, moment.recorded_at, asked)
        if next_at is None:
            self.park(attempt, status, reason, moment)
            return
        self.record(
            NotificationFailed(
                **self._named(), attempt=attempt, status=status, reason=reason, next_at=next_at
            ),
            moment,
        )

    def park(self, attempt: int, status: int | None, reason: str, moment: Moment) -> None:
        """Note that an attempt failed and that no other makes sense."""
        if self._is_next(attempt):
            self.record(
                NotificationParked(**self._named(), attempt=attempt, status=status, reason=reason), moment
            )

    def retry(self, moment: Moment) -> None:
        """Send it now, parked or waiting for its next attempt, with the whole schedule before it.

        One whose attempt is due already is being sent: that changes nothing, so that it is not sent twice.
        """
        self.must_exist()
        if self.state not in TO_BE_RETRIED:
            raise NothingToRetry(notification=self.id, state=self.state.value)
        if self.is_due(moment.recorded_at):
            return
        self.record(NotificationRetried(**self._named(), due_at=moment.recorded_at), moment)

    def drop(self, reason: str, moment: Moment) -> bool:
        """Send it no more; tell whether it was still to be sent."""
        if self.state not in TO_BE_SENT:
            return False
        self.record(NotificationDropped(**self._named(), reason=reason), moment)
        return True

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case NotificationQueued():
                self.state, self.due_at = NotificationState.QUEUED, event.due_at
                self.subscription, self.event = event.subscription, event.event
                self.of_type, self.of_stream = event.of_type, event.of_stream
                self.of_position, self.of_keys = event.of_position, event.of_keys
            case NotificationDelivered():
                self.state, self.attempts, self.due_at = NotificationState.DELIVERED, event.attempt, None
            case NotificationFailed():
                self.state, self.attempts, self.due_at = (
                    NotificationState.FAILED,
                    event.attempt,
                    event.next_at,
                )
                self.failures += 1
            case NotificationParked():
                self.state, self.attempts, self.due_at = NotificationState.PARKED, event.attempt, None
            case NotificationRetried():
                self.state, self.failures, self.due_at = NotificationState.QUEUED, 0, event.due_at
            case NotificationDropped():
                self.state, self.due_at = NotificationState.DROPPED, None

    def _is_next(self, attempt: int) -> bool:
        return self.state in TO_BE_SENT and attempt == self.attempts + 1

    def _named(self) -> dict[str, Any]:
        return {"notification": self.id, "subscription": self.subscription, "event": self.event}
