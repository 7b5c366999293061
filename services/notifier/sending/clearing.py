"""Clearing: what waits to be sent for a subscription that was closed is dropped."""

import asyncio
from uuid import UUID, uuid5

from services.notifier.notification.notification import TO_BE_SENT
from services.notifier.reactions import SERVICE
from services.notifier.sending.agenda import Waiting
from services.notifier.sending.assignment import dropping
from services.notifier.subscription import Subscription
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.store import EventStore
from shared.projections import Due, Views

PAGE = 200
BEHIND_S = 10.0
"""Seconds that the read models get to come up to the log."""


class Clearing:
    """Drops notifications of closed subscriptions, page by page, and notes when none is left."""

    def __init__(self, store: EventStore, views: Views) -> None:
        self._store = store
        self._views = views

    async def clear(self, due: Due) -> None:
        """Clear the closed subscription of a row; broken off, it is begun again and counts what is left."""
        subscription, dropped = due.key, 0
        for state in TO_BE_SENT:
            last: str | None = None
            await self._views.wait_for(self._store.head, BEHIND_S)
            where = {"subscription": subscription, "state": state.value}
            while page := await self._views.list("notifications", where, last, PAGE):
                last = page[-1][0]
                commands = [dropping(Waiting.of_row(row)) for _, row in page]
                outcomes = await asyncio.gather(*map(self._store.execute, commands))
                dropped += sum(bool(outcome.value) for outcome in outcomes)
        await self._store.execute(_cleared(subscription, dropped))


def _cleared(subscription: str, dropped: int) -> Command[None]:
    def decide(turn: Turn) -> None:
        turn.get(Subscription, subscription).clear(dropped, turn.moment)

    by = Instruction(id=uuid5(UUID(int=0), f"notifier clear {subscription}"), actor=SERVICE)
    return Command("clear-subscription", by, decide, ((Subscription, subscription),))
