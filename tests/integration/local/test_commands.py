"""The command line as a person meets it: exit codes and messages, in processes of their own."""

import asyncio
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg
import nats
import pytest

from deploy.hosting import reserve
from deploy.local.engines import Engines
from deploy.local.folder import DataFolder
from deploy.local.secrets import Secrets
from shared.domain.actor import Actor
from shared.messaging.provision import verify_stream
from shared.web.identity import Identity
from shared.web.refusals import Unauthenticated
from shared.web.signing import AUDIENCE, LOCAL_ISSUER
from tests.engines import ThrowawayNats

ROOT = Path(__file__).parents[3]


def tanfidh(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("TANFIDH_", "DATA", "PORT"))
    }
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", *arguments],
        cwd=ROOT,
        env={**kept, "COLUMNS": "200", "NO_COLOR": "1", **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that was used once."""
    folder = tmp_path_factory.mktemp("commands") / "data"

    async def use() -> None:
        async with await Engines.start(folder):
            pass

    asyncio.run(use())
    return folder


def identity_of(data: Path, now: datetime | None = None) -> Identity:
    return Identity(Secrets(data).jwks(), LOCAL_ISSUER, AUDIENCE, lambda: now or datetime.now(UTC))


def test_a_token_is_good_for_its_folder_only(data: Path, tmp_path: Path) -> None:
    said = tanfidh(
        "token", "--role", "department", "--department", "legal", "--subject", "dana", DATA=str(data)
    )
    header = f"Bearer {said.stdout.strip()}"
    expected = Actor(subject="dana", role="department", department="legal")
    assert identity_of(data).authenticate(header) == expected
    with pytest.raises(Unauthenticated):
        identity_of(tmp_path).authenticate(header)


def test_a_token_ends_when_it_was_told_to(data: Path) -> None:
    said = tanfidh("token", "--role", "auditor", "--ttl", "30m", "--data", str(data))
    header = f"Bearer {said.stdout.strip()}"
    start = datetime.now(UTC).timestamp()
    in_time, late = (datetime.fromtimestamp(start + minutes * 60, UTC) for minutes in (29, 31))
    assert identity_of(data, in_time).authenticate(header).role == "auditor"
    with pytest.raises(Unauthenticated):
        identity_of(data, late).authenticate(header)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("token", "--role", "emperor"), 2, "'emperor' is no role"),
        (("token", "--role", "department"), 2, "needs --department"),
        (("token", "--role", "department", "--department", ""), 2, "'' is no department's key"),
        (("token", "--role", "admin", "--department", "a.b"), 2, "'a.b' is no department's key"),
        (("token", "--role", "admin", "--subject", ""), 2, "'' is no pseudonym"),
        (
            ("token", "--role", "admin", "--subject", "dana@example.org"),
            2,
            "'dana@example.org' is no pseudonym",
        ),
        (("token", "--role", "admin", "--ttl", "soon"), 2, "'soon' is no duration"),
        (("serve", "kitchen"), 2, "'kitchen' is no service"),
        (("serve", "registry"), 1, "TANFIDH_DATABASE_URL: Field required"),
        (("migrate",), 1, "TANFIDH_DATABASE_URL: Field required"),
        (("status",), 1, "does not run on the data folder"),
        (("import", "examples"), 1, "does not run on the data folder"),
    ],
)
def test_wrong_use_is_told(data: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    said = tanfidh(*arguments, DATA=str(data))
    assert (said.returncode, said.stdout) == (code, "")
    assert message in said.stderr
    assert "Traceback" not in said.stderr


def test_a_token_needs_data(tmp_path: Path) -> None:
    said = tanfidh("token", "--role", "admin", DATA=str(tmp_path / "nothing"))
    assert said.returncode == 1
    assert "There is no data of Tanfidh" in said.stderr
    assert not (tmp_path / "nothing").exists()


def test_a_port_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    with reserve("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        said = tanfidh("up", "--port", str(port), DATA=str(tmp_path / "data"))
    assert said.returncode == 1
    assert f"Port {port} on 127.0.0.1 is in use" in said.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_in_use_is_told_before_anything_starts(tmp_path: Path) -> None:
    async def use(folder: Path) -> subprocess.CompletedProcess[str]:
        held = await DataFolder.open(folder)
        try:
            return await asyncio.to_thread(tanfidh, "up", "--port", "0", DATA=str(folder))
        finally:
            held.close()

    said = asyncio.run(use(tmp_path / "data"))
    assert (said.returncode, said.stdout) == (1, "")
    assert "is in use by another process" in said.stderr


def test_a_password_never_shows_in_a_message() -> None:
    said = tanfidh("migrate", TANFIDH_DATABASE_URL="mysql://admin:hunter2@127.0.0.1/x")
    assert said.returncode == 1
    assert "TANFIDH_DATABASE_URL" in said.stderr
    assert "hunter2" not in said.stderr + said.stdout


async def test_migrate_and_provision_prepare_engines_and_do_nothing_twice(
    database_url: str, fresh_nats: ThrowawayNats
) -> None:
    where = {"TANFIDH_DATABASE_URL": database_url, "TANFIDH_NATS_URL": fresh_nats.url}
    for command in ("migrate", "provision"):
        first, second = tanfidh(command, **where), tanfidh(command, **where)
        assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "registry: up to date" in tanfidh("migrate", **where).stdout
    connection = await asyncpg.connect(database_url)
    logs = {
        name: await connection.fetchval(f"SELECT log_id FROM {name}.head") for name in ("registry", "tasks")
    }
    await connection.close()
    client = await nats.connect(fresh_nats.url)
    for service, log in logs.items():
        assert isinstance(log, UUID)
        assert (await verify_stream(client, service, log)).messages == 0
    await client.close()


def test_engines_that_are_not_there_are_told() -> None:
    said = tanfidh("migrate", TANFIDH_DATABASE_URL="postgresql://nobody:x@127.0.0.1:9/x")
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    assert said.stderr.strip()
