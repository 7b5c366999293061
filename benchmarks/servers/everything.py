"""The same endpoint as a service of Tanfidh has it: identity, idempotency, store, log, relay, a view."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, FastAPI
from starlette.responses import Response

from benchmarks.letters import File, Files, filing
from shared.contracts.identity import Token
from shared.contracts.text import Text
from shared.domain.clock import system_clock
from shared.eventstore.command import Command
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for
from shared.messaging.provision import provision_stream
from shared.messaging.relay import Relay
from shared.projections import Views
from shared.web import Instruct, RequestModel, answered
from shared.web.app import create_app
from shared.web.identity import Identity
from shared.web.signing import AUDIENCE, LOCAL_ISSUER

DATABASE = os.environ["BENCH_DATABASE_URL"]
store = EventStore("bench", DATABASE, system_clock, Ed25519PrivateKey.generate())
views = Views(store, [Files()])
router = APIRouter()


class Letter(RequestModel):
    """The request's body."""

    subject: Text
    sha256: str


@router.post("/files/{file}/letters")
async def receive(file: Token, letter: Letter, by: Instruct) -> Response:
    """File a letter."""
    decide = filing(file, letter.subject, letter.sha256)
    return answered(await store.execute(Command("file-letter", by, decide, ((File, file),))))


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    """Open what the service needs, in order; close it in reverse."""
    await store.open()
    await views.open()
    broker = broker_for(os.environ["BENCH_NATS_URL"], "bench")
    nc = await broker.connect()
    await provision_stream(nc, "bench", store.log_id)
    tasks = [asyncio.create_task(work) for work in (views.run(), Relay(store, nc, DATABASE).run())]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await broker.stop()
    await store.close()


app = create_app(
    "bench",
    "Benchmark",
    routers=[router],
    checks={},
    identity=Identity(Path(os.environ["BENCH_JWKS"]), LOCAL_ISSUER, AUDIENCE, system_clock),
    lifespan=lifespan,
)
