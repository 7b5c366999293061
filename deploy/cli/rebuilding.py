"""`tanfidh rebuild`: read models from the beginning of the log, compared and put in place."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import uuid4

import httpx
import orjson
import typer
from rich.progress import Progress, TaskID

from deploy.catalogue import SERVICES
from deploy.cli.options import DEFAULT_DATA, Data, Json, err, say
from deploy.client import RequestRefused, client_for, read
from deploy.hosting import run
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token

DIFFERENT = 3
"""Exit code: a read model differed from its rebuild."""

LOOK = 0.2
"""Seconds between looks at how far a rebuild is."""

UNDER_WAY = "/rebuild-under-way"

Tell = Callable[[dict[str, Any]], None]


def rebuild(
    service: Annotated[str, typer.Argument(help=f"One of: {', '.join(SERVICES)}.")],
    view: Annotated[list[str] | None, typer.Argument(help="Read models; all where none is named.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; leave what is read as it is.")
    ] = False,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Rebuild read models of a service from its log, beside those that are read, and compare.

    The service goes on meanwhile. Exits with 3 where what was read differed from its rebuild, with 1 where a
    rebuild failed. Broken off, the rebuild goes on in the service.
    """
    if service not in SERVICES:
        raise typer.BadParameter(f"{service!r} is no service; there are {', '.join(SERVICES)}.")
    url = Running.read(data).url
    token = local_token(Secrets(data), "admin", "tanfidh-rebuild")
    with Progress(console=err, transient=True, disable=json or not err.is_terminal) as progress:
        ended = run(_rebuilt(url, token, service, view or [], check, _shown_on(progress)))
    if json:
        print(orjson.dumps(ended, option=orjson.OPT_INDENT_2).decode())
    else:
        for one in ended:
            for line in describe(one):
                say(line)
    if any(one["outcome"] == "failed" for one in ended):
        raise typer.Exit(1)
    if any(one["comparison"]["differing"] for one in ended):
        raise typer.Exit(DIFFERENT)


async def _rebuilt(
    url: str, token: str, service: str, asked: Sequence[str], check: bool, tell: Tell
) -> list[dict[str, Any]]:
    async with client_for(url) as client:
        known = await _views(client, service, token)
        for name in asked:
            if name not in known:
                raise typer.BadParameter(f"{service} has no view {name!r}; it has {', '.join(known)}.")
        names = list(dict.fromkeys(asked)) or known
        for name in names:
            await _ask(client, f"/{service}/projections/{name}/rebuild", token, check)
        return [await _ended(client, f"/{service}/projections/{name}/rebuild", token, tell) for name in names]


async def _views(client: httpx.AsyncClient, service: str, token: str) -> list[str]:
    try:
        return [item["name"] for item in (await read(client, f"/{service}/projections", token))["items"]]
    except RequestRefused as refused:
        if refused.status != httpx.codes.NOT_FOUND:
            raise
    raise typer.BadParameter(
        f"{service} has no read models: its trail is filed as events come in. "
        "`tanfidh audit verify` compares it."
    )


async def _ask(client: httpx.AsyncClient, path: str, token: str, check: bool) -> None:
    """Ask for a rebuild; where one is under way, that one is waited for."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    response = await client.post(path, headers=headers, params={"check": "true"} if check else None)
    if response.is_success or str(response.json().get("type")).endswith(UNDER_WAY):
        return
    raise RequestRefused(response)


async def _ended(client: httpx.AsyncClient, path: str, token: str, tell: Tell) -> dict[str, Any]:
    while True:
        found: dict[str, Any] = await read(client, path, token)
        tell(found)
        if found["ended_at"] is not None:
            return found
        await asyncio.sleep(LOOK)


def _shown_on(progress: Progress) -> Tell:
    """Show each rebuild as a bar: the events that are folded, then the states that are compared."""
    tasks: dict[str, TaskID] = {}

    def tell(found: dict[str, Any]) -> None:
        name = found["view"]
        if name not in tasks:
            tasks[name] = progress.add_task(name, total=found["head"])
        told = f", {found['compared']} states" if found["compared"] else ""
        progress.update(
            tasks[name],
            description=f"{name}: {found['stage']}{told}",
            total=found["head"],
            completed=found["head"] if found["ended_at"] else found["position"] or 0,
        )

    return tell


def describe(ended: dict[str, Any]) -> list[str]:
    """Tell in lines what became of a rebuild, and what differed."""
    if ended["outcome"] == "failed":
        return [f"{ended['view']}: failed: {ended['failure']}"]
    found = ended["comparison"]
    done = "compared" if ended["check"] else "rebuilt"
    told = f"{ended['view']}: {done} as of position {found['as_of']}"
    if not found["differing"]:
        return [f"{told}: no difference in {found['rebuilt']['states']} states"]
    lines = [f"{told}: {found['differing']} states differ", f"  was {_side(found['live'])}"]
    lines.append(f"  {'would be' if ended['check'] else 'is  '} {_side(found['rebuilt'])}")
    lines += [f"  {state['key']} from {state['from']}: {_differs(state)}" for state in found["first"]]
    return lines


def _side(told: dict[str, Any]) -> str:
    return f"{told['states']} states, SHA-256 {told['digest']}"


def _differs(state: dict[str, Any]) -> str:
    if state["live"] is None:
        return "was missing"
    if state["rebuilt"] is None:
        return "should not have been there"
    return f"another {', '.join(state['parts'])}"
