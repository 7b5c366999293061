"""After a restore of a service, or of audit, everything is filed once, and what was lost is told apart."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from deploy.restoring.plan import examine
from deploy.restoring.quiet import claim
from deploy.restoring.steps import carry_out
from services.audit.filing.filing import Filing
from services.audit.filing.own import OwnEvents
from services.audit.trail.asked import Asked
from services.audit.trail.entry import Entry
from services.audit.trail.reading import Trail
from shared.domain.clock import system_clock
from shared.eventstore.migrate import migrate
from shared.eventstore.store import EventStore
from shared.eventstore.stored import StoredLog
from shared.messaging.connection import broker_for
from shared.messaging.ending import end
from shared.messaging.inbox import Inbox
from shared.messaging.provision import provision_consumer, provision_stream
from shared.messaging.relay import Relay
from tests.integration.audit.conftest import KEY, OWN, every
from tests.integration.audit.own import witness
from tests.integration.messaging.sample import write
from tests.integration.restoring.backups import back_up, put_back

READS = {"letters": (), "audit": ("letters",)}


@dataclass
class Archive:
    """Letters are written, and audit files them; both can be stopped, backed up and restored."""

    database: str
    nats: str
    folder: Path

    @asynccontextmanager
    async def running(self) -> AsyncIterator[tuple[EventStore, EventStore]]:
        """Begin where it stands; end when every letter is filed."""
        broker = broker_for(self.nats, "archive")
        nc = await broker.connect()
        letters = EventStore("letters", self.database, system_clock, KEY)
        audit = EventStore("audit", self.database, system_clock, KEY, OWN)
        await letters.open()
        await audit.open()
        relays = [
            Relay(store, nc, self.database, partial(provision_stream, nc, store.service, store.log_id))
            for store in (letters, audit)
        ]
        consumer = partial(provision_consumer, nc, "audit", "letters")
        inbox = Inbox(audit, broker, "letters", Filing(audit, "letters"), self.database, consumer)
        jobs = (inbox.run(), OwnEvents(audit).run(), *(relay.run() for relay in relays))
        work = [asyncio.create_task(job) for job in jobs]
        try:
            yield letters, audit
            async with asyncio.timeout(60):
                await relays[0].progress.reached(letters.head)
                await relays[1].progress.reached(audit.head)
                await inbox.progress.reached(letters.head)
                while await audit.inbox_position("audit") < audit.head:
                    await asyncio.sleep(0)
        finally:
            await end(*work)
            await letters.close()
            await audit.close()
            await broker.stop()

    async def at_work(self, *texts: str) -> None:
        async with self.running() as (letters, audit):
            for text in texts:
                await write(letters, text)
                await witness(audit, text)

    async def restore(self, service: str, file: Path) -> None:
        await put_back(self.database, service, file)
        broker = broker_for(self.nats, "restore")
        logs = {name: await StoredLog.open(name, self.database) for name in READS}
        try:
            await claim(logs["letters"].connection, READS)
            nc = await broker.connect()
            await carry_out(nc, await examine(nc, logs, READS), READS, self.folder, lambda _: None)
        finally:
            for log in logs.values():
                await log.close()
            await broker.stop()

    async def trail(self, service: str) -> list[Entry]:
        store = EventStore("audit", self.database, system_clock, KEY, OWN)
        await store.open()
        try:
            async with Trail(store).reading() as reading:
                asked = Asked({}, await reading.types((f"{service}.*",)))
                return list((await reading.page(asked, None, 200)).entries)
        finally:
            await store.close()

    async def log(self, service: str) -> list[tuple[int, bytes]]:
        store = EventStore(service, self.database, system_clock, KEY, OWN if service == "audit" else ())
        await store.open()
        try:
            return [(record.position, record.leaf) for record in await every(store)]
        finally:
            await store.close()


@pytest.fixture
async def archive(database_url: str, nats_url: str, tmp_path: Path) -> Archive:
    await migrate(database_url, "letters")
    await migrate(database_url, "audit", own=OWN)
    return Archive(database_url, nats_url, tmp_path)


def told(entries: list[Entry]) -> list[tuple[str, int, bool]]:
    texts = [entry.data().get("text") or entry.data()["root"] for entry in entries]
    return [(text, e.place.position, e.superseded) for text, e in zip(texts, entries, strict=True)]


def in_force(entries: list[Entry]) -> list[tuple[int, bytes]]:
    return [(entry.place.position, entry.row["leaf"]) for entry in entries if not entry.superseded]


async def test_what_a_restored_service_lost_stays_filed_beside_what_came_since(
    archive: Archive,
) -> None:
    await archive.at_work("one", "two", "three")
    file = archive.folder / "letters.dump"
    back_up(archive.database, "letters", file)
    await archive.at_work("four", "five")
    await archive.restore("letters", file)

    before = [("one", 1, False), ("two", 2, False), ("three", 3, False)]
    assert told(await archive.trail("letters")) == [*before, ("four", 4, True), ("five", 5, True)]

    await archive.at_work("other", "another")
    found = await archive.trail("letters")
    since = [("other", 4, False), ("another", 5, False)]
    assert told(found) == [*before, ("four", 4, True), ("five", 5, True), *since]
    assert in_force(found) == await archive.log("letters")
    assert len({entry.log_id for entry in found}) == 2


async def test_restored_again_each_log_is_superseded_from_where_the_next_differs(
    archive: Archive,
) -> None:
    await archive.at_work("one")
    early = archive.folder / "early.dump"
    back_up(archive.database, "letters", early)
    await archive.at_work("two", "three")
    late = archive.folder / "late.dump"
    back_up(archive.database, "letters", late)
    await archive.at_work("four")
    await archive.restore("letters", late)
    await archive.at_work("fourth")
    await archive.restore("letters", early)
    await archive.at_work("second")

    found = await archive.trail("letters")
    assert told(found) == [
        ("one", 1, False),
        ("two", 2, True),
        ("three", 3, True),
        ("four", 4, True),
        ("fourth", 4, True),
        ("second", 2, False),
    ]
    assert in_force(found) == await archive.log("letters")


async def test_a_restored_audit_files_again_what_it_lost_and_its_own_goes_on(archive: Archive) -> None:
    await archive.at_work("one", "two")
    file = archive.folder / "audit.dump"
    back_up(archive.database, "audit", file)
    await archive.at_work("three")
    await archive.restore("audit", file)
    await archive.at_work("four")

    theirs, own = await archive.trail("letters"), await archive.trail("audit")
    assert told(theirs) == [("one", 1, False), ("two", 2, False), ("three", 3, False), ("four", 4, False)]
    assert in_force(theirs) == await archive.log("letters")
    assert told(own) == [("one", 1, False), ("two", 2, False), ("four", 3, False)]
    assert in_force(own) == await archive.log("audit")
