"""`tanfidh audit verify`: recompute the logs from their rows, and say what is not as it was recorded."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.progress import Progress, TaskID

from deploy.catalogue import SERVICES
from deploy.cli.options import Json, err, say
from deploy.local.engines import Engines
from deploy.local.errors import FolderUnknown
from deploy.local.folder import is_in_use
from deploy.local.running import Running
from deploy.looping import run
from deploy.verifying.keys import ServiceKey, keys_given, keys_of_folder
from deploy.verifying.report import Report
from deploy.verifying.run import verify_all
from deploy.verifying.words import as_json, describe
from shared.service import DatabaseSettings, from_environment

_EXTERNAL = ("TANFIDH_DATABASE_URL", "TANFIDH_SECRETS")
DEFAULT_DATA = Path("var")


def verify(
    service: Annotated[
        list[str] | None, typer.Option(help="Verify the log of this service only; repeatable.")
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(help="Verifier key of a service's log, as the operator gave it; repeatable."),
    ] = None,
    json: Json = False,
    data: Annotated[Path | None, typer.Option(envvar="DATA", help="Data folder of local mode.")] = None,
) -> None:
    """Recompute every leaf, chain, tile and checkpoint, and compare with what audit received and witnessed.

    Only reads; services may run. Works on the data folder of local mode, with the keys from its key files,
    or on the database named by TANFIDH_DATABASE_URL where no folder is given; then the key of every service
    is given with --key. Exits with 1 where anything is not as it was recorded.
    """
    asked = service or list(SERVICES)
    for name in asked:
        if name not in SERVICES:
            raise typer.BadParameter(f"{name!r} is no service; there are {', '.join(SERVICES)}.")
    if data is None and any(name in os.environ for name in _EXTERNAL):
        settings = from_environment(DatabaseSettings)
        keys = keys_given(key or [], SERVICES)
        reports = run(_verified(settings.database_url, asked, keys))
    else:
        reports = run(_verified_locally(data or DEFAULT_DATA, asked, key))
    if json:
        print(orjson.dumps(as_json(reports), option=orjson.OPT_INDENT_2).decode())
    else:
        for report in reports:
            for line in describe(report):
                say(line)
    if not all(report.verified for report in reports):
        raise typer.Exit(1)


async def _verified_locally(data: Path, asked: Sequence[str], given: list[str] | None) -> list[Report]:
    if not (data / "FORMAT").exists():
        raise FolderUnknown(f"There is no data of Tanfidh in {data}. Name its folder with --data.")
    keys = keys_given(given, SERVICES) if given else keys_of_folder(data, SERVICES)
    if is_in_use(data):
        return await _verified(Running.read(data).database, asked, keys)
    async with await Engines.start(data) as engines:
        return await _verified(engines.database_url, asked, keys)


async def _verified(database_url: str, asked: Sequence[str], keys: dict[str, ServiceKey]) -> list[Report]:
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(service: str, position: int, head: int) -> None:
            if service not in tasks:
                tasks[service] = progress.add_task(service, total=head)
            progress.update(tasks[service], completed=position)

        return await verify_all(database_url, asked, keys, tell)
