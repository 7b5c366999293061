from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.projections import Views
from tests.integration.projections.ledger import Running
from tests.sample import KEY
from tests.unit.projections.sample import Balances


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[EventStore]:
    await migrate(database_url, "ledger")
    store = EventStore("ledger", database_url, system_clock, KEY)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def start() -> AsyncIterator[Any]:
    running: list[Running] = []

    async def begin(log: Any, *kinds: type[Balances]) -> Running:
        views = Views(log, [kind() for kind in kinds or (Balances,)])
        await views.open()
        running.append(Running(views))
        return running[-1]

    yield begin
    for each in running:
        await each.stop()
