"""What must be true when all is over: nothing lost, nothing twice, everything in step, every log verifies."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import asyncpg
import nats
from nats.js.api import AckPolicy, ConsumerConfig

from benchmarks.soak.house import House
from benchmarks.soak.load import Heard
from benchmarks.soak.receiver import Receiver
from benchmarks.soak.world import World
from deploy.catalogue import READS, SERVICES
from deploy.verifying.keys import keys_of_folder
from deploy.verifying.run import verify_all
from shared.contracts.envelope import stream_name, subject_of, subjects_of
from shared.eventstore.record import Record
from shared.eventstore.statements import READ
from shared.messaging.received import open_envelope
from shared.web.instruction import command_id
from tests.faults.ministry import Ministry
from tests.faults.processes import until

STEP = 1_000
IN_STEP_WITHIN = 120.0


async def in_step(house: House) -> None:
    """Wait until every stream, inbox and view has come to the heads, and those stand still meanwhile."""
    nc = await nats.connect(house.ministry.nats.url)
    connection = await asyncpg.connect(house.ministry.database_url)

    async def there() -> bool:
        heads = await _heads(connection)
        for service in SERVICES:
            info = await nc.jetstream().stream_info(stream_name(service))
            folded = await connection.fetchval(f'SELECT min(position) FROM "{service}".views')
            rows = await connection.fetch(f'SELECT name, position FROM "{service}".inboxes')
            taken = {row["name"]: row["position"] for row in rows}
            if info.state.last_seq != heads[service] or (folded is not None and folded != heads[service]):
                return False
            if any(taken.get(source) != heads[source] for source in READS[service]):
                return False
        return heads == await _heads(connection)

    try:
        await until(there, within=IN_STEP_WITHIN)
    finally:
        await connection.close()
        await nc.close()


async def _heads(connection: Any) -> dict[str, int]:
    return {
        service: await connection.fetchval(f'SELECT position FROM "{service}".head') for service in SERVICES
    }


async def found_wrong(house: House, heard: Heard, world: World, receiver: Receiver) -> list[str]:
    """Look for everything that must not be; return it in words. The services must have ended."""
    ministry = house.ministry
    wrong = list(heard.wrong)
    for report in await verify_all(
        ministry.database_url, SERVICES, keys_of_folder(ministry.folder, SERVICES), lambda *_: None
    ):
        wrong += [f"{report.service}: {finding.text}" for finding in report.findings]
    for service in SERVICES:
        wrong += await _log_and_stream(ministry, service)
        wrong += await _told(ministry, service, heard)
    wrong += await _persons(ministry, world)
    return wrong + await _notifications(ministry, receiver)


async def _log_and_stream(ministry: Ministry, service: str) -> list[str]:
    """Compare store and stream byte for byte; each command's events must stand together, once."""
    wrong: list[str] = []
    commands: dict[str, int] = {}
    connection = await asyncpg.connect(ministry.database_url, server_settings={"search_path": service})
    nc = await nats.connect(ministry.nats.url)
    try:
        messages = _messages(nc, service)
        head = await connection.fetchval("SELECT position FROM head")
        for after in range(0, head, STEP):
            for row in await connection.fetch(READ, after, STEP):
                record = Record(*row)
                sequence, subject, received = await anext(messages)
                same = (sequence, received.position) == (record.position, record.position)
                same = same and subject == subject_of(record) and received.leaf() == record.leaf
                if not same or (received.data, received.meta) != (record.data, record.meta):
                    wrong.append(f"{service}: the stream has something else at {record.position}")
                    return wrong
                command = record.about.fields["command"]
                if commands.get(command, record.position - 1) != record.position - 1:
                    wrong.append(f"{service}: command {command} has effects at {record.position} again")
                commands[command] = record.position
        info = await nc.jetstream().stream_info(stream_name(service))
        if info.state.messages != head:
            wrong.append(
                f"{service}: the stream has {info.state.messages} messages, and the log {head} events"
            )
    finally:
        await nc.close()
        await connection.close()
    return wrong


async def _messages(nc: Any, service: str) -> AsyncIterator[tuple[int, str, Any]]:
    reading = ConsumerConfig(ack_policy=AckPolicy.NONE)
    subscription = await nc.jetstream().pull_subscribe(
        subjects_of(service), stream=stream_name(service), config=reading
    )
    while True:
        for message in await subscription.fetch(500, timeout=10):
            received = open_envelope(message.subject, message.headers, message.data)
            yield message.metadata.sequence.stream, message.subject, received


async def _told(ministry: Ministry, service: str, heard: Heard) -> list[str]:
    """Every success that a client was told of must be stored, at the position that it was told."""
    connection = await asyncpg.connect(ministry.database_url, server_settings={"search_path": service})
    try:
        rows = await connection.fetch("SELECT command, position FROM answers")
    finally:
        await connection.close()
    stored: dict[UUID, int] = {row[0]: row[1] for row in rows}
    namespace = uuid5(NAMESPACE_URL, f"https://tanfidh.org/services/{service}")
    return [
        f"{service}: {key} was answered at position {told.position}, and is stored at "
        f"{stored.get(command_id(namespace, told.subject, key))}"
        for key, told in heard.told.items()
        if told.service == service and stored.get(command_id(namespace, told.subject, key)) != told.position
    ]


async def _persons(ministry: Ministry, world: World) -> list[str]:
    """Everybody must be where the last answer about them said."""
    connection = await asyncpg.connect(ministry.database_url, server_settings={"search_path": "registry"})
    try:
        rows = await connection.fetch(
            "SELECT r.key, r.doc->>'mission' FROM view_rows r JOIN views v USING (generation)"
            " WHERE v.name = 'staff' AND r.valid_to IS NULL"
        )
    finally:
        await connection.close()
    seen = dict(map(tuple, rows))
    return [
        f"registry: {person.id} is at {seen.get(person.id)}, and should be at {person.mission}"
        for person in world.persons
        if seen.get(person.id) != person.mission
    ]


async def _notifications(ministry: Ministry, receiver: Receiver) -> list[str]:
    """Each notification must have been received."""
    connection = await asyncpg.connect(ministry.database_url, server_settings={"search_path": "notifier"})
    try:
        rows = await connection.fetch(
            "SELECT r.doc->>'state', count(*) FROM view_rows r JOIN views v USING (generation)"
            " WHERE v.name = 'notifications' AND r.valid_to IS NULL GROUP BY 1"
        )
    finally:
        await connection.close()
    states = dict(map(tuple, rows))
    delivered = states.pop("delivered", 0)
    wrong = [f"notifier: {count} notifications are {state}" for state, count in states.items()]
    if delivered != len(receiver.came):
        wrong.append(
            f"notifier: {delivered} notifications are delivered, and {len(receiver.came)} were received"
        )
    return wrong
