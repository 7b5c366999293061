"""The fixtures that all integration tests stand on."""

import shutil
import signal

import asyncpg
import nats
from nats.js.api import StreamConfig

from tests.engines import ThrowawayEngines, ThrowawayNats


async def test_a_database_of_its_own_survives_a_restart(engines: ThrowawayEngines, database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE TABLE kept (id int)")
    await connection.close()

    engines.restart_database()

    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("SELECT count(*) FROM kept") == 0
    await connection.close()


async def test_nats_keeps_streams_over_a_kill_and_loses_them_when_wiped(
    fresh_nats: ThrowawayNats,
) -> None:
    async def names() -> list[str]:
        client = await nats.connect(fresh_nats.url)
        found = [stream.config.name or "" for stream in await client.jetstream().streams_info()]
        await client.close()
        return found

    client = await nats.connect(fresh_nats.url)
    await client.jetstream().add_stream(StreamConfig(name="KEPT", subjects=["kept.>"]))
    await client.close()
    fresh_nats.restart(signal.SIGKILL)
    assert await names() == ["KEPT"]

    fresh_nats.stop()
    shutil.rmtree(fresh_nats.server.store)
    fresh_nats.start()
    assert await names() == []
