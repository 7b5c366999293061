"""Backups put back in all the ways that happen: of a reader, of both, of long ago, and written to since."""

import json

from deploy.restoring.words import describe
from shared.messaging.connection import broker_for
from tests.integration.messaging.sample import write
from tests.integration.restoring.in_step import alarm_of, assert_in_step
from tests.integration.restoring.office import READS, Office


async def test_an_older_backup_of_a_reader_takes_in_again_what_it_lost(office: Office) -> None:
    await office.at_work("one", "two")
    file = office.backup("copies")
    await office.at_work("three", "four")
    await office.put_back("copies", file)
    async with office.running() as running:
        alarm = await alarm_of(running.inbox)
        assert "this service was restored from a backup; run `tanfidh restore`" in alarm
        assert "run `tanfidh restore`" in await alarm_of(running.copied)

    plans, _ = await office.restore()

    assert [plan.new_log is not None for plan in plans] == [False, True]
    await assert_in_step(office, "one", "two", "three", "four")


async def test_an_older_backup_of_both_is_brought_in_step(office: Office) -> None:
    await office.at_work("one", "two")
    files = {service: office.backup(service) for service in READS}
    await office.at_work("three")
    for service, file in files.items():
        await office.put_back(service, file)

    plans, reports = await office.restore()

    assert all(plan.new_log for plan in plans)
    assert [json.loads(report.read_text())["lost"][0]["caused"] for report in reports] == [[], []]
    await assert_in_step(office, "one", "two")


async def test_a_store_that_was_written_to_since_keeps_what_was_written(restored: Office) -> None:
    async with restored.running() as running:
        await alarm_of(running.relay)
        for text in ("fourth", "fifth", "sixth"):
            await write(running.letters, text)
    async with restored.running() as running:
        assert "written to since" in (alarm := await alarm_of(running.relay))
        assert "run `tanfidh restore`" in alarm

    plans, _ = await restored.restore()

    assert (plans[0].matched, plans[0].common, plans[0].log.head) == (3, 3, 6)
    assert "3 events of the store were recorded since and stay" in "\n".join(describe(plans[0]))
    texts = ("one", "two", "three", "four", "five", "fourth", "fifth", "sixth")
    await assert_in_step(restored, *texts)


async def test_a_backup_from_before_an_earlier_restore_is_brought_in_step(office: Office) -> None:
    await office.at_work("one", "two")
    oldest = office.backup("letters", "oldest")
    await office.at_work("three")
    newer = office.backup("letters", "newer")
    await office.at_work("four")
    await office.put_back("letters", newer)
    await office.restore()
    await office.at_work("fifth")
    await office.put_back("letters", oldest)
    async with office.running() as running:
        assert "run `tanfidh restore`" in await alarm_of(running.relay)

    plans, _ = await office.restore()

    assert plans[0].stream is not None
    assert [event.position for event in plans[0].stream.lost] == [3, 4]
    assert await office.rows("SELECT position FROM copies.inboxes") == [(2,)]
    await assert_in_step(office, "one", "two", "three", "four", "fifth")


async def test_a_backup_of_a_reader_from_before_its_source_was_restored(restored: Office) -> None:
    file = restored.backup("copies")
    await restored.restore()
    await restored.at_work("fourth")
    await restored.put_back("copies", file)

    plans, _ = await restored.restore()

    assert [plan.new_log is not None for plan in plans] == [False, True]
    assert (plans[0].moved[0].position, plans[0].moved[0].log_id) == (3, plans[0].log.log_id)
    await assert_in_step(restored, "one", "two", "three", "four", "five", "fourth")


async def test_a_lost_stream_beside_an_older_store_shows_by_its_readers(
    restored: Office,
) -> None:
    await restored.wipe()

    plans, reports = await restored.restore()

    assert (plans[0].stream, plans[0].new_log is not None, plans[1].new_log) == (None, True, None)
    assert reports == []
    await assert_in_step(restored, "one", "two", "three", "four", "five")


async def test_a_reader_of_a_log_that_the_store_never_had_shows_that_the_store_is_older(
    office: Office,
) -> None:
    await office.at_work("one", "two")
    oldest = office.backup("letters")
    await office.at_work("three")
    await office.put_back("letters", oldest)
    await office.restore()
    await office.put_back("letters", oldest)
    await office.wipe()

    plans, _ = await office.restore()

    assert (plans[0].stream, plans[0].new_log is not None) == (None, True)
    assert plans[0].readers[0].log_id not in (plans[0].log.log_id, plans[0].new_log)
    await assert_in_step(office, "one", "two", "three")


async def test_a_foreign_message_goes_with_the_stream_and_the_log_keeps_its_id(office: Office) -> None:
    await office.at_work("one")
    broker = broker_for(office.nats, "stranger")
    nc = await broker.connect()
    await nc.jetstream().publish("evt.letters.letter.one.written", b'{"text": "forged"}')
    await broker.stop()

    plans, _ = await office.restore()

    assert plans[0].stream is not None
    assert (plans[0].stream.unreadable, plans[0].new_log, plans[0].remakes_stream) == (1, None, True)
    await assert_in_step(office, "one")


async def test_views_beyond_a_restored_log_begin_anew(restored: Office) -> None:
    async with restored.running() as running:
        assert await running.views.wait_for(3, 60)
    await restored.rows("UPDATE letters.views SET position = 5")
    await restored.rows('UPDATE letters.view_rows SET doc = \'{"texts": ["of events that are lost"]}\'')

    plans, _ = await restored.restore()

    assert plans[0].stale_views == 1
    await assert_in_step(restored, "one", "two", "three", "four", "five")
