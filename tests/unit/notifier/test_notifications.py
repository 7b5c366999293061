"""Given a notification, when attempts are made, then they follow the schedule to its end."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from services.notifier.notification import Notification, NotificationState, notification_id
from services.notifier.notification.refusals import NothingToRetry
from services.notifier.notification.schedule import DELAYS, LONGEST_ASKED, next_attempt
from shared.contracts import notifier as contract
from shared.domain import Moment, NotFound
from tests.unit.notifier.given import EVENT, NOON, NOW, kept, later, queued, queueing, said

HOUR = timedelta(hours=1)


def test_its_id_follows_from_event_and_subscription() -> None:
    assert notification_id(EVENT, "mine") == notification_id(EVENT, "mine")
    assert notification_id(EVENT, "mine") != notification_id(EVENT, "yours")
    assert notification_id(EVENT, "mine").startswith("n-") and len(notification_id(EVENT, "mine")) == 34


def test_it_is_queued_once() -> None:
    notification = queued()
    notification.queue(queueing(), NOW)
    assert said(notification) == [queueing()]
    assert notification.is_due(NOON) and not notification.is_due(NOON - timedelta(seconds=1))


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    notification, moment, moments = kept(queued()), NOON, [NOON]
    for attempt in range(1, 10):
        notification.fail(attempt, 500, "refused", None, Moment(moment, moment))
        assert notification.state is NotificationState.FAILED
        assert notification.due_at is not None
        moment = notification.due_at
        moments.append(moment)
    waits = [(after - before).total_seconds() for before, after in pairwise(moments)]
    assert waits == [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    kept(notification)
    notification.fail(10, 500, "refused", None, Moment(moment, moment))
    assert [type(event) for event in said(notification)] == [contract.NotificationParked]
    assert (notification.state, notification.due_at) == (NotificationState.PARKED, None)


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        (None, DELAYS[1]),
        (timedelta(seconds=1), DELAYS[1]),
        (HOUR, HOUR),
        (timedelta(days=30), LONGEST_ASKED),
    ],
)
def test_a_receiver_is_left_alone_as_long_as_it_asks(asked: timedelta | None, waits: timedelta) -> None:
    assert next_attempt(2, NOON, asked) == NOON + waits


def test_a_success_ends_it() -> None:
    notification = kept(queued())
    notification.fail(1, None, "timeout", None, NOW)
    notification.deliver(2, 204, later(seconds=5))
    first, second = said(notification)
    assert (first.reason, first.next_at) == ("timeout", NOON + timedelta(seconds=5))
    assert (second.attempt, second.status) == (2, 204)
    assert not notification.is_due(datetime.max.replace(tzinfo=NOON.tzinfo))


@pytest.mark.parametrize("attempt", [0, 2, 7])
def test_an_attempt_that_is_not_the_next_is_not_recorded(attempt: int) -> None:
    notification = kept(queued())
    notification.deliver(attempt, 200, NOW)
    notification.fail(attempt, 500, "refused", None, NOW)
    notification.park(attempt, 410, "gone", NOW)
    assert said(notification) == []


def test_an_attempt_is_recorded_once() -> None:
    notification = kept(queued())
    notification.deliver(1, 200, NOW)
    notification.deliver(1, 200, NOW)
    notification.fail(1, 500, "refused", None, NOW)
    notification.deliver(2, 200, NOW)
    assert [type(event) for event in said(notification)] == [contract.NotificationDelivered]


def test_a_person_retries_what_is_parked_and_attempts_count_on() -> None:
    notification = queued()
    with pytest.raises(NothingToRetry, match="is queued"):
        notification.retry(NOW)
    notification.fail(1, 500, "refused", None, NOW)
    notification.park(2, 410, "gone", NOW)
    notification.retry(later(hours=1))
    assert notification.is_due(NOON + HOUR)
    kept(notification)
    notification.fail(3, 500, "refused", None, later(hours=1))
    (failed,) = said(notification)
    assert (failed.attempt, failed.next_at) == (3, NOON + HOUR + DELAYS[0]), "the schedule begins anew"
    with pytest.raises(NotFound):
        Notification.blank("n-1").retry(NOW)


def test_a_person_brings_the_next_attempt_of_what_failed_forward() -> None:
    notification = queued()
    for attempt in range(1, 10):
        notification.fail(attempt, 500, "refused", None, NOW)
    assert notification.due_at == NOON + DELAYS[8]
    kept(notification)
    notification.retry(later(hours=1))
    (retried,) = said(notification)
    assert isinstance(retried, contract.NotificationRetried) and retried.due_at == NOON + HOUR
    notification.fail(10, 500, "refused", None, later(hours=1))
    assert notification.due_at == NOON + HOUR + DELAYS[0], "the schedule begins anew"


def test_what_is_due_already_is_being_sent_and_is_not_retried() -> None:
    notification = queued()
    notification.fail(1, 500, "refused", None, NOW)
    kept(notification)
    for moment in (DELAYS[0], HOUR):
        notification.retry(Moment(NOON + moment, NOON + moment))
    assert said(notification) == []


def test_what_is_done_is_not_dropped() -> None:
    notification = queued()
    assert notification.drop("subscription-closed", NOW)
    assert not notification.drop("subscription-closed", NOW)
    delivered = queued()
    delivered.deliver(1, 200, NOW)
    assert not delivered.drop("subscription-closed", NOW)
