"""`tanfidh audit verify` on a data folder and on a database: what it says, and how it exits."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import orjson
import pytest

from deploy.catalogue import SERVICES
from deploy.local.engines import Engines
from deploy.local.secrets import Secrets
from deploy.simulation.clock import VirtualTime
from deploy.simulation.stage import new_folder, stage
from services.registry.department import Department
from shared.domain import Text
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.log.note import Signer, origin_of
from shared.service import read_signing_key
from tests.integration.verifying.attacker import attacking
from tests.integration.verifying.conftest import Filled
from tests.integration.witness.house import ADMIN, BEGINS
from tests.product import ROOT


def verify(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TANFIDH_", "DATA"))}
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", "audit", "verify", *arguments],
        cwd=ROOT,
        env=kept | {"NO_COLOR": "1", "COLUMNS": "200"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def register(turn: Turn) -> None:
    turn.get(Department, "protocol").register(Text(en="Protocol"), turn.moment)


@pytest.fixture
async def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one decision, on which nothing runs."""
    monkeypatch.setattr("shared.service.frame.spare_collections", lambda: None)  # it is for a whole process
    async with stage(await new_folder(tmp_path / "data"), "verified", VirtualTime(BEGINS)) as house:
        by = Instruction(id=uuid4(), actor=ADMIN)
        await house.frames["registry"].store.execute(Command("register", by, register))
    return tmp_path / "data"


async def test_a_data_folder_is_verified_with_the_keys_in_it(data: Path) -> None:
    done = verify("--data", str(data), "--service", "registry")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("registry: 1 events verified")

    async with await Engines.start(data) as engines, attacking(engines.database_url, "registry") as attacker:
        await attacker.run("UPDATE events SET data = data || ' '::bytea WHERE position = 1")
    done = verify("--data", str(data))
    assert done.returncode == 1
    assert "registry: position 1 was changed" in done.stdout
    assert "notifier: 0 events verified, newest checkpoint of 0\n" in done.stdout
    told = orjson.loads(verify("--data", str(data), "--json").stdout)
    assert (told["verified"], told["services"]["registry"]["findings"][0]["position"]) == (False, 1)


async def test_nothing_is_made_where_there_is_no_data(tmp_path: Path) -> None:
    done = verify("--data", str(tmp_path / "none"))
    assert (done.returncode, "no data of Tanfidh" in done.stderr) == (1, True)
    assert not (tmp_path / "none").exists()


async def test_a_database_is_verified_with_the_keys_given(filled: Filled) -> None:
    keys = []
    for service in SERVICES:
        key = read_signing_key(Secrets(filled.keys).signing_key(service))
        keys += ["--key", Signer(origin_of(service, str(uuid4())), key).verifier_key]
    done = verify(*keys, "--json", TANFIDH_DATABASE_URL=filled.url)
    told = orjson.loads(done.stdout)
    assert (done.returncode, told["verified"], done.stderr) == (0, True, "")
    assert told["services"]["registry"]["witnessed"] > 256

    done = verify(*keys[2:], TANFIDH_DATABASE_URL=filled.url)
    assert (done.returncode, "logs of registry cannot be verified without" in done.stderr) == (1, True)

    done = verify("--key", keys[1].replace("registry", "tasks"), TANFIDH_DATABASE_URL=filled.url)
    assert (done.returncode, "contradicts itself" in done.stderr) == (1, True)

    wrong = [*keys[:1], keys[3].replace("tasks", "registry")]
    done = verify("--service", "mailman", *wrong, TANFIDH_DATABASE_URL=filled.url)
    assert done.returncode == 2
