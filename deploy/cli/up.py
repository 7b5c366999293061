"""`tanfidh up`: everything on this machine."""

import shlex
import shutil
import socket
import sys
from pathlib import Path
from typing import Annotated

import httpx
import typer

from deploy.catalogue import SERVICES
from deploy.cli.importing import describe, send
from deploy.cli.options import DEFAULT_DATA, Data, say
from deploy.cli.readiness import all_ready
from deploy.departure import end_soon
from deploy.hosting import host, reserve
from deploy.local.folder import SIMULATED, DataFolder
from deploy.local.mode import local_mode
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run
from shared.web.logging import configure_logging

EXAMPLE = Path(__file__).parents[2] / "examples" / "decree-298-2025"


def up(
    port: Annotated[int, typer.Option(envvar="PORT", min=0, max=65_535, help="0 takes a free one.")] = 8080,
    data: Data = DEFAULT_DATA,
    example: Annotated[bool, typer.Option(help="Import Decree 298 at the first start.")] = True,
) -> None:
    """Start PostgreSQL, NATS and all services on one port; Ctrl-C stops them."""
    listener = reserve("127.0.0.1", port)
    run(_up(listener, data, example))


async def _up(listener: socket.socket, data: Path, example: bool) -> None:
    with listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

        async def ready() -> None:
            if example:
                await _import_once(url, data)
            async with httpx.AsyncClient(base_url=url) as client:
                await all_ready(client, tuple(SERVICES), _tell)
            _tell_where(url, data)

        folder = await DataFolder.open(data)
        _tell(f"starting PostgreSQL, NATS and {len(SERVICES)} services on {data}")
        if (simulated := data / SIMULATED).exists():
            _tell(f"a simulation filled this folder, on a virtual clock: {simulated.read_text().strip()}")
        async with local_mode(folder, listener) as app:
            with (data / "services.log").open("a", encoding="utf-8") as log:
                configure_logging("local", to=log)
                await host(app, listener, ready)
        _tell("stopped")
        end_soon()


async def _import_once(url: str, data: Path) -> None:
    done = data / "imported"
    if done.exists():
        return
    summary = await send(EXAMPLE, url, local_token(Secrets(data), "admin", "tanfidh-import"))
    _tell(f"imported {describe(summary)}")
    done.write_text(f"{EXAMPLE.name}\n", encoding="utf-8")


def _tell(message: str) -> None:
    say(f"tanfidh | {message}")


def _tell_where(url: str, data: Path) -> None:
    folder = "" if data == DEFAULT_DATA else f" --data {shlex.quote(str(data))}"
    _tell(f"ready: {' '.join(f'{url}/{service}' for service in SERVICES)}")
    _tell(f"the API of each: {url}/registry/openapi.json    its events: {url}/registry/asyncapi.json")
    _tell(f"a token: {_command()} token --role admin{folder}")
    _tell(f"a glance: {_command()} status{folder}")
    _tell(f"logs: {data / 'services.log'}    stop with Ctrl-C")


def _command() -> str:
    """Return what to type for `tanfidh` here; the environment that make sets up is not on PATH."""
    here = Path(sys.argv[0])
    if here.name != "tanfidh" or shutil.which("tanfidh") == str(here):
        return "tanfidh"
    return shlex.quote(str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here))
