"""Deadlines without number that fall due together: the service `tasks` records each miss, everything on."""

import argparse
import asyncio
import json
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg
import uvloop
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from benchmarks.broker import connected
from benchmarks.commands import KEY
from benchmarks.deadline_rows import DUE, ShiftedTime, set_deadlines
from benchmarks.processes import BenchmarkFailed
from services.tasks.service import build
from shared.contracts.envelope import stream_name
from shared.messaging.jetstream import STREAM_NOT_FOUND, JetStreamRefused, ask
from shared.messaging.provision import provision_stream, verify_stream
from shared.service import ServiceSettings
from shared.web.signing import new_signing_key, write_jwks

LEAD = timedelta(seconds=4)
"""From the start of the service to the first due moment: everything has caught up and rests by then."""

PATIENCE = 300.0
"""Seconds after which what is still not recorded counts as failed."""

MISSED = """
    SELECT count(*) AS recorded, count(DISTINCT stream) AS deadlines,
           extract(epoch FROM max(recorded_at) - min(effective_at)) AS took,
           percentile_disc(array[0.5, 0.99])
               WITHIN GROUP (ORDER BY extract(epoch FROM recorded_at - effective_at)) AS lateness
    FROM events WHERE type = 'tasks.deadline.missed'
"""
ROWS = """
    SELECT count(*) FROM view_rows AS row JOIN views USING (generation)
    WHERE name = 'deadlines' AND valid_to IS NULL AND row.facets @> '{"state": "missed"}'
"""


async def missed(database_url: str, nats_url: str, number: int, over: float) -> dict[str, float]:
    """Let so many fall due, evenly over so many seconds; return how late the misses were recorded.

    Each must be recorded once, published, and shown by the view.
    """
    async with connected(nats_url) as nc:
        for service in ("registry", "tasks"):
            await _drop(nc, service)
        await provision_stream(nc, "registry", uuid4())
        head = await set_deadlines(database_url, nc, number, over)
        connection = await asyncpg.connect(database_url, server_settings={"search_path": "tasks"})
        with TemporaryDirectory() as folder:
            app = build(_settings(database_url, nats_url, Path(folder)), ShiftedTime(DUE - LEAD))
            async with app.router.lifespan_context(app), asyncio.timeout(PATIENCE):
                frame = app.state.frame
                while frame.store.head < head + number:
                    await frame.store.advanced(frame.store.head)
                await frame.views.wait_for(frame.store.head, PATIENCE)
                while (await verify_stream(nc, "tasks")).last_sequence < head + number:
                    await asyncio.sleep(0.1)
        told = await connection.fetchrow(MISSED)
        shown = await connection.fetchval(ROWS)
        await connection.close()
        for service in ("registry", "tasks"):
            await _drop(nc, service)
    if (told["recorded"], told["deadlines"], shown) != (number, number, number):
        raise BenchmarkFailed(f"{number} deadlines, {told}, {shown} of them shown")
    p50, p99 = map(float, told["lateness"])
    return {"rate": number / float(told["took"]), "p50": p50, "p99": p99}


def _settings(database_url: str, nats_url: str, folder: Path) -> ServiceSettings:
    pem = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "signing.pem").write_bytes(pem)
    write_jwks(folder / "jwks.json", [new_signing_key()])
    return ServiceSettings(
        database_url=database_url,
        nats_url=nats_url,
        signing_key=folder / "signing.pem",
        jwks=folder / "jwks.json",
    )


async def _drop(nc: Any, service: str) -> None:
    try:
        await ask(nc, f"STREAM.DELETE.{stream_name(service)}")
    except JetStreamRefused as refusal:
        if refusal.code != STREAM_NOT_FOUND:
            raise


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("database_url")
    parser.add_argument("nats_url")
    parser.add_argument("--number", type=int, default=100_000)
    parser.add_argument("--over", type=float, default=0.0, help="seconds; 0 lets all fall due at once")
    given = parser.parse_args()
    told = uvloop.run(missed(given.database_url, given.nats_url, given.number, given.over))
    print(json.dumps(told))
