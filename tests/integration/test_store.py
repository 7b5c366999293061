"""The event store against a real PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4, uuid5

import asyncpg
import orjson
import pytest

from shared.domain import Moment
from shared.eventstore.cache import UnreadableStream
from shared.eventstore.command import Command, InboxStep, Instruction, Outcome, Turn
from shared.eventstore.errors import (
    EventTooLarge,
    IdempotencyMismatch,
    InboxMoved,
    PreconditionFailed,
    PredecessorFailed,
    UnusableStore,
)
from shared.eventstore.migrate import migrate
from shared.eventstore.record import Record
from shared.eventstore.statements import READ
from shared.eventstore.store import EventStore
from tests.engines import ThrowawayEngines
from tests.sample import ACTOR, Gate, GatePassed, Held, Hold, command_id, open_store, passing, toggling
from tests.verifying import check_log


@pytest.fixture
async def url(database_url: str) -> str:
    await migrate(database_url, "sample")
    return database_url


@pytest.fixture
async def store(url: str) -> AsyncIterator[EventStore]:
    store = await open_store(url)
    yield store
    await store.close()


def with_answer(outcome: Outcome[dict[str, int]]) -> bytes:
    return orjson.dumps({"value": outcome.value, "position": outcome.position})


async def test_stores_what_was_decided(store: EventStore) -> None:
    outcome = await store.execute(passing("emb-va", id=command_id("1"), traceparent="00-1-2-01"))
    assert (outcome.value, outcome.position, outcome.events) == ({"passed": 1}, 1, 1)
    assert outcome.versions == {"gate.emb-va": 1, "hold.h": 0}
    record = await store.record_at(1)
    assert record is not None
    assert record.event == GatePassed(mission="emb-va", hold="h", count=1)
    assert record.about.fields == {
        "id": str(uuid5(store.log_id, f"{command_id('1')}/0")),
        "type": "sample.gate.passed",
        "schema": 1,
        "stream": "gate.emb-va",
        "version": 1,
        "recorded_at": record.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "effective_at": record.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "actor": {"subject": "tester", "role": "admin"},
        "command": str(command_id("1")),
        "correlation": str(command_id("1")),
        "traceparent": "00-1-2-01",
        "keys": {"mission": "emb-va"},
    }


async def test_what_was_there_before_is_not_created_by_what_it_decides(store: EventStore) -> None:
    # Given a gate that is passed once, when a command reads it first and records on another thing,
    assert (await store.execute(passing("emb-va"))).created

    def decide(turn: Turn) -> None:
        turn.get(Gate, "emb-va")
        turn.get(Hold, "other").toggle(turn.moment)

    command = Command("pass-another", Instruction(id=uuid4(), actor=ACTOR), decide, ((Gate, "emb-va"),))
    outcome = await store.execute(command)
    # then the first one is in its first version, and did not come into being by that.
    assert outcome.versions == {"gate.emb-va": 1, "hold.other": 1}
    assert (outcome.events, outcome.created) == (1, False)


async def test_keeps_both_clocks_to_the_microsecond(store: EventStore) -> None:
    moments = [
        datetime(1900, 1, 1, 0, 0, 0, 1, tzinfo=UTC),
        None,
        datetime(2025, 4, 30, 12, 30, 15, 999_999, tzinfo=UTC),
        datetime(2199, 12, 31, 23, 59, 59, 999_997, tzinfo=UTC),
    ]
    commands = [passing("g", id=uuid4(), effective_at=moment) for moment in moments]
    await asyncio.gather(*store.execute_in_order(commands))
    assert len(await check_log(store)) == 4
    stored = [Record(*row) for row in await store.pool.fetch(READ, 0, 4)]
    assert [r.effective_at for r in stored] == [
        m or r.recorded_at for m, r in zip(moments, stored, strict=True)
    ]


async def test_many_in_flight_on_one_stream_lose_nothing(store: EventStore) -> None:
    outcomes = await asyncio.gather(*(store.execute(passing("g", id=uuid4())) for _ in range(1000)))
    assert sorted(o.position for o in outcomes) == list(range(1, 1001))
    assert (await store.load(Gate, "g")).passed == 1000
    assert len(await check_log(store)) == 1000


async def test_a_refusal_stores_nothing_and_spoils_nothing(store: EventStore) -> None:
    await store.execute(passing("g", id=uuid4()))

    def fail(turn: object) -> None:
        turn.get(Gate, "g").pass_then_fail(turn.moment)  # type: ignore[attr-defined]

    failing = [Command("fail", Instruction(id=uuid4(), actor=ACTOR), fail) for _ in range(20)]
    passings = [passing("g", id=uuid4()) for _ in range(20)]
    mixed = [command for pair in zip(failing, passings, strict=True) for command in pair]
    results = await asyncio.gather(*map(store.execute, mixed), return_exceptions=True)
    assert sum(isinstance(result, Held) for result in results) == 20
    assert (await store.load(Gate, "g")).passed == 21
    assert len(await check_log(store)) == 21


async def test_sixteen_writers_with_one_version(store: EventStore) -> None:
    await store.execute(passing("g", id=uuid4()))
    commands = [passing("g", id=uuid4(), expected=1) for _ in range(16)]
    results = await asyncio.gather(*map(store.execute, commands), return_exceptions=True)
    assert sum(isinstance(result, PreconditionFailed) for result in results) == 15
    assert (await store.load(Gate, "g")).version == 2


async def test_one_answer_for_one_command(store: EventStore, url: str) -> None:
    def command(fingerprint: bytes) -> Command[dict[str, int]]:
        return passing("g", id=command_id("same"), answer=with_answer, fingerprint=fingerprint)

    outcomes = await asyncio.gather(*(store.execute(command(b"a")) for _ in range(50)))
    assert {outcome.answer for outcome in outcomes} == {b'{"value":{"passed":1},"position":1}'}
    assert sum(not outcome.repeated for outcome in outcomes) == 1
    with pytest.raises(IdempotencyMismatch):
        await store.execute(command(b"b"))
    other = await open_store(url)
    try:
        again = await other.execute(command(b"a"))
        assert (again.repeated, again.answer) == (True, b'{"value":{"passed":1},"position":1}')
    finally:
        await other.close()
    assert len(await check_log(store)) == 1


async def test_an_answer_older_than_is_remembered(store: EventStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store._writer.standing, "_kept", 3)

    def command(number: int, fingerprint: bytes = b"") -> Command[dict[str, int]]:
        by = {"id": command_id(f"old{number}"), "answer": with_answer, "fingerprint": fingerprint}
        return passing(f"g{number % 2}", **by)

    first = [await store.execute(command(number)) for number in range(20)]
    again = await asyncio.gather(*(store.execute(command(number)) for number in range(25)))
    assert [a.answer for a in again[:20]] == [f.answer for f in first]
    assert [a.repeated for a in again] == [True] * 20 + [False] * 5
    with pytest.raises(IdempotencyMismatch):
        await store.execute(command(0, b"other"))
    assert await check_log(store)


async def test_a_repetition_gets_its_answer_where_a_first_time_would_be_refused(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store._writer.standing, "_kept", 0)
    command = passing("g", id=command_id("before the hold"), answer=with_answer)
    answer = (await store.execute(command)).answer
    await store.execute(toggling("h", uuid4()))
    assert (await store.execute(command)).answer == answer
    with pytest.raises(Held):
        await store.execute(passing("g", id=command_id("after the hold"), answer=with_answer))


async def test_two_replicas_and_one_key(store: EventStore, url: str) -> None:
    other = await open_store(url)
    try:
        for number in range(20):
            command = passing("g", id=command_id(f"k{number}"), answer=with_answer)
            answers = await asyncio.gather(*(s.execute(command) for s in (store, other) * 5))
            assert len({answer.answer for answer in answers}) == 1
    finally:
        await other.close()
    assert len(await check_log(store)) == 20


async def test_two_replicas_write_one_log(store: EventStore, url: str) -> None:
    other = await open_store(url)
    try:
        work = [s.execute(passing(f"g{n % 7}", id=uuid4())) for n in range(200) for s in (store, other)]
        outcomes = await asyncio.gather(*work)
    finally:
        await other.close()
    assert sorted(o.position for o in outcomes) == list(range(1, 401))
    assert len(await check_log(store)) == 400


async def test_a_refusal_from_a_stale_replica_is_decided_again(store: EventStore, url: str) -> None:
    other = await open_store(url)
    try:
        await store.execute(toggling("h", uuid4()))
        with pytest.raises(Held):
            await other.execute(passing("g", id=uuid4()))
        await store.execute(toggling("h", uuid4()))
        assert (await other.execute(passing("g", id=uuid4()))).events == 1
    finally:
        await other.close()


async def test_a_chain_decides_in_order_and_fails_together(store: EventStore) -> None:
    commands = [passing(f"g{n}", id=uuid4()) for n in range(30)]
    outcomes = await asyncio.gather(*store.execute_in_order(commands))
    assert [outcome.position for outcome in outcomes] == list(range(1, 31))
    broken = [
        passing("g0", id=uuid4()),
        toggling("h", uuid4()),
        passing("g1", id=uuid4()),
        toggling("h", uuid4()),
    ]
    results = await asyncio.gather(*store.execute_in_order(broken), return_exceptions=True)
    assert [type(result) for result in results] == [Outcome, Outcome, Held, PredecessorFailed]


async def test_a_lane_decides_in_its_order_whatever_has_to_be_loaded(store: EventStore) -> None:
    await store.execute(passing("known", id=uuid4()))
    lane = store.lane()
    gates = ["known" if number % 3 else f"new-{number}" for number in range(90)]
    beside = [store.execute(passing("beside", id=uuid4())) for _ in range(30)]
    outcomes = await asyncio.gather(*(lane.execute(passing(gate, id=uuid4())) for gate in gates), *beside)
    positions = [outcome.position for outcome in outcomes[: len(gates)]]
    assert positions == sorted(positions)
    assert len(await check_log(store)) == 1 + len(outcomes)


async def test_what_is_refused_in_a_lane_fails_nothing_after_it(store: EventStore) -> None:
    lane = store.lane()
    commands = [
        passing("g0", id=uuid4()),
        toggling("h", uuid4()),
        passing("g1", id=uuid4()),
        toggling("h", uuid4()),
        passing("g1", id=uuid4()),
    ]
    work = (lane.execute(command) for command in commands)
    results = await asyncio.gather(*work, return_exceptions=True)
    assert [type(result) for result in results] == [Outcome, Outcome, Held, Outcome, Outcome]
    cancelled = asyncio.ensure_future(lane.execute(passing("never", id=uuid4())))
    following = asyncio.ensure_future(lane.execute(passing("g2", id=uuid4())))
    await asyncio.sleep(0)
    cancelled.cancel()
    assert (await following).events == 1


async def test_an_inbox_moves_with_the_effects(store: EventStore) -> None:
    await store.pool.execute(
        "INSERT INTO inboxes (name, log_id, position) VALUES ('in', $1, 0)", store.log_id
    )
    assert await store.inbox_position("in") == 0
    steps = [passing("g", id=uuid4(), inbox=InboxStep("in", n, n + 1)) for n in range(10)]
    await asyncio.gather(*store.execute_in_order(steps))
    assert await store.inbox_position("in") == 10
    with pytest.raises(InboxMoved):
        await store.execute(passing("g", id=uuid4(), inbox=InboxStep("in", 3, 4)))
    assert len(await check_log(store)) == 10


async def test_one_unreadable_stream_stops_nobody_else(store: EventStore, url: str) -> None:
    await asyncio.gather(*(store.execute(passing(gate, id=uuid4())) for gate in ("bad", "good")))
    owner = await asyncpg.connect(url, server_settings={"search_path": "sample"})
    try:
        await owner.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        await owner.execute("UPDATE events SET data = '{}' WHERE stream = 'gate.bad'")
    finally:
        await owner.close()
    fresh = await open_store(url)
    try:
        commands = [passing(gate, id=uuid4()) for gate in ("bad", "good", "bad")]
        results = await asyncio.gather(*map(fresh.execute, commands), return_exceptions=True)
        commands = [passing(gate, id=uuid4()) for gate in ("bad", "good", "bad")]
        in_lane = await asyncio.gather(*map(fresh.lane().execute, commands), return_exceptions=True)
    finally:
        await fresh.close()
    for each in (results, in_lane):
        assert [type(result) for result in each] == [UnreadableStream, Outcome, UnreadableStream]


@pytest.mark.parametrize("id", ["a\0b", "*", ">", "a.b", "", "x" * 65])
async def test_an_id_that_is_none_harms_nobody_else(store: EventStore, id: str) -> None:
    def decide(turn: object) -> None:
        turn.get(Gate, id)  # type: ignore[attr-defined]

    for command in (passing(id, id=uuid4()), Command("odd", Instruction(id=uuid4(), actor=ACTOR), decide)):
        with pytest.raises(ValueError, match="not an identifier"):
            await store.execute(command)
    assert (await store.execute(passing("g", id=uuid4()))).events == 1


async def test_an_event_too_large_is_refused(store: EventStore) -> None:
    def decide(turn: object) -> None:
        hold = turn.get(Hold, "h")  # type: ignore[attr-defined]
        from tests.sample import HoldPlaced

        hold.record(HoldPlaced(reason="x" * 300_000), turn.moment)  # type: ignore[attr-defined]

    with pytest.raises(EventTooLarge):
        await store.execute(Command("large", Instruction(id=uuid4(), actor=ACTOR), decide))
    assert not (await store.load(Hold, "h")).held


async def test_the_log_refuses_change(store: EventStore, url: str) -> None:
    await store.execute(passing("g", id=uuid4()))
    for statement in ("UPDATE events SET data = ''", "DELETE FROM checkpoints", "TRUNCATE log_tiles"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await store.pool.execute(statement)
    owner = await asyncpg.connect(url, server_settings={"search_path": "sample"})
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await owner.execute("DELETE FROM events")
    finally:
        await owner.close()


async def test_a_long_stream_is_loaded_from_its_snapshot(store: EventStore, url: str) -> None:
    await asyncio.gather(*(store.execute(passing("g", id=uuid4())) for _ in range(450)))
    await store.snapshots_written()
    kept = await store.pool.fetchval("SELECT version FROM snapshots WHERE stream = 'gate.g'")
    assert kept >= 200
    live = (await store.execute(passing("g", id=uuid4()))).versions["gate.g"]
    loaded = await store.load(Gate, "g")
    assert (loaded.passed, loaded.version) == (451, live)
    assert (await store.load(Gate, "g", upto=10)).passed == 10
    fresh = await open_store(url)
    try:
        assert (await fresh.execute(passing("g", id=uuid4()))).value == {"passed": 452}
    finally:
        await fresh.close()


async def test_refuses_a_schema_that_is_not_its_own(database_url: str) -> None:
    with pytest.raises(UnusableStore, match="migrate"):
        await open_store(database_url)
    await migrate(database_url, "sample")
    owner = await asyncpg.connect(database_url, server_settings={"search_path": "sample"})
    try:
        await owner.execute("UPDATE migrations SET checksum = 'other' WHERE number = 1")
        with pytest.raises(UnusableStore, match="another text"):
            await open_store(database_url)
        await owner.execute("INSERT INTO migrations (number, name, checksum) VALUES (9999, 'later', '')")
        with pytest.raises(UnusableStore, match="newer release"):
            await migrate(database_url, "sample")
    finally:
        await owner.close()


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM checkpoints WHERE size = 2",
        "UPDATE events SET leaf = sha256(leaf) WHERE position = 2",
        "DELETE FROM events WHERE position = 2; UPDATE head SET position = 1",
    ],
)
async def test_refuses_to_go_on_with_a_changed_end(store: EventStore, url: str, harm: str) -> None:
    for _ in range(2):
        await store.execute(passing("g", id=uuid4()))
    owner = await asyncpg.connect(url, server_settings={"search_path": "sample"})
    try:
        await owner.execute(
            "ALTER TABLE events DISABLE TRIGGER ALL; ALTER TABLE checkpoints DISABLE TRIGGER ALL"
        )
        await owner.execute(harm)
    finally:
        await owner.close()
    with pytest.raises(UnusableStore, match="changed from outside"):
        await open_store(url)


async def test_the_database_restarts_under_load(engines: ThrowawayEngines, url: str) -> None:
    store = await open_store(url)
    done: set[int] = set()

    async def work() -> None:
        for _ in range(60):
            outcome = await store.execute(passing(f"g{uuid4().int % 9}", id=uuid4()))
            done.add(outcome.position)

    workers = [asyncio.create_task(work()) for _ in range(16)]
    while len(done) < 200:
        await asyncio.sleep(0)
    await asyncio.to_thread(engines.restart_database)
    await asyncio.gather(*workers)
    assert done == set(range(1, 961))
    assert len(await check_log(store)) == 960
    await store.close()


async def test_an_event_may_have_an_effective_moment_of_its_own(store: EventStore) -> None:
    own = datetime(2025, 4, 30, 22, tzinfo=UTC)

    def decide(turn: Turn) -> None:
        gate, hold = turn.get(Gate, "g"), turn.get(Hold, "h")
        gate.pass_through(hold, Moment(turn.moment.recorded_at, own))
        gate.pass_through(hold, turn.moment)

    said = datetime(2025, 5, 2, tzinfo=UTC)
    for effective_at in (None, said):
        by = Instruction(id=uuid4(), actor=ACTOR, effective_at=effective_at)
        await store.execute(Command("pass", by, decide))
    records = await check_log(store)
    moments = [record.effective_at for record in records]
    assert moments == [own, records[1].recorded_at, own, said]
    told = [datetime.fromisoformat(orjson.loads(record.meta)["effective_at"]) for record in records]
    assert told == moments
