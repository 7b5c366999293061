"""A backup is put back, and `tanfidh restore` brings streams, inboxes and views in step with it."""

import json
from uuid import UUID

import asyncpg
import orjson
import pytest

from deploy.restoring.plan import examine
from deploy.restoring.quiet import ServicesRun, claim
from deploy.restoring.steps import carry_out
from deploy.restoring.words import as_json, describe
from shared.domain.clock import system_clock
from shared.eventstore.store import EventStore
from tests.integration.messaging.sample import write
from tests.integration.restoring.in_step import alarm_of, assert_in_step
from tests.integration.restoring.office import KEY, READS, Office

STEPS = 6


async def test_a_store_behind_its_stream_stops_its_relay_which_says_what_to_do(restored: Office) -> None:
    async with restored.running() as running:
        alarm = await alarm_of(running.relay)
        assert "is position 4, and the store of letters ends at 3" in alarm
        assert "run `tanfidh restore`" in alarm
        assert running.inbox.alarm is None
        assert [message.position for message in await running.published("letters")] == [1, 2, 3, 4, 5]


async def test_an_older_backup_of_a_source_is_brought_in_step(restored: Office) -> None:
    [(old,)] = await restored.rows("SELECT log_id FROM letters.head")
    [(note,)] = await restored.rows("SELECT note FROM letters.checkpoints WHERE size = 3")

    plans, reports = await restored.restore()

    plan = plans[0]
    assert (plan.matched, plan.common, plan.to_publish, plan.remakes_stream) == (3, 3, 3, True)
    assert plan.stream is not None
    assert [event.position for event in plan.stream.lost] == [4, 5]
    assert await restored.rows("SELECT first, predecessor, common FROM letters.logs ORDER BY first") == [
        (1, None, None),
        (4, old, note),
    ]
    assert await restored.rows("SELECT name, position, log_id FROM copies.inboxes") == [
        ("letters", 3, plan.new_log)
    ]
    assert plans[1].new_log is None
    assert len(reports) == 1
    await assert_in_step(restored, "one", "two", "three", "four", "five")


async def test_what_was_lost_and_what_it_caused_is_written_down(restored: Office) -> None:
    _, [report] = await restored.restore()

    told = json.loads(report.read_text())
    assert (told["service"], told["matched"]) == ("letters", 3)
    assert [event["data"] for event in told["lost"]] == [{"text": "four"}, {"text": "five"}]
    copies = await restored.rows("SELECT convert_from(meta, 'UTF8') FROM copies.events ORDER BY position")
    made = [json.loads(meta) for (meta,) in copies][3:]
    assert [event["id"] for event in told["lost"]] == [meta["causation"] for meta in made]
    assert [event["caused"] for event in told["lost"]] == [
        [
            {"service": "copies", "position": position, "id": meta["id"], "type": "copies.copy.made"}
            | {"stream": "copy.one", "command": meta["command"]}
        ]
        for position, meta in enumerate(made, 4)
    ]


async def test_the_plan_is_told_before_anything_changes(restored: Office) -> None:
    before = await restored.standing()
    plans = await restored.examined()

    lines = "\n".join(describe(plans["letters"]))
    assert "the store ends at position 3, the stream at 5" in lines
    assert "2 published events are not in the store (after position 3)" in lines
    assert "copies goes on after position 3 of it (stood at 5)" in lines
    assert describe(plans["copies"]) == ["copies: in step at position 5"]
    told = as_json(plans["letters"])
    assert [event["type"] for event in told["lost"]] == ["letters.letter.written"] * 2
    assert told["inboxes"] == [{"service": "copies", "from": 5, "to": 3}]
    assert orjson.loads(orjson.dumps(told))["store"]["position"] == 3
    assert await restored.standing() == before
    assert not list(restored.folder.glob("lost-*"))


async def test_a_second_restore_changes_nothing(restored: Office) -> None:
    await restored.restore()
    before = await restored.standing()
    async with restored.running() as running:
        streams = [await running.published(service) for service in READS]

    plans, reports = await restored.restore()

    assert (all(plan.in_step for plan in plans), reports) == (True, [])
    assert await restored.standing() == before
    async with restored.running() as running:
        assert [await running.published(service) for service in READS] == streams


class Crash(Exception):
    pass


@pytest.mark.parametrize("survived", range(STEPS))
async def test_a_crash_between_any_two_steps_is_made_good_by_repeating(
    restored: Office, survived: int
) -> None:
    told: list[str] = []

    def crash(step: str) -> None:
        if len(told) == survived:
            raise Crash(step)
        told.append(step)

    with pytest.raises(Crash):
        await restored.restore(crash)
    await restored.restore()

    assert len(await restored.rows("SELECT FROM letters.logs")) == 2
    [report] = restored.folder.glob("lost-*.json")
    lost = json.loads(report.read_text())["lost"]
    assert [(event["data"]["text"], len(event["caused"])) for event in lost] == [("four", 1), ("five", 1)]
    await assert_in_step(restored, "one", "two", "three", "four", "five")


async def test_there_are_as_many_steps_as_crashes_are_tried(restored: Office) -> None:
    told: list[str] = []
    await restored.restore(told.append)
    assert len(told) == STEPS


async def test_services_started_after_a_crash_cannot_make_it_worse(restored: Office) -> None:
    def crash(step: str) -> None:
        if "deleting" in step:
            raise Crash(step)

    with pytest.raises(Crash):
        await restored.restore(crash)
    async with restored.running() as running:
        assert "run `tanfidh restore`" in await alarm_of(running.relay)
        assert "run `tanfidh restore`" in await alarm_of(running.inbox)
        await write(running.letters, "meanwhile")

    await restored.restore()

    assert len(await restored.rows("SELECT FROM letters.logs")) == 2
    await assert_in_step(restored, "one", "two", "three", "four", "five", "meanwhile")


async def test_a_restore_refuses_while_a_service_runs(restored: Office) -> None:
    before = await restored.standing()
    async with restored.running() as running:
        await alarm_of(running.relay)
        with pytest.raises(ServicesRun, match="letters is running"):
            await restored.restore()
    assert await restored.standing() == before


async def test_a_restore_refuses_a_service_that_is_only_connected(restored: Office) -> None:
    store = EventStore("copies", restored.database, system_clock, KEY)
    await store.open()
    try:
        with pytest.raises(ServicesRun, match="copies is running"):
            await restored.restore()
    finally:
        await store.close()


async def test_nothing_can_start_to_publish_while_a_restore_is_under_way(restored: Office) -> None:
    async with restored.stopped() as _:
        connection = await asyncpg.connect(restored.database)
        with pytest.raises(ServicesRun, match="letters/relay"):
            await claim(connection, READS)
        await connection.close()


async def test_a_log_can_be_given_a_new_id_on_demand(office: Office) -> None:
    await office.at_work("one")
    async with office.stopped() as (nc, logs):
        plans = await examine(nc, logs, READS, asked=("letters",))
        old: UUID = logs["letters"].log_id
        await carry_out(nc, plans, READS, office.folder, lambda _: None)
    assert await office.rows("SELECT first, predecessor FROM letters.logs ORDER BY first") == [
        (1, None),
        (2, old),
    ]
    await assert_in_step(office, "one")
