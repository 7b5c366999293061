"""The engines of local mode: started, kept running, never doubled, never left behind."""

import asyncio
import json
import os
import pwd
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from deploy.local import launch
from deploy.local.account import UNPRIVILEGED
from deploy.local.engines import Engines
from deploy.local.errors import EngineFailed, FolderInUse, FolderUnknown, PortInUse
from deploy.local.folder import is_in_use
from deploy.local.ports import free_port
from deploy.local.running import NotRunning, Running
from deploy.local.secrets import Secrets

ROOT = Path(__file__).parents[3]
GONE_WITHIN_MS = 20_000

STARTS_ENGINES = """
import asyncio, json, pathlib, sys
from deploy.local.engines import Engines

async def main():
    engines = await Engines.start(pathlib.Path(sys.argv[1]))
    print(json.dumps({"pids": list(engines.pids.values()), "database": engines.database_url}), flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def start_elsewhere(data: Path, by: Sequence[str] = ()) -> tuple[subprocess.Popen[str], dict[str, Any]]:
    """Start engines in another process; return it and what it says of them."""
    process = subprocess.Popen(
        [*by, sys.executable, "-c", STARTS_ENGINES, str(data)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"the other process ended with {process.wait()}"
    return process, json.loads(line)


@pytest.fixture
def elsewhere(data: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    process, told = start_elsewhere(data)
    pidfds = [os.pidfd_open(pid) for pid in told["pids"]]
    yield process, told
    process.kill()
    process.communicate()
    all_gone(pidfds)


def all_gone(pidfds: list[int]) -> bool:
    """Wait for the end of all these processes."""
    poll = select.poll()
    waiting = set(pidfds)
    for pidfd in pidfds:
        poll.register(pidfd, select.POLLIN)
    while waiting:
        ended = poll.poll(GONE_WITHIN_MS)
        if not ended:
            return False
        for pidfd, _ in ended:
            poll.unregister(pidfd)
            os.close(pidfd)
            waiting.remove(pidfd)
    return True


async def ask(url: str, question: str = "SELECT 1") -> Any:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_what_was_stored_is_there_after_a_stop_and_a_second_start(data: Path) -> None:
    async with await Engines.start(data) as engines:
        await ask(engines.database_url, "CREATE TABLE kept AS SELECT 298 AS number")
        assert is_in_use(data)
    assert not is_in_use(data)
    async with await Engines.start(data) as engines:
        assert await ask(engines.database_url, "SELECT number FROM kept") == 298


async def test_the_database_is_durable_checked_and_asks_for_its_password(data: Path) -> None:
    async with await Engines.start(data) as engines:
        settings = {
            name: await ask(engines.database_url, f"SHOW {name}")
            for name in (
                "fsync",
                "synchronous_commit",
                "full_page_writes",
                "data_checksums",
                "server_encoding",
            )
        }
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(engines.database_url, password="guessed")
    assert settings == {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "server_encoding": "UTF8",
    }
    kept = data / "keys" / "database-password"
    assert kept.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_an_engine_that_dies_comes_back_on_its_port(data: Path, number: signal.Signals) -> None:
    async with await Engines.start(data) as engines:
        before = engines.pids
        addresses = (engines.database_url, engines.nats_url)
        await engines.postgres.restart(number)
        await engines.nats.restart(number)
        assert set(engines.pids.values()).isdisjoint(before.values())
        assert (engines.database_url, engines.nats_url) == addresses
        assert await ask(engines.database_url) == 1
        assert await engines.nats.is_ready()


def test_kill_of_the_parent_leaves_no_engine(data: Path) -> None:
    process, told = start_elsewhere(data)
    pidfds = [os.pidfd_open(pid) for pid in told["pids"]]
    process.kill()
    process.communicate()
    assert all_gone(pidfds), "an engine outlived its parent"


async def test_a_start_right_after_a_kill_waits_for_the_old_engines(data: Path) -> None:
    process, told = start_elsewhere(data)
    await ask(told["database"], "CREATE TABLE kept AS SELECT 298 AS number")
    process.kill()
    async with await Engines.start(data) as engines:
        assert await ask(engines.database_url, "SELECT number FROM kept") == 298
    process.communicate()


async def test_a_second_start_on_the_folder_is_refused(
    data: Path, elsewhere: tuple[subprocess.Popen[str], dict[str, Any]]
) -> None:
    with pytest.raises(FolderInUse, match="in use by another process"):
        await Engines.start(data)
    assert await ask(elsewhere[1]["database"]) == 1


async def test_a_taken_port_is_refused_and_nothing_is_left_running(data: Path) -> None:
    taken = await asyncio.start_server(lambda *_: None, "127.0.0.1", free_port())
    port = taken.sockets[0].getsockname()[1]
    with pytest.raises(PortInUse, match=str(port)):
        await Engines.start(data, nats_port=port)
    taken.close()
    await taken.wait_closed()
    assert not is_in_use(data)
    async with await Engines.start(data, nats_port=port) as engines:
        assert engines.nats_url.endswith(f":{port}")


async def test_a_folder_of_another_layout_is_refused(data: Path) -> None:
    data.mkdir()
    (data / "FORMAT").write_text("99\n")
    with pytest.raises(FolderUnknown, match="'99'"):
        await Engines.start(data)
    assert [file.name for file in data.iterdir()] == ["FORMAT"]


async def test_a_folder_of_somebody_else_is_refused_and_untouched(data: Path) -> None:
    data.mkdir()
    (data / "thesis.txt").write_text("mine")
    with pytest.raises(FolderUnknown, match="was not made by Tanfidh"):
        await Engines.start(data)
    assert [file.name for file in data.iterdir()] == ["thesis.txt"]


async def test_a_database_of_another_major_version_is_refused(data: Path) -> None:
    async with await Engines.start(data):
        pass
    version = data / "postgres" / "cluster" / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(FolderUnknown, match="PostgreSQL 9;"):
        await Engines.start(data)
    assert not is_in_use(data)


async def test_an_engine_that_cannot_start_says_why(data: Path) -> None:
    async with await Engines.start(data):
        pass
    (data / "postgres" / "cluster" / "global" / "pg_control").unlink()
    with pytest.raises(EngineFailed, match="pg_control"):
        await Engines.start(data)


async def test_a_start_that_is_cancelled_leaves_nothing(data: Path) -> None:
    starting = asyncio.create_task(Engines.start(data))
    while not (data / "postgres" / "cluster.new").exists():
        await asyncio.sleep(0)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert not is_in_use(data)
    async with await Engines.start(data) as engines:
        assert await ask(engines.database_url) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else; the others are ordinary")
def test_an_ordinary_user_needs_nothing_more() -> None:
    with tempfile.TemporaryDirectory(prefix="tanfidh-") as home:
        os.chmod(home, 0o777)
        # The interpreter may lie where that user cannot go; the launcher lets it pass, and no more.
        nobody = pwd.getpwnam(UNPRIVILEGED)
        account = [str(nobody.pw_uid), str(nobody.pw_gid)]
        launcher = [
            sys.executable,
            launch.__file__,
            str(os.getpid()),
            str(int(signal.SIGKILL)),
            *account,
            "--",
        ]
        process, told = start_elsewhere(Path(home) / "data", launcher)
        pidfds = [os.pidfd_open(pid) for pid in told["pids"]]
        assert asyncio.run(ask(told["database"])) == 1
        owners = {Path(f"/proc/{pid}").stat().st_uid for pid in (process.pid, *told["pids"])}
        assert owners == {nobody.pw_uid}
        process.kill()
        process.communicate()
        assert all_gone(pidfds)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has folders that the engines' user cannot enter")
async def test_root_may_keep_its_data_in_a_folder_closed_to_others(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    async with await Engines.start(closed / "data") as engines:
        assert await ask(engines.database_url) == 1
        owners = {pid: Path(f"/proc/{pid}").stat().st_uid for pid in engines.pids.values()}
    assert 0 not in owners.values()


async def test_the_addresses_are_known_only_while_it_runs(data: Path) -> None:
    async with await Engines.start(data) as engines:
        running = Running(url="http://127.0.0.1:1", database=engines.database_url, nats=engines.nats_url)
        running.write(data)
        assert Running.read(data) == running
        assert (data / "running.json").stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotRunning):
        Running.read(data)
    Running.forget(data)
    assert not (data / "running.json").exists()


def test_secrets_are_drawn_once(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    drawn = (secrets.password("nats"), secrets.signing_key("registry").read_bytes(), secrets.token_key().kid)
    again = Secrets(tmp_path)
    assert drawn == (
        again.password("nats"),
        again.signing_key("registry").read_bytes(),
        again.token_key().kid,
    )
    assert secrets.password("nats") != secrets.password("database")
    private = [secrets.folder / "registry-log.pem", secrets.folder / "tokens.json"]
    assert {file.stat().st_mode & 0o777 for file in private} == {0o600}
    assert '"d"' not in secrets.jwks().read_text()
