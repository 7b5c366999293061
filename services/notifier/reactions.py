"""What this service does when an event of another arrives: whoever subscribed to it is to be told."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid5

from services.notifier.directory import OPEN, Directory, Listing
from services.notifier.notification import Notification, notification_id
from services.notifier.parked import NotifierParked
from services.notifier.subscription import is_told
from shared.contracts.notifier import NotificationQueued
from shared.domain import Actor, Aggregate
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.store import EventStore
from shared.messaging.reacting import Reacting
from shared.messaging.received import Received

SERVICE = Actor(subject="service:notifier", role="service")


class Telling(Reacting):
    """Takes events in, and queues a notification of each for every subscription that it fits.

    Whom an event is for is decided in the writer's turn. The directory as it was lately only says which
    notifications will probably be made, so that all of them are looked up together.
    """

    def __init__(self, store: EventStore, source: str) -> None:
        super().__init__(lambda received: react(received, self._lately), store, source, NotifierParked)
        self._directory_of = store
        self._lately = Directory.blank(OPEN)

    async def take(self, events: Sequence[Received], position: int) -> int:
        """Take in consecutive events; see `shared.messaging.intake`."""
        self._lately = await self._directory_of.load(Directory, OPEN)
        return await super().take(events, position)


def react(received: Received, lately: Directory) -> Command[Any] | None:
    """Return the command that tells of the event, or None where it is told to nobody ever; pure."""
    if not is_told(received.type):
        return None
    by = Instruction(
        id=uuid5(received.event_id, "notifier.tell"),
        actor=SERVICE,
        correlation=received.correlation,
        causation=received.event_id,
        traceparent=received.traceparent,
    )
    likely: list[tuple[type[Aggregate], str]] = [
        (Notification, notification_id(received.event_id, subscription))
        for subscription in _fitting(lately, received)
    ]

    def decide(turn: Turn) -> None:
        fitting = _fitting(turn.get(Directory, OPEN), received)
        told = {
            subscription: turn.get(Notification, notification_id(received.event_id, subscription))
            for subscription in fitting
        }
        for subscription, notification in told.items():
            listing = fitting[subscription]
            queued = _queued(received, subscription, notification.id, listing, turn)
            notification.queue(queued, turn.moment)

    return Command("tell", by, decide, ((Directory, OPEN), *likely))


def _fitting(directory: Directory, received: Received) -> dict[str, Listing]:
    if not directory.listings:
        return {}
    about = received.about
    return directory.fitting(received.type, about.keys, received.recorded_at, about.co_executors)


def _queued(
    received: Received, subscription: str, notification: str, listing: Listing, turn: Turn
) -> NotificationQueued:
    return NotificationQueued(
        notification=notification,
        subscription=subscription,
        event=received.event_id,
        channel=listing.channel,
        of_service=received.service,
        of_type=received.type,
        of_stream=received.stream,
        of_position=received.position,
        of_keys=received.about.keys,
        due_at=turn.moment.recorded_at,
    )
