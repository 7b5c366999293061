"""Given the log of notifications, when moments come, then each is taken once, at what was said last."""

import json
from datetime import timedelta
from typing import Any

from services.notifier.notification import Notification
from services.notifier.sending.agenda import Agenda, Waiting
from services.notifier.views import NotificationsView
from shared.domain import Change
from shared.eventstore.codec import encode
from shared.eventstore.record import Record
from tests.unit.notifier.given import EVENT, NOON, NOW, later, queued

CORRELATION = EVENT


def recorded(notification: Notification, position: int = 1) -> list[Record]:
    """What a notification has recorded since, as it is stored."""
    changes: list[Any] = list(notification.collect_events())
    return [_record(notification, change, position + number) for number, change in enumerate(changes)]


def _record(notification: Notification, change: Change, position: int) -> Record:
    return Record(
        position=position,
        stream=notification.stream,
        version=change.originator_version,
        type=change.event.event_type,
        schema=1,
        recorded_at=change.timestamp,
        effective_at=change.timestamp,
        data=encode(change.event),
        meta=json.dumps({"correlation": str(CORRELATION)}).encode(),
        sealed=b"",
        previous=b"",
        leaf=b"",
    )


def noted(*notifications: Notification) -> Agenda:
    agenda = Agenda()
    for notification in notifications:
        for record in recorded(notification):
            agenda.note(record)
    return agenda


def test_what_is_queued_is_taken_once_when_it_is_due() -> None:
    agenda = noted(queued("a"), queued("b"))
    assert agenda.next_moment == NOON
    assert agenda.take(NOON - timedelta(seconds=1)) == []
    assert sorted(waiting.subscription for waiting in agenda.take(NOON)) == ["a", "b"]
    assert agenda.take(NOON) == []
    assert agenda.next_moment is None


def test_a_failure_puts_it_at_its_next_moment() -> None:
    notification = queued("a")
    notification.fail(1, 500, "refused", None, NOW)
    agenda = noted(notification)
    assert agenda.take(NOON) == []
    assert agenda.next_moment == NOON + timedelta(seconds=5)
    (waiting,) = agenda.take(NOON + timedelta(seconds=5))
    assert (waiting.event, waiting.correlation) == (EVENT, CORRELATION)


def test_what_ended_is_taken_off() -> None:
    delivered, parked, dropped, retried = (queued(name) for name in ("a", "b", "c", "d"))
    delivered.deliver(1, 200, NOW)
    parked.park(1, 410, "gone", NOW)
    dropped.drop("subscription-closed", NOW)
    retried.park(1, 410, "gone", NOW)
    retried.retry(later(minutes=1))
    agenda = noted(delivered, parked, dropped, retried)
    assert agenda.next_moment == NOON + timedelta(minutes=1)
    assert [waiting.subscription for waiting in agenda.take(NOON + timedelta(hours=1))] == ["d"]


def test_the_view_says_the_same() -> None:
    notification = queued("a")
    notification.fail(1, 500, "refused", None, NOW)
    row: dict[str, Any] | None = None
    agenda = Agenda()
    for record in recorded(notification):
        row = NotificationsView().fold(record.id, row, record)
        agenda.note(record)
    assert row is not None
    assert [Waiting.of_row(row)] == agenda.take(NOON + timedelta(hours=1))
