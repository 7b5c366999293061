import asyncio
import signal
import sys
from typing import Any

import asyncpg
import nats
import pytest

from shared.messaging.connection import broker_for
from shared.messaging.jetstream import ask
from shared.messaging.outage import Backoff
from shared.messaging.parking.refusals import AlreadyParked
from shared.messaging.provision import provision_consumer
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.faults.processes import until
from tests.integration.messaging.pair import Pair, pair, within
from tests.integration.messaging.sample import CopiesParked, copied, read, write

__all__ = ["pair"]

CONSUMER = "CONSUMER.INFO.EVT_LETTERS.copies_from_letters"


async def test_events_become_commands_in_order_and_once(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, *(f"{n}" for n in range(300)))
    await asyncio.gather(*(write(pair.letters, f"{n}", id=f"l{n}") for n in range(20)))
    await within(60, inbox.progress.reached(320))

    assert await copied(pair.copies) == [f"{n}" for n in range(300)]
    assert await pair.copies.inbox_position("letters") == 320
    assert (inbox.alarm, inbox.active, inbox.position) == (None, True, 320)
    await pair.assert_copied_once(streams=21)


async def test_an_event_that_comes_alone_does_not_wait_for_a_whole_fetch(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.source.FETCH_SECONDS", 600.0)
    inbox = pair.inbox()
    for number in range(1, 4):
        await write(pair.letters, f"{number}")
        await within(60, inbox.progress.reached(number))
    await pair.assert_copied_once()


async def test_events_that_were_there_before_do_not_wait_for_a_whole_fetch(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.source.FETCH_SECONDS", 600.0)
    await write(pair.letters, "1")
    await within(60, pair.relay.progress.reached(1))
    await within(20, pair.inbox().progress.reached(1))


async def test_events_without_a_reaction_move_the_position_all_the_same(pair: Pair) -> None:
    inbox = pair.inbox()
    await read(pair.letters)
    await within(60, inbox.progress.reached(1))
    await read(pair.letters)
    await write(pair.letters, "one")
    await read(pair.letters)
    await within(60, inbox.progress.reached(4))

    assert await pair.copies.inbox_position("letters") == 4
    await pair.assert_copied_once()


async def test_everything_committed_is_acknowledged_and_nothing_else(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, *(f"{n}" for n in range(40)))
    await within(60, inbox.progress.reached(40))

    async def acknowledged() -> bool:
        info = await ask(pair.nc, CONSUMER)
        return bool((info["ack_floor"]["stream_seq"], info["num_ack_pending"]) == (40, 0))

    await until(acknowledged)  # which follows the commit
    await pair.stop_reading()
    assert await acknowledged()


async def test_the_causation_and_correlation_of_an_effect_lead_back_to_its_cause(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))

    cause = (await pair.letters.read(0))[0]
    effect = (await pair.copies.read(0))[0]
    assert effect.about.fields["causation"] == str(cause.event_id)
    assert effect.about.correlation == cause.about.correlation


async def test_an_event_that_can_neither_be_taken_in_nor_parked_stops_the_inbox_until_it_is_mended(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.inbox.LOOK_AGAIN", 0.05)
    mended = asyncio.Event()
    park = CopiesParked.park

    def refuse(self: CopiesParked, *given: Any) -> None:
        if not mended.is_set():
            raise AlreadyParked(source="letters", position=2, log="another")
        park(self, *given)

    monkeypatch.setattr(CopiesParked, "park", refuse)
    inbox = pair.inbox()
    await write(pair.letters, "one", "illegible", "three")
    poison = (await pair.letters.read(1, 1))[0]
    alarm = await within(60, inbox.progress.alarmed())
    assert str(poison.event_id) in alarm and "position 2 of letters" in alarm and "AlreadyParked" in alarm
    assert await copied(pair.copies) == ["one"]
    assert await pair.copies.inbox_position("letters") == 1

    mended.set()
    await within(60, inbox.progress.reached(3))
    assert inbox.alarm is None


async def test_a_stopped_and_restarted_inbox_goes_on_where_it_stood(pair: Pair) -> None:
    for round in range(3):
        inbox = pair.inbox()
        await write(pair.letters, *(f"{round}.{n}" for n in range(60)))
        await within(60, inbox.progress.reached(60 * round + 20))
        await pair.stop_reading()
    inbox = pair.inbox()
    await within(60, inbox.progress.reached(180))

    await pair.assert_copied_once()


async def test_messages_of_a_wiped_and_refilled_stream_change_nothing(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, *(f"{n}" for n in range(50)))
    await within(60, inbox.progress.reached(50))

    await ask(pair.nc, "STREAM.DELETE.EVT_LETTERS")
    await write(pair.letters, "after")
    await within(60, inbox.progress.reached(51))

    assert inbox.alarm is None
    await pair.assert_copied_once()


async def test_a_deleted_consumer_is_made_anew(pair: Pair) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))

    await ask(pair.nc, "CONSUMER.DELETE.EVT_LETTERS.copies_from_letters")
    await write(pair.letters, "two")
    await within(60, inbox.progress.reached(2))

    assert inbox.alarm is None
    await pair.assert_copied_once()


async def test_a_consumer_that_may_not_be_made_is_an_alarm_until_it_is_there(pair: Pair) -> None:
    inbox = pair.inbox(provisions=False)
    await write(pair.letters, "one")
    alarm = await within(60, inbox.progress.alarmed())
    assert "does not exist: run `tanfidh provision`" in alarm

    await within(60, pair.relay.progress.reached(1))
    await provision_consumer(pair.nc, "copies", "letters")
    await within(60, inbox.progress.reached(1))

    assert inbox.alarm is None
    await pair.assert_copied_once()


async def test_engines_that_go_and_come_back_pause_the_inbox_and_never_stop_it(
    pair: Pair, engines: ThrowawayEngines, fresh_nats: ThrowawayNats
) -> None:
    inbox = pair.inbox()
    await write(pair.letters, *(f"{n}" for n in range(20)))
    await within(60, inbox.progress.reached(20))

    await asyncio.to_thread(fresh_nats.restart, signal.SIGKILL)
    await write(pair.letters, "while NATS restarts")
    await within(60, inbox.progress.reached(21))
    await asyncio.to_thread(engines.restart_database)
    await write(pair.letters, "after PostgreSQL restarted")
    await within(60, inbox.progress.reached(22))

    assert inbox.alarm is None
    await pair.assert_copied_once()


async def test_a_database_that_takes_no_writes_pauses_the_inbox_and_never_stops_it(
    pair: Pair, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a failover to a standby, or when a provider shields a full disk."""
    paused = asyncio.Event()

    class Noticed(Backoff):
        async def wait(self) -> None:
            if isinstance(sys.exception(), asyncpg.ReadOnlySQLTransactionError):
                paused.set()
            await super().wait()

    monkeypatch.setattr("shared.messaging.inbox.Backoff", Noticed)
    await write(pair.letters, "one")
    await read_only(database_url, "on")
    inbox = pair.inbox()
    await within(60, paused.wait())
    assert inbox.alarm is None
    await read_only(database_url, "off")
    await within(60, inbox.progress.reached(1))

    assert inbox.alarm is None
    await pair.assert_copied_once()


async def read_only(database_url: str, setting: str) -> None:
    """Let the connections of copies begin anew, and take writes or not."""
    administrator = await asyncpg.connect(database_url)
    try:
        await administrator.execute("SET default_transaction_read_only = off")
        name = await administrator.fetchval("SELECT current_database()")
        await administrator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {setting}")
        await administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'tanfidh copies' AND datname = current_database()"
        )
    finally:
        await administrator.close()


async def test_two_replicas_take_turns(pair: Pair, nats_url: str) -> None:
    second_broker = broker_for(nats_url, "second")
    first = pair.inbox()
    await write(pair.letters, "one")
    await within(60, first.progress.reached(1))
    second = pair.inbox(broker=second_broker)
    await write(pair.letters, "two")
    await within(60, first.progress.reached(2))
    assert (first.active, second.active) == (True, False)

    pair.reading[0].cancel()
    await asyncio.wait(pair.reading[:1])
    await write(pair.letters, "three")
    await within(60, second.progress.reached(3))

    assert second.active
    await pair.assert_copied_once()
    await pair.stop_reading()
    await second_broker.stop()


async def test_the_inbox_changes_no_stream_and_makes_no_consumer_of_its_own(
    pair: Pair, nats_url: str
) -> None:
    inbox = pair.inbox()
    await write(pair.letters, "one")
    await within(60, inbox.progress.reached(1))

    other = await nats.connect(nats_url)
    stream = await ask(other, "STREAM.INFO.EVT_LETTERS")
    await other.close()
    assert stream["config"]["subjects"] == ["evt.letters.>"]
    assert stream["state"]["consumer_count"] == 1
