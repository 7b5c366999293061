"""What stops an inbox, what it says then, and what it lags behind meanwhile."""

import asyncio

import pytest

from shared.eventstore.record import Record
from shared.messaging.inbox import Inbox
from shared.messaging.jetstream import ask
from shared.messaging.provision import provision_stream
from shared.messaging.relay import Relay
from tests.engines import ThrowawayEngines
from tests.faults.processes import until
from tests.integration.messaging.conftest import Begin, OpenStore
from tests.integration.messaging.pair import Pair, pair, within
from tests.integration.messaging.sample import copied, write
from tests.integration.messaging.tampering import fill

__all__ = ["pair"]


async def lag_is(inbox: Inbox, events: int) -> None:
    async def is_so() -> bool:
        return inbox.lag == events

    await until(is_so)


async def something_has_come(inbox: Inbox) -> None:
    async def is_so() -> bool:
        return inbox.lag_seconds > 0

    await until(is_so)


async def third_missing(pair: Pair) -> list[Record]:
    """Write four letters and leave a stream without the third, which nobody fills; return all four."""
    await write(pair.letters, "one", "two", "three", "four")
    pair.publishing.cancel()
    await asyncio.wait([pair.publishing])
    records = await pair.letters.read(0)
    await ask(pair.nc, "STREAM.DELETE.EVT_LETTERS")
    await fill(pair.nc, pair.letters, [records[0], records[1], records[3]])
    return records


async def test_a_hole_in_the_stream_stops_the_inbox(pair: Pair) -> None:
    await third_missing(pair)

    inbox = pair.inbox()
    alarm = await within(60, inbox.progress.alarmed())

    assert "position 3 is missing before position 4 (sequence 3 of EVT_LETTERS)" in alarm
    assert "the relay of letters fills it" in alarm and "run `tanfidh restore`" in alarm
    assert await copied(pair.copies) == ["one", "two"]


async def test_a_foreign_message_stops_the_inbox(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))

    await pair.nc.jetstream().publish("evt.letters.letter.one.written", b'{"text": "forged"}')
    alarm = await within(60, inbox.progress.alarmed())

    assert "sequence 2 of EVT_LETTERS is no event of letters" in alarm and "no headers" in alarm
    assert "run `tanfidh restore`" in alarm
    assert inbox.blocked
    assert await copied(pair.copies) == ["one"]


async def test_an_inbox_is_not_blocked_by_what_is_gone(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.messaging.inbox.LOOK_AGAIN", 0.1)
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))
    pair.publishing.cancel()
    await asyncio.wait([pair.publishing])
    await pair.nc.jetstream().publish("evt.letters.letter.one.written", b'{"text": "forged"}')
    await within(60, inbox.progress.alarmed())
    assert inbox.blocked

    await ask(pair.nc, "STREAM.DELETE.EVT_LETTERS")
    await fill(pair.nc, pair.letters, await pair.letters.read(0))

    async def is_open() -> bool:
        return not inbox.blocked

    await within(60, until(is_open))


async def test_a_stopped_inbox_tells_its_lag_until_that_is_taken_in(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.inbox.GAP_PATIENCE", 0.1)
    monkeypatch.setattr("shared.messaging.inbox.LOOK_AGAIN", 0.1)
    records = await third_missing(pair)
    inbox = pair.inbox()
    await within(60, inbox.progress.alarmed())
    await within(60, lag_is(inbox, 1))
    await within(60, something_has_come(inbox))
    assert inbox.lag_seconds <= (pair.letters.clock() - records[3].recorded_at).total_seconds()

    await ask(pair.nc, "STREAM.DELETE.EVT_LETTERS")
    await fill(pair.nc, pair.letters, records)
    await within(60, inbox.progress.reached(4))
    await within(60, lag_is(inbox, 0))
    assert (inbox.lag_seconds, inbox.alarm) == (0.0, None)


async def test_a_message_that_is_no_event_counts_as_lag_since_it_came(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))

    await pair.nc.jetstream().publish("evt.letters.letter.one.written", b'{"text": "forged"}')
    await within(60, inbox.progress.alarmed())

    assert 0 < inbox.lag_seconds < 60


async def test_a_consumer_whose_messages_somebody_else_took_is_named(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))
    await pair.stop_reading()
    await write(pair.letters, "two")
    await within(60, pair.relay.progress.reached(2))
    thief = await pair.nc.jetstream().pull_subscribe_bind("copies_from_letters", "EVT_LETTERS")
    for message in await thief.fetch(1, timeout=10):
        await message.ack_sync()

    alarm = await within(60, pair.inbox().progress.alarmed())

    assert "the consumer copies_from_letters has acknowledged position 2" in alarm
    assert "somebody else took messages from that consumer, or this service was restored" in alarm


async def test_a_source_with_another_log_stops_the_inbox(
    pair: Pair, open_store: OpenStore, engines: ThrowawayEngines, begin: Begin
) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))
    pair.publishing.cancel()
    await asyncio.wait([pair.publishing])

    restored_url = engines.make_database()
    restored = await open_store("letters", restored_url)
    await write(restored, "one", "another two")
    await ask(pair.nc, "STREAM.DELETE.EVT_LETTERS")
    await provision_stream(pair.nc, "letters", restored.log_id)
    begin(Relay(restored, pair.nc, restored_url).run())
    alarm = await within(60, inbox.progress.alarmed())
    while "carries the log" not in alarm:
        alarm = await within(60, inbox.progress.alarmed())

    assert f"carries the log {restored.log_id}" in alarm
    assert await copied(pair.copies) == ["one"]


async def test_a_service_restored_behind_what_it_acknowledged_stops_its_inbox(
    pair: Pair, open_store: OpenStore, engines: ThrowawayEngines
) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one", "two")
    await within(60, inbox.progress.reached(2))
    await pair.stop_reading()

    pair.copies = await open_store("copies", engines.make_database())
    restored = pair.inbox()
    alarm = await within(60, restored.progress.alarmed())

    assert "has acknowledged position 2, and this inbox stands at 0" in alarm
