"""What can be asked of subscriptions. Each change is also listed in the directory, in the same command."""

from collections.abc import Callable
from typing import Any

from services.notifier.directory import OPEN, Directory, Holder
from services.notifier.permissions import PERMISSIONS, check_owner_or_permitted
from services.notifier.secrets import MasterKey
from services.notifier.subscription import Subscription, Terms
from shared.contracts.notifier import Channel, Interest
from shared.domain import Actor
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Answer = dict[str, Any]


class Subscriptions:
    """Use cases of subscriptions.

    Args:
        store: of this service.
        key: from which the secrets follow.
        private: whether webhooks may go to private networks.
    """

    def __init__(self, store: EventStore, key: MasterKey, private: bool) -> None:
        self._store = store
        self._key = key
        self._private = private

    async def open(
        self, by: Instruction, id: str | None, channel: Channel, interest: Interest, url: str | None
    ) -> Outcome[Answer]:
        """Open a subscription of the one who asks, under an id of theirs or one made of the request."""
        PERMISSIONS.check(by.actor, "subscription.open")
        subscription = id or f"s-{by.id.hex}"

        def decide(turn: Turn) -> Answer:
            opened, directory = turn.get(Subscription, subscription), turn.get(Directory, OPEN)
            opened.open(by.actor.subject, channel, interest, url, self._terms(by.actor), turn.moment)
            directory.enter(subscription, Holder.of(by.actor), channel, interest, turn.moment)
            return _told(opened)

        return await self._execute("open-subscription", by, subscription, decide)

    async def change(
        self, by: Instruction, subscription: str, interest: Interest | None, url: str | None
    ) -> Outcome[Answer]:
        """Take another interest or address, for the owner alone; what is left out stays."""

        def decide(turn: Turn) -> Answer:
            changed, directory = turn.get(Subscription, subscription), turn.get(Directory, OPEN)
            self._check(turn, "subscription.change", changed)
            if changed.change(interest, url, self._terms(turn.actor), turn.moment):
                directory.amend(subscription, changed.interest, turn.moment)
            return _told(changed)

        return await self._execute("change-subscription", by, subscription, decide)

    async def close(self, by: Instruction, subscription: str) -> Outcome[Answer]:
        """Close a subscription, for the owner and administrators; what waits to be sent for it is dropped."""

        def decide(turn: Turn) -> Answer:
            closed, directory = turn.get(Subscription, subscription), turn.get(Directory, OPEN)
            self._check(turn, "subscription.close", closed)
            closed.close(turn.actor.subject, turn.moment)
            directory.strike(subscription, turn.moment)
            return _told(closed)

        return await self._execute("close-subscription", by, subscription, decide)

    async def renew_secret(self, by: Instruction, subscription: str) -> Outcome[Answer]:
        """Sign with another secret from now on, for the owner alone."""

        def decide(turn: Turn) -> Answer:
            renewed = turn.get(Subscription, subscription)
            self._check(turn, "secret.renew", renewed)
            renewed.renew_secret(turn.moment)
            return _told(renewed)

        return await self._execute("renew-secret", by, subscription, decide)

    async def secret(self, actor: Actor, subscription: str) -> Answer:
        """Derive the present secret, for the owner alone: whoever has it can forge. Nothing keeps it."""
        found = (await self._store.load(Subscription, subscription)).must_exist()
        check_owner_or_permitted(actor, "secret.read", found.owner)
        found.must_have_secret()
        return {
            "subscription": subscription,
            "secret_number": found.secret_number,
            "secret": self._key.secret(found.owner, subscription, found.secret_number),
        }

    def _terms(self, actor: Actor) -> Terms:
        return Terms(self._private, PERMISSIONS.allows(actor, "subscription.to-everything"))

    def _check(self, turn: Turn, action: str, subscription: Subscription) -> None:
        check_owner_or_permitted(turn.actor, action, subscription.must_exist().owner)

    async def _execute(
        self, name: str, by: Instruction, subscription: str, decide: Callable[[Turn], Answer]
    ) -> Outcome[Answer]:
        reads = ((Subscription, subscription), (Directory, OPEN))
        return await self._store.execute(Command(name, by, decide, reads))


def _told(subscription: Subscription) -> Answer:
    """Tell how it stands. The secret is no part of it: answers are kept."""
    return {
        "subscription": subscription.id,
        "state": subscription.state.value,
        "owner": subscription.owner,
        "channel": subscription.channel.value,
        "interest": subscription.interest.model_dump(mode="json"),
        "url": subscription.url,
        "secret_number": subscription.secret_number,
    }
