"""What can be asked of notifications."""

from typing import Any

from services.notifier.notification import Notification
from services.notifier.permissions import check_owner_or_permitted
from services.notifier.subscription import Subscription
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore


class Notifications:
    """Use cases of notifications."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def retry(self, by: Instruction, notification: str) -> Outcome[dict[str, Any]]:
        """Send a failed or parked notification now, where its subscription is open."""

        def decide(turn: Turn) -> dict[str, Any]:
            retried = turn.get(Notification, notification).must_exist()
            subscription = turn.get(Subscription, retried.subscription)
            check_owner_or_permitted(turn.actor, "notification.retry", subscription.owner)
            subscription.must_be_open()
            retried.retry(turn.moment)
            return {
                "notification": notification,
                "subscription": retried.subscription,
                "state": retried.state.value,
                "attempts": retried.attempts,
            }

        command = Command("retry-notification", by, decide, ((Notification, notification),))
        return await self._store.execute(command)
