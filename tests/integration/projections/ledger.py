"""A ledger to fold: a store of accounts, what is written to it, and views of it at work."""

import asyncio
import random
from typing import Any
from uuid import UUID

from shared.contracts.event import Event
from shared.domain import Actor
from shared.eventstore.command import Command, Instruction
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.projections import Views
from tests.unit.projections.sample import Account, AccountChanged, AccountClosed

CLERK = Actor(subject="clerk", role="admin")


class CutLog:
    """A log that hands out its events in pieces of random length."""

    def __init__(self, store: EventStore, seed: int) -> None:
        self.pool = store.pool
        self.advanced = store.advanced
        self._store = store
        self._random = random.Random(seed)

    async def read(self, after: int, limit: int = 500) -> list[Record]:
        return await self._store.read(after, min(limit, self._random.randint(1, 9)))


class Running:
    """Views at work, until they are stopped."""

    def __init__(self, views: Views) -> None:
        self.views = views
        self._task = asyncio.create_task(views.run())

    async def at(self, position: int) -> Views:
        assert await self.views.wait_for(position, timeout=20), self.views.alarm
        return self.views

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def write(store: EventStore, events: list[Event], seed: int = 0) -> int:
    """Store each event by a command of its own; return the position of the last."""
    drawn = random.Random(f"{seed} {store.head}")
    commands = [
        Command(
            "change",
            Instruction(id=UUID(int=drawn.getrandbits(128)), actor=CLERK),
            lambda turn, event=event: turn.get(Account, event.account).record(event, turn.moment),
        )
        for event in events
    ]
    await asyncio.gather(*[store.execute(command) for command in commands])
    return store.head


def drawn_events(seed: int, number: int) -> list[Event]:
    drawn = random.Random(seed)
    names = [f"acc-{n:02}" for n in range(12)]
    made: list[Event] = []
    for _ in range(number):
        account, other = drawn.sample(names, 2)
        if drawn.random() < 0.1:
            made.append(AccountClosed(account=account))
        else:
            other_or_none = other if drawn.random() < 0.3 else None
            made.append(AccountChanged(account=account, amount=drawn.randint(-5, 5), other=other_or_none))
    return made


async def whole(views: Views, as_of: int | None = None) -> dict[str, Any]:
    """Read the whole view by pages."""
    rows: dict[str, Any] = {}
    page = await views.list("balances", limit=5, as_of=as_of)
    while page:
        assert [key for key, _ in page] == sorted(key for key, _ in page)
        assert not rows or page[0][0] > max(rows)
        rows.update(page)
        page = await views.list("balances", after=page[-1][0], limit=5, as_of=as_of)
    return rows
