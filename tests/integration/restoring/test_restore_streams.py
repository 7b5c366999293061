"""Whatever is wrong with a stream, wherever in it: a restore finds it, says what it is, and makes it anew."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import orjson
import pytest
from nats.aio.client import Client

from deploy.restoring.words import as_json, describe
from shared.messaging.connection import broker_for
from tests.engines import ThrowawayNats
from tests.integration.messaging.sample import write
from tests.integration.messaging.tampering import (
    Meta,
    Sent,
    copy_again,
    cut,
    damage,
    forge,
    forge_as,
    rewrite,
)
from tests.integration.restoring.in_step import alarm_of, assert_in_step
from tests.integration.restoring.office import Office

WRITTEN = "evt.letters.letter.one.written"
TEXTS = ("one", "two", "three", "four", "five")


@asynccontextmanager
async def stranger(office: Office) -> AsyncIterator[Client]:
    broker = broker_for(office.nats, "stranger")
    yield await broker.connect()
    await broker.stop()


async def holes(nc: Client) -> None:
    await cut(nc, kept=2)


async def foreign_behind_a_copy(nc: Client) -> None:
    await nc.jetstream().publish(WRITTEN, b"not an event", headers={"x": "y"})
    await copy_again(nc, 5)


async def further_header(nc: Client) -> None:
    def change(message: Sent) -> Sent:
        return message[0], message[1] | {"x": "y"}, message[2]

    await rewrite(nc, 4, change)


async def other_payload(nc: Client) -> None:
    def change(message: Sent) -> Sent:
        return message[0], message[1], b'{"text": "forged"}'

    await rewrite(nc, 4, change)


async def other_place(nc: Client) -> None:
    def change(message: Sent) -> Sent:
        return message[0], message[1] | {"tf-position": "3"}, message[2]

    await rewrite(nc, 4, change)


async def other_event(nc: Client) -> None:
    def change(message: Sent) -> Sent:
        meta = json.loads(message[1]["tf-meta"]) | {"id": "00000000-0000-4000-8000-000000000001"}
        changed = {"tf-meta": json.dumps(meta, separators=(",", ":")), "ce-id": meta["id"]}
        return message[0], message[1] | changed, message[2]

    await rewrite(nc, 4, change)


AT = f"sequence {{}} of EVT_LETTERS ({WRITTEN})"
FAULTS = {
    holes: {"sequences 1 to 3 of EVT_LETTERS are missing"},
    foreign_behind_a_copy: {
        f"{AT.format(6)} was not published by the store of letters: a message on * lacks ce-specversion",
        f"{AT.format(7)} is position 5, an event of the log that somebody else put there",
    },
    further_header: {f"{AT.format(4)} is the event * and not as the store of letters has it: x"},
    other_payload: {f"{AT.format(4)} is the event * and not as the store of letters has it: payload"},
    other_place: {f"{AT.format(4)} is the event * at position 3, where the store of letters has *"},
    other_event: {
        f"{AT.format(4)} is the event 00000000-0000-4000-8000-000000000001 at position 4, where the store of "
        "letters has *"
    },
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_a_fault_anywhere_is_told_and_mended_and_the_log_keeps_its_id(
    office: Office, fault: Callable[[Client], Awaitable[None]]
) -> None:
    await office.at_work(*TEXTS)
    async with stranger(office) as nc:
        await fault(nc)

    plans, reports = await office.restore()

    told = [line.strip() for line in describe(plans[0])[1:]]
    for line in FAULTS[fault]:
        beginning, _, _ = line.partition("*")
        assert any(one.startswith(beginning) for one in told), told
        assert any(one.endswith(line.rpartition("*")[2]) for one in told), told
    assert "the stream is deleted and made anew" in told
    assert (plans[0].new_log, plans[0].to_publish, reports) == (None, 5, [])
    assert sum(as_json(plans[0])["stream"]["wrong"].values()) == (3 if fault is holes else len(FAULTS[fault]))
    await assert_in_step(office, *TEXTS)


async def test_headers_in_another_order_and_those_of_atomic_batches_are_as_good(office: Office) -> None:
    def as_earlier(message: Sent) -> Sent:
        headers = dict(reversed(message[1].items()))
        return message[0], headers | {"Nats-Batch-Sequence": "4"}, message[2]

    await office.at_work(*TEXTS)
    async with stranger(office) as nc:
        await rewrite(nc, 4, as_earlier)

    plan = (await office.examined())["letters"]

    assert (plan.in_step, plan.stream and plan.stream.counts) == (True, {})


async def test_readers_of_a_forged_event_are_set_back_before_it(office: Office) -> None:
    async with office.running() as running:
        await write(running.letters, *TEXTS)
        await running.settled()
        await forge(running.nc, 5, text="forged")
        await copy_again(running.nc, 5)
        await write(running.letters, "six")
        assert "run `tanfidh restore`" in await alarm_of(running.relay)
        await asyncio.wait_for(running.inbox.progress.reached(6), 60)

    plans, [report] = await office.restore()

    assert [event["data"] for event in json.loads(report.read_text())["lost"]] == [{"text": "forged"}]
    assert plans[0].new_log is not None
    assert "copies goes on after position 5 of it (stood at 6)" in "\n".join(describe(plans[0]))
    await assert_in_step(office, *TEXTS, "forged", "six")


def bare(meta: Meta) -> tuple[Meta, bytes]:
    return {name: said for name, said in meta.items() if name not in ("actor", "command")}, b"no json"


def no_text(meta: Meta) -> tuple[Meta, bytes]:
    return meta, b"\xff"


def deep(meta: Meta) -> tuple[Meta, bytes]:
    nested = json.loads("[" * 300 + "]" * 300)
    return meta | {"actor": nested, "command": nested}, json.dumps(nested).encode()


@pytest.mark.parametrize(
    ("forged", "told"),
    [
        (bare, {"actor": None, "command": None, "body": "no json"}),
        (no_text, {"body_base64": "/w=="}),
        (deep, {"actor": "nested too deep to be told", "body": "[" * 300 + "]" * 300}),
    ],
)
async def test_a_lost_event_that_cannot_be_read_is_written_down_as_it_came(
    office: Office, forged: Callable[[Meta], tuple[Meta, bytes]], told: Meta
) -> None:
    await office.at_work(*TEXTS)
    async with stranger(office) as nc:
        await forge_as(nc, 5, forged)

    plans, [report] = await office.restore()

    [lost] = json.loads(report.read_text())["lost"]
    assert lost | told == lost and "data" not in lost
    assert orjson.dumps(as_json(plans[0]), default=str)
    await assert_in_step(office, *TEXTS)


@pytest.mark.parametrize("wrong", [{"effective_at": "2025-05-05"}, {"version": 2**64}], ids=str)
async def test_a_forged_event_without_a_leaf_is_foreign(office: Office, wrong: Meta) -> None:
    await office.at_work(*TEXTS)
    async with stranger(office) as nc:
        await forge_as(nc, 5, lambda meta: (meta | wrong, b"{}"))

    plans, reports = await office.restore()

    assert (plans[0].stream and plans[0].stream.counts, reports) == ({"foreign": 1}, [])
    await assert_in_step(office, *TEXTS)


@pytest.mark.parametrize("damaged", [3, 5])
async def test_a_message_that_a_damaged_file_took_is_named_and_filled_in(
    office: Office, fresh_nats: ThrowawayNats, damaged: int
) -> None:
    """It was ours, also where it was the last one."""
    await office.at_work(*TEXTS)
    await asyncio.to_thread(fresh_nats.stop)
    await asyncio.to_thread(damage, fresh_nats.server.store, f'"{TEXTS[damaged - 1]}"'.encode())
    await asyncio.to_thread(fresh_nats.start)

    plans, _ = await office.restore()

    assert f"  sequence {damaged} of EVT_LETTERS is missing" in describe(plans[0])
    assert (plans[0].new_log, plans[0].remakes_stream) == (None, True)
    await assert_in_step(office, *TEXTS)
