"""The relay keeps its stream a copy of the log: it compares what it did not write, and fills holes."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from nats.aio.client import Client
from structlog.testing import capture_logs

from shared.eventstore.store import EventStore
from shared.messaging.configuration import stream_config
from shared.messaging.jetstream import ask
from shared.messaging.keeping import ForeignMessage, HoleInStream, StreamKeeper
from shared.messaging.provision import verify_stream
from shared.messaging.relay import Relay
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.integration.messaging.conftest import Begin, OpenStore
from tests.integration.messaging.sample import write
from tests.integration.messaging.tampering import copy_again, cut, damage, fill, forge, publish, state
from tests.integration.messaging.test_relay import assert_equal_to, relay_of, within

RESTORE = "run `tanfidh restore`"


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """And let twelve messages be a long stream: a relay that begins compares only the last at first."""
    monkeypatch.setattr("shared.messaging.keeping.BEHIND", 0)
    monkeypatch.setattr("shared.messaging.relay.LOOK_EVERY", 0.1)
    monkeypatch.setattr("shared.messaging.relay.LOOK_AGAIN", 0.1)
    monkeypatch.setattr("shared.messaging.keeping.REST", 0)


@pytest.fixture
async def store(open_store: OpenStore) -> EventStore:
    store = await open_store("letters")
    await write(store, *(f"letter {n}" for n in range(1, 13)))
    return store


@pytest.fixture
async def relay(store: EventStore, nc: Client, database_url: str, begin: Begin) -> Relay:
    """A relay that has published all that there is."""
    relay = relay_of(store, nc, database_url)
    begin(relay.run())
    await within(60, relay.progress.reached(12))
    return relay


async def once_more(relay: Relay) -> str:
    """The alarm that comes after another look, too."""
    alarm = await within(60, relay.progress.alarmed())
    await relay.progress.move(0)
    assert await within(60, relay.progress.alarmed()) == alarm
    return alarm


async def test_an_active_relay_is_not_taken_in_by_a_copy_of_its_last_event(
    store: EventStore, nc: Client, relay: Relay
) -> None:
    await forge(nc, 12, text="forged")
    await copy_again(nc, 12)
    await write(store, "true")

    alarm = await once_more(relay)

    assert "sequence 13 of EVT_LETTERS (evt.letters.letter.one.written) is" in alarm
    assert "nothing is published" in alarm and RESTORE in alarm
    assert (await state(nc))["messages"] == 14


async def test_nor_is_one_that_takes_up(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await fill(nc, store, await store.read(0))
    await forge(nc, 12, text="forged")
    await copy_again(nc, 12)
    await write(store, "true")
    relay = relay_of(store, nc, database_url)
    begin(relay.run())

    alarm = await once_more(relay)

    assert "sequence 14 of EVT_LETTERS (evt.letters.letter.one.written) is position 12" in alarm
    assert "somebody else put there" in alarm and RESTORE in alarm
    assert (await state(nc))["messages"] == 14


async def test_a_changed_message_in_the_middle_is_found_beside_the_publishing(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    records = await store.read(0)
    await fill(nc, store, records[:4])
    await forge(nc, 4, text="forged")
    await fill(nc, store, records[5:], after=5)
    relay = relay_of(store, nc, database_url)
    begin(relay.run())

    alarm = await once_more(relay)
    await write(store, "after")

    assert "sequence 5 of EVT_LETTERS" in alarm and "where the store of letters has" in alarm
    assert (await state(nc))["messages"] == 12


async def test_what_was_found_in_the_middle_is_looked_at_first_until_it_is_well(
    store: EventStore, nc: Client
) -> None:
    records = await store.read(0)
    await fill(nc, store, records[:6])
    await forge(nc, 6, text="forged")
    await fill(nc, store, records[7:], after=7)
    keeper = StreamKeeper(nc, store, remakes=True)
    await keeper.take_up(await verify_stream(nc, "letters"))
    with pytest.raises(ForeignMessage, match="sequence 7 "):
        await keeper.look_through(11)

    keeper.verified = 12  # a batch that was under way was accepted meanwhile
    keeper.begin()
    with pytest.raises(ForeignMessage, match="sequence 7 "):
        await keeper.take_up(await verify_stream(nc, "letters"))


async def test_whoever_publishes_again_does_not_first_compare_all_that_others_wrote(
    store: EventStore, nc: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = await store.read(0)
    keeper = StreamKeeper(nc, store, remakes=True)
    await fill(nc, store, records[:3])
    await keeper.take_up(await verify_stream(nc, "letters"))
    await fill(nc, store, records[3:6], after=3)
    await forge(nc, 6, text="forged")
    await fill(nc, store, records[7:], after=7)

    monkeypatch.setattr("shared.messaging.keeping.AT_ONCE", 5)
    keeper.begin()
    tail = await keeper.take_up(await verify_stream(nc, "letters"))
    assert tail.sequence == 12
    with pytest.raises(ForeignMessage, match="sequence 7 "):
        await keeper.look_through(11)


async def test_a_stream_that_was_cut_is_made_anew(store: EventStore, nc: Client, relay: Relay) -> None:
    with capture_logs() as logs:
        await cut(nc, kept=5)
        await made_anew(relay, published=24)

    [told] = [line for line in logs if line["event"] == "relay.makes-anew"]
    assert (told["missing"], told["held"], told["stream"]) == (7, 5, "EVT_LETTERS")
    await write(store, "after")
    await within(60, relay.progress.reached(13))
    assert (relay.alarm, relay.remade) == (None, 1)
    await assert_equal_to(store, nc)


async def test_a_stream_that_was_cut_while_nobody_looked_is_made_anew(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await fill(nc, store, await store.read(0))
    await cut(nc, kept=5)
    relay = relay_of(store, nc, database_url)
    begin(relay.run())

    await made_anew(relay, published=12)
    await assert_equal_to(store, nc)


async def test_a_stream_that_was_emptied_is_made_anew(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await ask(nc, "STREAM.CREATE.EVT_LETTERS", stream_config("letters", store.log_id) | {"deny_purge": False})
    await publish(nc, store, await store.read(0))
    await ask(nc, "STREAM.PURGE.EVT_LETTERS")
    await ask(nc, "STREAM.UPDATE.EVT_LETTERS", stream_config("letters", store.log_id))
    relay = relay_of(store, nc, database_url)
    begin(relay.run())

    await made_anew(relay, published=12)
    await assert_equal_to(store, nc)


async def test_what_a_damaged_file_took_is_filled_in(
    store: EventStore, nc: Client, relay: Relay, fresh_nats: ThrowawayNats
) -> None:
    await asyncio.to_thread(fresh_nats.stop)
    await asyncio.to_thread(damage, fresh_nats.server.store, b"letter 7")
    await asyncio.to_thread(fresh_nats.start)

    await made_anew(relay, published=24)

    assert relay.alarm is None
    await assert_equal_to(store, nc)


async def test_a_stream_with_holes_and_something_foreign_is_left_as_it_is(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    records = await store.read(0)
    await fill(nc, store, records[:9])
    await forge(nc, 9, text="forged")
    await fill(nc, store, records[10:], after=10)
    await cut(nc, kept=5)
    before = await state(nc)
    relay = relay_of(store, nc, database_url)
    begin(relay.run())

    alarm = await once_more(relay)

    assert "sequence 10 of EVT_LETTERS" in alarm and RESTORE in alarm
    assert (relay.remade, await state(nc)) == (0, before)


async def test_a_stream_with_holes_that_goes_further_than_the_store_is_left_as_it_is(
    store: EventStore,
    nc: Client,
    begin: Begin,
    engines: ThrowawayEngines,
    open_store: OpenStore,
) -> None:
    """What it still has is all that is left of what the store lost."""
    await fill(nc, store, await store.read(0))
    await cut(nc, kept=5)
    behind_url = engines.make_database()
    behind = await open_store("letters", behind_url, store.log_id)
    relay = relay_of(behind, nc, behind_url)
    begin(relay.run())

    alarm = await once_more(relay)

    assert "the store of letters ends at 0" in alarm
    assert (relay.remade, (await state(nc))["messages"]) == (0, 5)


@pytest.mark.parametrize("sequence", [0, 7, 13])
async def test_a_stream_in_which_nothing_is_missing_any_more_is_not_deleted(
    store: EventStore, nc: Client, sequence: int
) -> None:
    """A new leader of a cluster may never have had what the old one counted."""
    await fill(nc, store, await store.read(0))
    keeper = StreamKeeper(nc, store, remakes=True)

    assert not await keeper.make_anew(HoleInStream("it had a hole", sequence))

    assert (keeper.remade, (await state(nc))["messages"]) == (0, 12)


async def test_where_streams_are_not_made_here_a_hole_is_an_alarm(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await fill(nc, store, await store.read(0))
    await cut(nc, kept=5)
    relay = Relay(store, nc, database_url)
    begin(relay.run())

    alarm = await once_more(relay)

    assert "EVT_LETTERS has holes: it holds 5 messages, the first of sequence 8" in alarm and RESTORE in alarm
    assert (await state(nc))["messages"] == 5


async def test_all_of_a_stream_is_looked_through(
    store: EventStore, nc: Client, database_url: str, begin: Begin
) -> None:
    await fill(nc, store, await store.read(0))
    with capture_logs() as logs:
        relay = relay_of(store, nc, database_url)
        begin(relay.run())
        await within(60, until(lambda: any(line["event"] == "relay.compared" for line in logs)))

    assert [line["messages"] for line in logs if line["event"] == "relay.compared"] == [11]
    assert (relay.alarm, relay.remade) == (None, 0)


async def made_anew(relay: Relay, published: int) -> None:
    """Wait until the stream was deleted and is full again: so many events were published in all."""
    await within(60, until(lambda: (relay.remade, relay.published) == (1, published)))


async def until(there: Callable[[], Any]) -> None:
    while not there():
        await asyncio.sleep(0.01)
