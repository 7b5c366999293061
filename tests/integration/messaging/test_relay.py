import asyncio
import base64
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock
from uuid import uuid4

import asyncpg
import nats
import pytest
from nats.aio.client import Client
from structlog.testing import capture_logs

from shared.contracts.envelope import header_lines, subject_of
from shared.eventstore.store import EventStore
from shared.messaging.jetstream import ask
from shared.messaging.provision import provision_stream
from shared.messaging.publisher import MAX_BATCH, Batch, NotAccepted, Publisher
from shared.messaging.received import Received
from shared.messaging.relay import Relay, poke_subject
from shared.messaging.tail import message_at
from shared.messaging.under_way import BEHIND, UnderWay
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.integration.messaging.conftest import Begin, OpenStore
from tests.integration.messaging.sample import write
from tests.integration.messaging.tampering import fill, publish, state


async def within(seconds: float, work: Any) -> Any:
    return await asyncio.wait_for(work, seconds)


@pytest.fixture
async def store(open_store: OpenStore) -> EventStore:
    return await open_store("letters")


def relay_of(store: EventStore, nc: Client, url: str) -> Relay:
    return Relay(store, nc, url, lambda: provision_stream(nc, store.service, store.log_id))


def copy_owned(folder: Path, to: Path) -> None:
    """Copy with the owners: the server does not run as whoever runs the tests."""
    subprocess.run(["cp", "-a", folder, to], check=True)


async def published(nc: Client) -> list[Received]:
    state = (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["state"]
    return [await message_at(nc, "letters", number) for number in range(1, state["last_seq"] + 1)]


async def assert_equal_to(store: EventStore, nc: Client) -> None:
    records = await store.read(0, 10_000)
    messages = await published(nc)
    assert [m.position for m in messages] == [r.position for r in records] == list(range(1, store.head + 1))
    assert [m.leaf() for m in messages] == [r.leaf for r in records]
    assert [m.data for m in messages] == [r.data for r in records]


async def test_what_is_committed_is_published_once_and_in_order(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await write(store, *(f"before {n}" for n in range(700)))
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await within(60, relay.progress.reached(700))

    for n in range(5):
        await write(store, f"one by one {n}")
        await within(60, relay.progress.reached(store.head))
    await asyncio.gather(*(write(store, "a", "b", id=f"l{n}") for n in range(50)))
    await within(60, relay.progress.reached(store.head))

    assert (relay.lag, relay.alarm, relay.active) == (0, None, True)
    await assert_equal_to(store, nc)


async def test_a_wiped_stream_is_made_anew_and_refilled(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await write(store, *(f"{n}" for n in range(30)))
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await within(60, relay.progress.reached(30))

    await ask(nc, "STREAM.DELETE.EVT_LETTERS")
    await write(store, "after")
    await within(60, relay.progress.reached(31))

    await assert_equal_to(store, nc)


async def test_a_stream_that_lost_its_tail_is_filled_up(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await write(store, *(f"{n}" for n in range(20)))
    await provision_stream(nc, "letters", store.log_id)
    async with Publisher(nc, "EVT_LETTERS", store.log_id) as publisher:
        batch = publisher.prepare((await store.read(0))[:12], 0)
        await publisher.send(batch)
        await publisher.accepted(batch)

    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await within(60, relay.progress.reached(20))

    await assert_equal_to(store, nc)


async def test_a_server_that_is_killed_and_comes_back_gets_the_rest(
    store: EventStore, nc: Client, database_url: str, begin: Begin, fresh_nats: ThrowawayNats
) -> None:
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await write(store, "before")
    await within(60, relay.progress.reached(1))

    await asyncio.to_thread(fresh_nats.stop)
    await write(store, *(f"{n}" for n in range(40)))
    await asyncio.to_thread(fresh_nats.start)
    await within(60, relay.progress.reached(41))
    await asyncio.to_thread(fresh_nats.restart, signal.SIGKILL)
    await write(store, "after")
    await within(60, relay.progress.reached(42))

    assert relay.alarm is None
    await assert_equal_to(store, nc)


async def test_a_server_that_was_wiped_is_refilled_though_nothing_is_written(
    store: EventStore,
    nc: Client,
    database_url: str,
    begin: Begin,
    fresh_nats: ThrowawayNats,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shared.messaging.relay.LOOK_EVERY", 0.1)
    await write(store, "a", "b", "c")
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await within(60, relay.progress.reached(3))
    messages = await nc.subscribe("evt.letters.>")
    await nc.flush()

    await asyncio.to_thread(fresh_nats.stop)
    await asyncio.to_thread(shutil.rmtree, fresh_nats.server.store)
    await asyncio.to_thread(fresh_nats.start)
    again = [await messages.next_msg(20) for _ in range(3)]
    await within(60, relay.progress.reached(3))

    assert len(again) == 3
    assert (store.head, relay.alarm) == (3, None)
    await assert_equal_to(store, nc)


async def test_a_server_that_lost_its_last_writes_gets_them_though_nothing_is_written(
    store: EventStore,
    nc: Client,
    database_url: str,
    begin: Begin,
    fresh_nats: ThrowawayNats,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setattr("shared.messaging.relay.LOOK_EVERY", 0.1)
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await write(store, "a", "b")
    await within(60, relay.progress.reached(2))
    kept = tmp_path / "kept"
    await asyncio.to_thread(fresh_nats.stop)
    await asyncio.to_thread(copy_owned, fresh_nats.server.store, kept)
    await asyncio.to_thread(fresh_nats.start)
    await write(store, "c")
    await within(60, relay.progress.reached(3))
    messages = await nc.subscribe("evt.letters.>")
    await nc.flush()

    await asyncio.to_thread(fresh_nats.stop)
    await asyncio.to_thread(shutil.rmtree, fresh_nats.server.store)
    await asyncio.to_thread(copy_owned, kept, fresh_nats.server.store)
    await asyncio.to_thread(fresh_nats.start)
    assert (await messages.next_msg(20)).data == (await store.read(2))[0].data
    await within(60, relay.progress.reached(3))

    assert (store.head, relay.alarm) == (3, None)
    await assert_equal_to(store, nc)


async def test_a_foreign_message_stops_the_relay_and_nothing_else(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await write(store, "ours")
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await within(60, relay.progress.reached(1))

    await nc.jetstream().publish("evt.letters.letter.one.written", b"{}")
    outcome = await write(store, "after")
    alarm = await within(60, relay.progress.alarmed())

    assert "was not published by the store of letters" in alarm
    assert outcome.position == 2
    assert (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["state"]["messages"] == 2


async def test_an_event_of_the_same_position_but_another_history_stops_the_relay(
    store: EventStore,
    nc: Client,
    database_url: str,
    begin: Begin,
    engines: ThrowawayEngines,
    open_store: OpenStore,
) -> None:
    elsewhere = engines.make_database()
    other = await open_store("letters", elsewhere, store.log_id)
    await write(other, "another history")
    await write(store, "ours")
    await provision_stream(nc, "letters", store.log_id)
    async with Publisher(nc, "EVT_LETTERS", store.log_id) as publisher:
        batch = publisher.prepare(await other.read(0), 0)
        await publisher.send(batch)
        await publisher.accepted(batch)

    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    alarm = await within(60, relay.progress.alarmed())

    assert "at position 1, where the store of letters has" in alarm
    assert (await ask(nc, "STREAM.INFO.EVT_LETTERS"))["state"]["messages"] == 1


async def test_a_stream_ahead_of_the_store_stops_the_relay(
    nc: Client, database_url: str, begin: Begin, engines: ThrowawayEngines, open_store: OpenStore
) -> None:
    before = await open_store("letters")
    await write(before, "one")
    await before.close()
    backup = engines.make_database(template=database_url.rsplit("/", 1)[1])
    ahead = await open_store("letters")
    await write(ahead, "two", "three")
    relay = relay_of(ahead, nc, database_url)
    publishing = begin(relay.run())
    await within(60, relay.progress.reached(3))
    publishing.cancel()
    await asyncio.wait([publishing])

    behind = relay_of(await open_store("letters", backup), nc, backup)
    begin(behind.run())
    alarm = await within(60, behind.progress.alarmed())

    assert "is position 2, and the store of letters ends at 1" in alarm
    assert "tanfidh restore" in alarm


async def test_the_stream_of_another_log_stops_the_relay(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await provision_stream(nc, "letters", uuid4())
    relay = relay_of(store, nc, database_url)
    begin(relay.run())

    assert f"the store of letters has the log {store.log_id}" in await within(60, relay.progress.alarmed())


async def test_a_stream_held_by_fewer_servers_than_asked_for_stops_the_relay(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await provision_stream(nc, "letters", store.log_id)
    await write(store, "one")
    relay = Relay(store, nc, database_url, replicas=3)
    begin(relay.run())

    assert "num_replicas is 1, not 3" in await within(10, relay.progress.alarmed())
    assert not await published(nc)


async def test_two_relays_at_once_publish_everything_once(
    store: EventStore, nc: Client, database_url: str, nats_url: str, begin: Begin, engines: ThrowawayEngines
) -> None:
    """Elected in two databases they are both active; the fence alone keeps them apart."""
    second_nc = await nats.connect(nats_url)
    first = relay_of(store, nc, database_url)
    second = relay_of(store, second_nc, engines.make_database())
    begin(first.run())
    begin(second.run())

    for n in range(30):
        await asyncio.gather(*(write(store, f"{n}", id=f"l{m}") for m in range(20)))
    await within(60, first.progress.reached(600))
    await within(60, second.progress.reached(600))

    assert first.active and second.active
    await assert_equal_to(store, nc)
    await second_nc.close()


async def test_a_standby_pokes_and_takes_over(
    open_store: OpenStore, nc: Client, nats_url: str, database_url: str, begin: Begin
) -> None:
    stores = [await open_store("letters"), await open_store("letters")]
    second_nc = await nats.connect(nats_url)
    first = relay_of(stores[0], nc, database_url)
    second = relay_of(stores[1], second_nc, database_url)
    running = begin(first.run())
    await write(stores[0], "elects the first")
    await within(60, first.progress.reached(1))
    begin(second.run())
    pokes = await nc.subscribe(poke_subject("letters"))

    await write(stores[1], "by the standby")
    await within(60, first.progress.reached(2))
    while (await pokes.next_msg(30)).data != b"2":
        """What the standby took notice of before may be told as well."""
    await pokes.unsubscribe()
    assert (first.active, second.active) == (True, False)

    running.cancel()
    await asyncio.wait([running])
    await write(stores[1], "after the first is gone")
    await within(60, second.progress.reached(3))

    assert second.active
    await assert_equal_to(stores[1], nc)
    await second_nc.close()


async def test_the_loss_of_the_lock_elects_anew(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await write(store, "before")
    await within(60, relay.progress.reached(1))

    administrator = await asyncpg.connect(database_url)
    ended = await administrator.fetchval(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE locktype = 'advisory'"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    await administrator.close()
    await write(store, "after")
    await within(60, relay.progress.reached(2))

    assert ended == 1
    await assert_equal_to(store, nc)


async def test_the_relay_publishes_on_while_a_batch_waits_for_its_acknowledgement(
    store: EventStore, nc: Client, database_url: str, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = [asyncio.Event(), asyncio.Event()]
    send, accepted = Publisher.send, Publisher.accepted

    async def noted(self: Publisher, batch: Batch) -> None:
        await send(self, batch)
        sent[batch.position - 1].set()

    async def late(self: Publisher, batch: Batch) -> None:
        await sent[1].wait()
        await accepted(self, batch)

    monkeypatch.setattr(Publisher, "send", noted)
    monkeypatch.setattr(Publisher, "accepted", late)
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await write(store, "one")
    await within(60, sent[0].wait())
    await write(store, "two")
    await within(60, relay.progress.reached(2))

    await assert_equal_to(store, nc)


async def test_a_relay_that_waits_for_acknowledgements_tells_its_lag_and_looks_for_no_fault(
    store: EventStore, nc: Client, database_url: str, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    acknowledged, looks, sent = asyncio.Semaphore(0), asyncio.Semaphore(0), asyncio.Event()
    send, accepted, advanced = Publisher.send, Publisher.accepted, store.advanced

    async def sends(self: Publisher, batch: Batch) -> None:
        await send(self, batch)
        sent.set()

    async def late(self: Publisher, batch: Batch) -> None:
        await acknowledged.acquire()
        await accepted(self, batch)

    async def looked(after: int) -> int:
        if after == 2:
            looks.release()
        return await advanced(after)

    def lags_since(position: int) -> bool:
        before = store.clock() - records[position - 1].recorded_at
        return before.total_seconds() <= relay.lag_seconds < before.total_seconds() + 5

    monkeypatch.setattr("shared.messaging.relay.LOOK_EVERY", 0.05)
    monkeypatch.setattr(Publisher, "send", sends)
    monkeypatch.setattr(Publisher, "accepted", late)
    monkeypatch.setattr(store, "advanced", looked)
    monkeypatch.setattr(store, "recorded_at", lambda _: None)  # as where it is long ago
    relay = relay_of(store, nc, database_url)
    with capture_logs() as logs:
        begin(relay.run())
        await write(store, "one")
        await within(60, sent.wait())  # so that the next is a batch of its own
        await write(store, "two")
        records = await store.read(0)
        for _ in range(4):
            await within(60, looks.acquire())
        assert (relay.lag, lags_since(1)) == (2, True)
        acknowledged.release()
        await within(60, relay.progress.reached(1))
        assert relay.lag == 1 and lags_since(2)
        acknowledged.release()
        await within(60, relay.progress.reached(2))

    assert "relay.interrupted" not in {line["event"] for line in logs}
    assert (relay.lag, relay.lag_seconds) == (0, 0.0)


async def test_what_others_committed_before_a_reign_that_cannot_begin_counts_from_its_begin(
    store: EventStore, open_store: OpenStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await write(store, "one")
    replica = await open_store("letters")
    await replica.look()
    elected = replica.clock()
    relay = Relay(replica, nc, database_url)  # there is no stream, and it may make none
    begin(relay.run())
    await within(60, relay.progress.alarmed())

    assert (replica.recorded_at(1), relay.lag) == (None, 1)
    assert 0 < relay.lag_seconds <= (replica.clock() - elected).total_seconds()


async def test_a_foreign_message_takes_the_place_of_one_event_and_moves_no_other(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    """The second is refused; the third was under way behind it, and is stored where it belongs."""
    await write(store, "one", "two", "three")
    await provision_stream(nc, "letters", store.log_id)
    records = await store.read(0)
    async with Publisher(nc, "EVT_LETTERS", store.log_id) as publisher:
        under_way = UnderWay(publisher)
        first, second, third = (publisher.prepare([record], record.position - 1) for record in records)
        await under_way.send(first)
        await under_way.stored()
        await nc.publish("evt.letters.letter.one.written", b"{}")
        await under_way.send(second)
        await within(60, under_way.send(third))
        with pytest.raises(NotAccepted, match="refused"):
            await under_way.stored()
        await publisher.accepted(third)

    assert (await message_at(nc, "letters", 3)).leaf() == records[2].leaf
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    assert "sequence 2" in await within(60, relay.progress.alarmed())


async def test_a_relay_that_begins_finds_a_foreign_message_behind_which_another_went_on(
    store: EventStore, nc: Client, database_url: str, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it publishes anything, and not only once it has looked through all of the stream."""
    monkeypatch.setattr("shared.messaging.relay.StreamKeeper.look_through", AsyncMock())
    await write(store, *(f"{n}" for n in range(BEHIND + 10)))
    records = await store.read(0, BEHIND + 10)
    await fill(nc, store, records[:9])
    await nc.jetstream().publish("evt.letters.letter.one.written", b"{}")
    for first in range(10, len(records), MAX_BATCH):
        await publish(nc, store, records[first : first + MAX_BATCH], first)

    await write(store, "after")
    relay = relay_of(store, nc, database_url)
    begin(relay.run())

    assert "sequence 10" in await within(60, relay.progress.alarmed())
    assert (await state(nc))["last_seq"] == BEHIND + 10


async def test_a_message_on_the_wire_is_byte_for_byte_the_stored_row(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await write(store, "قرار رقم 298")
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await within(60, relay.progress.reached(1))
    record = (await store.read(0))[0]

    raw = (await ask(nc, "STREAM.MSG.GET.EVT_LETTERS", {"seq": 1}))["message"]

    assert raw["subject"] == subject_of(record) == "evt.letters.letter.one.written"
    assert base64.b64decode(raw["data"]) == record.data
    assert base64.b64decode(raw["hdrs"]).endswith(header_lines(record, store.log_id) + b"\r\n")
