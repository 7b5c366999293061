"""What has to hold once a restore is done."""

import asyncio

from shared.eventstore.lineage import read_lineage
from shared.eventstore.log.leaf import leaf_of
from shared.eventstore.log.note import Checkpoint
from shared.eventstore.log.tree import Edge
from shared.eventstore.record import Record
from shared.eventstore.store import EventStore
from shared.messaging.inbox import Inbox
from shared.messaging.relay import Relay
from tests.integration.messaging.sample import LetterWritten, write
from tests.integration.restoring.office import Office


async def assert_in_step(office: Office, *copied: str) -> None:
    """A new letter reaches the copies; streams, log and views are what the stores say."""
    async with office.running() as running:
        await running.settled()
        await write(running.letters, "new")
        await running.settled()
        assert (running.relay.alarm, running.inbox.alarm, running.copied.alarm) == (None, None, None)
        assert await running.texts() == [*copied, "new"]
        for store in (running.letters, running.copies):
            records = await store.read(0, 1000)
            messages = await running.published(store.service)
            assert [(m.position, m.meta, m.data) for m in messages] == [
                (r.position, r.meta, r.data) for r in records
            ]
            assert {m.log_id for m in messages} == {store.log_id}
            assert [m.leaf() for m in messages] == [r.leaf for r in records]
            await assert_log_verifies(store, records)
        assert await running.copies.inbox_position("letters") == running.letters.head
        letters = [r.event for r in await running.letters.read(0, 1000)]
        expected = [event.text for event in letters if isinstance(event, LetterWritten)]
        assert await running.views.get("texts", "one") == {"texts": expected}
    assert all(plan.in_step for plan in (await office.examined()).values())


async def assert_log_verifies(store: EventStore, records: list[Record]) -> None:
    logs, edge = await read_lineage(store.pool), Edge()
    for r in records:
        times = (r.recorded_at, r.effective_at)
        content = (r.data, r.meta, r.sealed, r.previous)
        log_id = logs.log_id_at(r.position)
        assert r.leaf == leaf_of(log_id, r.position, r.stream, r.version, r.type, r.schema, *times, *content)
        edge.append(r.leaf)
    note = await store.checkpoint()
    assert note is not None
    checkpoint = Checkpoint.parse(note)
    assert (checkpoint.size, checkpoint.root) == (len(records), edge.root())


async def alarm_of(watched: Relay | Inbox) -> str:
    return await asyncio.wait_for(watched.progress.alarmed(), 60)
