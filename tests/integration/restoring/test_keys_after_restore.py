"""Keys are put back after a database was: whoever was erased since the backup of the keys stays erased."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from deploy.catalogue import own_migrations
from services.registry.staff import StaffMember
from shared.contracts.registry import ErasureReason, Provenance, StaffErased, StaffPosted, StaffRecalled
from shared.domain import Actor
from shared.domain.clock import system_clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.migrate import migrate
from shared.eventstore.sealing import backup
from shared.eventstore.sealing.vault import Vault
from shared.eventstore.store import EventStore
from shared.messaging.connection import broker_for
from shared.messaging.ending import end
from shared.messaging.provision import provision_stream
from shared.messaging.relay import Relay
from tests.integration.restoring.backups import back_up, put_back
from tests.integration.restoring.test_lost_erasures import DATA, FILE
from tests.product import ROOT

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ERASED, KEPT = "p-00000001", "p-00000002"
PASSPHRASE = "a long enough passphrase"
MASTER = b"m" * 32


class Registry:
    """The registry's log, its stream and its keys, of which a backup was made before anybody was erased."""

    def __init__(self, database: str, nats: str, folder: Path) -> None:
        self.database, self.nats, self.folder = database, nats, folder
        (folder / "passphrase").write_text(PASSPHRASE)
        (folder / "master").write_bytes(MASTER)

    async def record(self, *events: Any, staff: str) -> None:
        """Record events of somebody and publish them."""
        store, broker = (
            EventStore("registry", self.database, system_clock, KEY),
            broker_for(self.nats, "test"),
        )
        await store.open()
        nc = await broker.connect()
        stream = partial(provision_stream, nc, "registry", store.log_id)
        relay = Relay(store, nc, self.database, stream)
        work = asyncio.create_task(relay.run())

        def decide(turn: Turn) -> None:
            for event in events:
                turn.get(StaffMember, staff).record(event, turn.moment)

        by = Instruction(id=uuid4(), actor=Actor(subject="s", role="admin"))
        await store.execute(Command("record", by, decide, ((StaffMember, staff),)))
        async with asyncio.timeout(60):
            await relay.progress.reached(store.head)
        self.log_id = str(store.log_id)
        await end(work)
        await store.close()
        await broker.stop()

    async def keys_restored(self, **engines: str) -> Any:
        """Put the backup of the keys back into the new folder, which is empty at first."""
        said = ("--passphrase-file", str(self.folder / "passphrase"))
        return await self.told("keys", "restore", str(self.folder / "keys.json"), *said, **engines)

    async def told(self, *arguments: str, **engines: str) -> Any:
        """Run the command that a person runs."""
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "deploy.cli.main", *arguments, "--json"],
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("TANFIDH_")}
            | {"TANFIDH_PERSON_KEYS": str(self.folder / "new"), **engines}
            | {"TANFIDH_PERSON_KEYS_MASTER": str(self.folder / "master")},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    @property
    def owners(self) -> list[str]:
        return [key.owner for key in Vault.open(self.folder / "new", MASTER).every_key()]


@pytest.fixture
async def registry(
    database_url: str, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Registry:
    monkeypatch.setattr(backup, "_WORK", 4)
    await migrate(database_url, "registry")
    await migrate(database_url, "audit", own=own_migrations("audit"))
    registry = Registry(database_url, nats_url, tmp_path)
    vault = Vault.open(tmp_path / "old", MASTER)
    for staff in (ERASED, KEPT):
        vault.sealing_key(f"staff.{staff}")
        posted = StaffPosted(mission="emb-a", category="c", authority="d", provenance=Provenance.SAMPLE)
        await registry.record(posted, StaffRecalled(mission="emb-a", category="c", by="d"), staff=staff)
    vault.belongs_to(registry.log_id)
    backup.back_up(vault, tmp_path / "keys.json", PASSPHRASE)
    back_up(database_url, "registry", tmp_path / "registry.dump")
    await registry.record(StaffErased(reason=ErasureReason.REQUESTED, basis="HR/1"), staff=ERASED)
    return registry


async def test_what_the_log_knows_as_erased_gets_no_key(registry: Registry) -> None:
    told = await registry.keys_restored(TANFIDH_DATABASE_URL=registry.database)
    assert (told["erased_by_the_registry"], told["added"], told["erased"]) == ([f"staff.{ERASED}"], 1, 1)
    assert registry.owners == [f"staff.{KEPT}"]


async def test_what_only_the_stream_knows_as_erased_gets_no_key(registry: Registry) -> None:
    """Database and keys are of before the erasure, and nobody has run `tanfidh restore` yet."""
    await put_back(registry.database, "registry", registry.folder / "registry.dump")
    told = await registry.keys_restored(
        TANFIDH_DATABASE_URL=registry.database, TANFIDH_NATS_URL=registry.nats
    )
    assert (told["erased_by_the_registry"], told["added"], told["erased"]) == ([f"staff.{ERASED}"], 1, 1)
    assert registry.owners == [f"staff.{KEPT}"]
    assert [noted.basis for noted in Vault.open(registry.folder / "new", MASTER).erasures()] == ["HR/1"]
    again = await registry.keys_restored(
        TANFIDH_DATABASE_URL=registry.database, TANFIDH_NATS_URL=registry.nats
    )
    assert (again["erased_by_the_registry"], again["added"], again["known"]) == ([], 0, 1)


async def test_the_stream_is_asked_where_there_is_no_database(registry: Registry) -> None:
    told = await registry.keys_restored(TANFIDH_NATS_URL=registry.nats)
    assert told["erased_by_the_registry"] == [f"staff.{ERASED}"]
    assert registry.owners == [f"staff.{KEPT}"]


async def test_a_restore_notes_an_erasure_also_where_all_else_is_in_step(registry: Registry) -> None:
    """The folder was lost after a restore had noted it there, and before the registry recorded it again."""
    for service in ("tasks", "notifier"):
        await migrate(registry.database, service)
    await put_back(registry.database, "registry", registry.folder / "registry.dump")
    engines = {"TANFIDH_DATABASE_URL": registry.database, "TANFIDH_NATS_URL": registry.nats}
    restore = ("restore", "--yes", "--reports", str(registry.folder))
    assert (await registry.told(*restore, **engines))["erased_again"] == [f"staff.{ERASED}"]
    assert (await registry.told(*restore, **engines))["erased_again"] == []
    await filed(registry.database)
    shutil.rmtree(registry.folder / "new")
    told = await registry.told(*restore, **engines)
    assert (told["services"]["registry"]["in_step"], told["restored"]) == (True, True)
    assert told["erased_again"] == [f"staff.{ERASED}"]
    assert Vault.open(registry.folder / "new", MASTER).is_erased(f"staff.{ERASED}")


async def filed(database: str) -> None:
    """File the erasure among audit's copies."""
    audit = await asyncpg.connect(database, server_settings={"search_path": "audit"})
    await audit.execute("INSERT INTO filed_logs (source, log_id, after) VALUES ('registry', $1, 0)", uuid4())
    await audit.execute(FILE, 5, uuid4(), f"staff.{ERASED}", DATA)
    await audit.close()


async def test_without_engines_the_backup_is_all_that_is_known(registry: Registry) -> None:
    """As it was before; so each of the tests above can fail."""
    assert (await registry.keys_restored())["added"] == 2
