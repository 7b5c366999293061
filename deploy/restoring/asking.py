"""Who can know of erasures when keys are put back: the registry's store, audit's copies, the stream."""

import asyncio
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from nats.errors import NoServersError
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.engines import Engines
from deploy.local.running import NotRunning, Running
from deploy.restoring.erased import filed_erasures, published_erasures, recorded_erasures
from deploy.restoring.keys import Known, Stored
from services.registry.staff import StaffMember
from shared.eventstore.loading import load
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.stored import StoredLog
from shared.messaging.connection import broker_for

PATIENCE = 10.0
"""Seconds that NATS gets to be reached; who is asked about erasures is not left out in silence."""


class _Engines(BaseSettings):
    """The engines as services are told of them; neither is needed here."""

    model_config = SettingsConfigDict(env_prefix="TANFIDH_", frozen=True, hide_input_in_errors=True)

    database_url: str | None = Field(default=None, repr=False, pattern=r"^postgres(ql)?://")
    nats_url: str | None = Field(default=None, repr=False, pattern=r"^(nats|tls)://")


async def ask(folder: Path | None, owners: list[str]) -> Known:
    """Ask the engines of a data folder, or those that the environment names, as far as there are any.

    Local mode starts them where they do not run.
    """
    if folder is None:
        named = _Engines(_secrets_dir=os.environ.get("TANFIDH_SECRETS"))
        servers = [server.strip() for server in named.nats_url.split(",")] if named.nats_url else []
        return await _ask(named.database_url, servers, owners)
    if not (folder / "postgres").exists():
        return Known()
    try:
        running = Running.read(folder)
    except NotRunning:
        async with await Engines.start(folder) as engines:
            return await _ask(engines.database_url, [engines.nats_url], owners)
    return await _ask(running.database, [running.nats], owners)


async def _ask(database: str | None, servers: Sequence[str], owners: Iterable[str]) -> Known:
    return Known(
        await ask_database(database, owners) if database is not None else None,
        await ask_stream(servers) if servers else None,
    )


async def ask_database(url: str, owners: Iterable[str]) -> Stored:
    """Ask the registry's store for its erasures, and who of `owners` (streams) is posted.

    Raises UnusableStore where there is none.
    """
    stored = await StoredLog.open("registry", url)
    try:
        wanted = [(StaffMember, o.partition(".")[2]) for o in owners if o.startswith(f"{StaffMember.kind}.")]
        members = await load(stored.connection, wanted, stored.head)
        filed = await filed_erasures(stored.connection)
        recorded = await recorded_erasures(stored.connection)
        return Stored(
            frozenset(str(span.log_id) for span in stored.lineage.spans),
            (*filed, *recorded),
            frozenset(o for o, entry in members.items() if _posted(entry.aggregate)),
        )
    finally:
        await stored.close()


async def ask_stream(servers: Sequence[str]) -> tuple[tuple[str, Erasure], ...]:
    """Ask NATS for the erasures in the registry's stream. Raises nats.errors.Error where it cannot answer."""
    broker = broker_for(servers, "tanfidh keys restore")
    try:
        try:
            nc = await asyncio.wait_for(broker.connect(), PATIENCE)
        except TimeoutError as error:
            raise NoServersError from error
        return tuple(await published_erasures(nc))
    finally:
        await broker.stop()


def _posted(member: object) -> bool:
    return isinstance(member, StaffMember) and member.mission is not None
