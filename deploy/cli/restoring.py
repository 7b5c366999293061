"""`tanfidh restore`: after a backup was put back."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer

from deploy.catalogue import READS, SERVICES
from deploy.cli.options import DEFAULT_DATA, Json, say
from deploy.local.engines import Engines
from deploy.local.errors import FolderUnknown
from deploy.looping import run
from deploy.person_keys import vault_of
from deploy.restoring.erased import lost_erasures
from deploy.restoring.plan import ServicePlan, examine
from deploy.restoring.quiet import claim
from deploy.restoring.steps import carry_out
from deploy.restoring.words import as_json, describe
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import Vault
from shared.eventstore.sealing.wrapping import VaultUnusable
from shared.eventstore.stored import StoredLog
from shared.messaging.connection import broker_for
from shared.service import EngineSettings, from_environment

_EXTERNAL = ("TANFIDH_DATABASE_URL", "TANFIDH_NATS_URL", "TANFIDH_SECRETS")


def restore(
    service: Annotated[
        list[str] | None,
        typer.Option(help="Give this service's log a new id even where nothing seems lost; repeatable."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    json: Json = False,
    reports: Annotated[
        Path | None, typer.Option(help="Folder for the report on lost events; else the data folder, or this.")
    ] = None,
    data: Annotated[Path | None, typer.Option(envvar="DATA", help="Data folder of local mode.")] = None,
) -> None:
    """Bring streams and inboxes back in step with stores that were restored from a backup.

    Stop all services first. Works on the data folder of local mode, or on the engines named by
    TANFIDH_DATABASE_URL and TANFIDH_NATS_URL where no folder is given. Tells what it will do and
    asks; with --json and without --yes it only tells.
    """
    asked = service or []
    for name in asked:
        if name not in SERVICES:
            raise typer.BadParameter(f"{name!r} is no service; there are {', '.join(SERVICES)}.")
    if data is None and any(name in os.environ for name in _EXTERNAL):
        settings = from_environment(EngineSettings)
        url, servers, replicas = settings.database_url, settings.nats_servers, settings.replicas
        run(_restore(url, servers, asked, yes, json, reports or Path.cwd(), None, replicas))
    else:
        run(_restore_locally(data or DEFAULT_DATA, asked, yes, json, reports))


async def _restore_locally(data: Path, asked: list[str], yes: bool, json: bool, reports: Path | None) -> None:
    if not (data / "FORMAT").exists():
        raise FolderUnknown(f"There is no data of Tanfidh in {data}. Name its folder with --data.")
    async with await Engines.start(data) as engines:
        await _restore(engines.database_url, [engines.nats_url], asked, yes, json, reports or data, data)


async def _restore(
    database_url: str,
    nats_servers: list[str],
    asked: list[str],
    yes: bool,
    json: bool,
    reports: Path,
    data: Path | None,
    replicas: int = 1,
) -> None:
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(_opened(database_url))
        broker = broker_for(nats_servers, "tanfidh restore")
        nc = await broker.connect()
        stack.push_async_callback(broker.stop)
        await claim(next(iter(opened.values())).connection, READS)
        logs = {name: await StoredLog.of(name, log.connection) for name, log in opened.items()}
        plans = await examine(nc, logs, READS, asked)
        noting = _to_note(data, await lost_erasures(plans))
        erasures = [erasure for _, erasure in noting]
        if not json:
            for plan in plans:
                for line in describe(plan):
                    say(line)
            for erasure in erasures:
                say(f"registry: the erasure of {erasure.owner} is not in the store; it is applied again")
        done = None
        in_step = all(plan.in_step for plan in plans) and not erasures
        if not in_step and (yes or (not json and _agreed())):
            reports.mkdir(parents=True, exist_ok=True)
            for vault, erasure in noting:
                vault.erase(erasure)
            done = await carry_out(nc, plans, READS, reports, _silent if json else say, replicas)
        _conclude(plans, erasures, done, json)


@asynccontextmanager
async def _opened(database_url: str) -> AsyncIterator[dict[str, StoredLog]]:
    async with AsyncExitStack() as stack:
        logs = {}
        for service in SERVICES:
            logs[service] = await StoredLog.open(service, database_url)
            stack.push_async_callback(logs[service].close)
        yield logs


def _to_note(data: Path | None, erasures: list[Erasure]) -> list[tuple[Vault, Erasure]]:
    """Pair erasures that are not noted yet with the keys; these are opened only where there is something.

    Raises VaultUnusable.
    """
    vault = vault_of(data) if erasures else None
    if vault is None and erasures:
        raise VaultUnusable(
            f"The restored database lacks {len(erasures)} erasures of persons. Name their keys with "
            "TANFIDH_PERSON_KEYS and TANFIDH_PERSON_KEYS_MASTER, so that they stay erased; nothing was "
            "changed."
        )
    return [
        (vault, erasure) for erasure in erasures if vault is not None and not vault.is_erased(erasure.owner)
    ]


def _agreed() -> bool:
    # While it waits for an answer the event loop cannot take Ctrl-C.
    asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
    return typer.confirm("Do this now?", abort=True)


def _silent(_: str) -> None:
    """Say nothing: the JSON at the end says it all."""


def _conclude(plans: list[ServicePlan], erasures: list[Erasure], done: list[Path] | None, json: bool) -> None:
    if json:
        told: dict[str, Any] = {plan.service: as_json(plan) for plan in plans}
        print(
            orjson.dumps(
                {
                    "services": told,
                    "erased_again": [erasure.owner for erasure in erasures],
                    "restored": done is not None,
                    "reports": [str(path) for path in done or ()],
                },
                option=orjson.OPT_INDENT_2,
            ).decode()
        )
    elif done is not None:
        for path in done:
            say(f"What was lost, and what other services did about it: {path}")
        say("Everything is in step. Start the services.")
