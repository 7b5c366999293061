"""Counters of commands are right, however often commands are decided: two replicas race for every commit."""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest
from prometheus_client.samples import Sample

from shared.eventstore.command import Outcome
from shared.eventstore.errors import IdempotencyMismatch, PreconditionFailed
from shared.eventstore.metering import MOST_NAMES
from shared.eventstore.migrate import migrate
from shared.eventstore.pending import Pending
from shared.eventstore.store import EventStore
from tests.sample import Held, command_id, open_store, passing, toggling

EACH = 150


@pytest.fixture
async def replicas(database_url: str):
    await migrate(database_url, "sample")
    stores = [await open_store(database_url) for _ in range(2)]
    yield stores
    for store in stores:
        await store.close()


def answer(outcome: Outcome[object]) -> bytes:
    return b"%d" % outcome.position


def samples(store: EventStore, name: str) -> list[Sample]:
    return [s for family in store.metering.collect() for s in family.samples if s.name == name]


def value(store: EventStore, name: str) -> float:
    return sum(sample.value for sample in samples(store, name))


def told(store: EventStore) -> dict[tuple[str, str], float]:
    return {
        (s.labels["command"], s.labels["outcome"]): s.value for s in samples(store, "tanfidh_commands_total")
    }


async def test_a_command_that_is_decided_again_counts_once(replicas: list[EventStore]) -> None:
    async def write(store: EventStore, number: int) -> None:
        await store.execute(passing(f"g{number % 3}", id=uuid4()))

    await asyncio.gather(*(write(store, number) for number in range(EACH) for store in replicas))
    overtaken = sum(value(store, "tanfidh_commits_overtaken_total") for store in replicas)
    assert overtaken > 0, "nothing was decided again, so that this shows nothing"
    for store in replicas:
        assert told(store) == {("pass", "decided"): EACH}
        assert value(store, "tanfidh_command_wait_seconds_count") == EACH
        assert value(store, "tanfidh_commit_commands_sum") == EACH
        commits = value(store, "tanfidh_commit_seconds_count")
        assert 0 < commits == value(store, "tanfidh_commit_commands_count") <= EACH
    assert sum(value(store, "tanfidh_events_stored_total") for store in replicas) == 2 * EACH


async def test_every_kind_of_outcome_is_counted_as_what_it_was(replicas: list[EventStore]) -> None:
    store, _ = replicas
    once = {"id": command_id("once"), "answer": answer, "fingerprint": b"one"}
    await store.execute(passing("g", **once))
    assert (await store.execute(passing("g", **once))).repeated
    with pytest.raises(IdempotencyMismatch):
        await store.execute(passing("g", **once | {"fingerprint": b"other"}))
    with pytest.raises(PreconditionFailed):
        await store.execute(passing("g", id=uuid4(), expected=7))
    await store.execute(toggling("h", uuid4()))
    with pytest.raises(Held):
        await store.execute(passing("g", id=uuid4()))
    broken = passing("g", id=uuid4())
    broken.decide = lambda turn: {"passed": 1 // 0}
    with pytest.raises(ZeroDivisionError):
        await store.execute(broken)
    assert told(store) == Counter(
        {
            ("pass", "decided"): 1,
            ("toggle", "decided"): 1,
            ("pass", "repeated"): 1,
            ("pass", "conflict"): 2,
            ("pass", "refused"): 1,
            ("pass", "failed"): 1,
        }
    )


async def test_names_that_are_made_up_at_run_time_do_not_become_series(replicas: list[EventStore]) -> None:
    store, _ = replicas
    for number in range(MOST_NAMES + 50):
        command = passing("g", id=uuid4())
        command.name = f"made-up-{number}"
        store.metering.told(Pending(command, asyncio.Future(), 0.0), Outcome(None, 1, 1))
    assert len(told(store)) == MOST_NAMES + 1
    assert told(store)["other", "decided"] == 50
