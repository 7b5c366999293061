"""What the tests of this service begin with."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from services.notifier.directory import OPEN, Directory, Holder
from services.notifier.notification import Notification, notification_id
from services.notifier.subscription import Subscription, Terms
from shared.contracts.event import Event
from shared.contracts.notifier import Channel, Interest, NotificationQueued
from shared.contracts.registry import DecreeEnteredIntoForce
from shared.domain import Actor, Aggregate, Moment
from shared.eventstore.codec import encode
from shared.messaging.received import Received

A = TypeVar("A", bound=Aggregate)

NOON = datetime(2025, 5, 5, 12, tzinfo=UTC)
NOW = Moment(NOON, NOON)
EVENT = UUID(int=7)
OWNER = Actor(subject="officer-1", role="department", department="legal")
ADMIN = Actor(subject="admin-1", role="admin")
EVERYTHING = Terms(everything=True)
URL = "https://receiver.example/hooks/tanfidh"


def later(**by: float) -> Moment:
    """A moment after noon."""
    moment = NOON + timedelta(**by)
    return Moment(moment, moment)


def opened(id: str = "mine", channel: Channel = Channel.WEBHOOK, **interest: Any) -> Subscription:
    """An open subscription."""
    subscription = Subscription.blank(id)
    url = URL if channel is Channel.WEBHOOK else None
    subscription.open(OWNER.subject, channel, Interest(**interest), url, EVERYTHING, NOW)
    return kept(subscription)


def queueing(subscription: str = "mine") -> NotificationQueued:
    """The event that fits a subscription, to be sent at noon."""
    return NotificationQueued(
        notification=notification_id(EVENT, subscription),
        subscription=subscription,
        event=EVENT,
        channel=Channel.WEBHOOK,
        of_service="registry",
        of_type="registry.decree.entered-into-force",
        of_stream="decree.298-2025",
        of_position=3,
        of_keys={"decree": "298-2025"},
        due_at=NOON,
    )


def queued(subscription: str = "mine") -> Notification:
    """A notification that waits for its first attempt since noon, just recorded."""
    notification = Notification.blank(notification_id(EVENT, subscription))
    notification.queue(queueing(subscription), NOW)
    return notification


def listed(*subscriptions: Subscription) -> Directory:
    """The directory of these subscriptions, listed at noon."""
    directory = Directory.blank(OPEN)
    for one in subscriptions:
        directory.enter(one.id, Holder.of(OWNER), one.channel, one.interest, NOW)
    return kept(directory)


def kept(aggregate: A) -> A:
    """The aggregate, with what it recorded taken off it."""
    list(aggregate.collect_events())
    return aggregate


def said(aggregate: Aggregate) -> list[Event]:
    """What an aggregate has recorded since."""
    return [change.event for change in aggregate.collect_events()]  # type: ignore[attr-defined]


def received(
    event: Event,
    id: str,
    keys: dict[str, str],
    recorded_at: datetime = NOON,
    number: int = 7,
    **more: object,
) -> Received:
    """An event as it comes through an inbox."""
    kind = event.event_type.split(".")[1]
    meta = {
        "correlation": str(UUID(int=8)),
        "keys": keys,
        "actor": {"subject": "a-1", "role": "admin"},
    } | more
    return Received(
        log_id=UUID(int=1),
        position=3,
        stream=f"{kind}.{id}",
        version=1,
        type=event.event_type,
        schema=event.class_version,
        recorded_at=recorded_at,
        effective_at=recorded_at,
        event_id=UUID(int=number),
        data=encode(event),
        meta=json.dumps(meta).encode(),
        sealed_digest=b"",
        previous=b"",
    )


def in_force(recorded_at: datetime = NOON, number: int = 7) -> Received:
    """A decree entered into force."""
    event = DecreeEnteredIntoForce(on=NOON.date())
    return received(event, "298-2025", {"decree": "298-2025"}, recorded_at, number)
