"""`tanfidh rebuild`: read models from the beginning of the log, compared and put in place."""

from collections.abc import Sequence
from typing import Annotated, Any

import httpx
import orjson
import typer
from rich.progress import Progress, TaskID

from deploy.catalogue import SERVICES
from deploy.cli.options import DEFAULT_DATA, Data, Json, err, say
from deploy.client import RequestRefused, client_for, read
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run
from deploy.rebuilds import Tell, Unfollowed, cancelled, rebuilt

DIFFERENT = 3
"""Exit code: a read model differed from its rebuild."""

TALLY = ["count"]
"""The part that tells a tally from a state."""

BROKEN_OFF = ("failed", "cancelled")
"""Outcomes after which what is read is as it was."""

UNFOLLOWED = 4
"""Exit code: the service stayed away, so that what became of a rebuild is not known; it goes on by itself."""


def rebuild(
    service: Annotated[str, typer.Argument(help=f"One of: {', '.join(SERVICES)}.")],
    view: Annotated[list[str] | None, typer.Argument(help="Read models; all where none is named.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only compare; leave what is read as it is.")
    ] = False,
    cancel: Annotated[
        bool, typer.Option("--cancel", help="End rebuilds that are under way, and remove their copies.")
    ] = False,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Rebuild read models of a service from its log, beside those that are read, and compare.

    The service goes on meanwhile. A rebuild of the same read model that is under way already is waited for,
    and then this one is asked for. Exits with 3 where what was read differed from its rebuild, with 1 where a
    rebuild failed or was cancelled, with 4 where the service stayed away. Broken off, the rebuild goes on in
    the service.
    """
    if check and cancel:
        raise typer.BadParameter("--check and --cancel exclude each other.")
    if service not in SERVICES:
        raise typer.BadParameter(f"{service!r} is no service; there are {', '.join(SERVICES)}.")
    url = Running.read(data).url
    token = local_token(Secrets(data), "admin", "tanfidh-rebuild")
    if cancel:
        done = run(_cancelled(url, token, service, view or []))
        say("\n".join(f"{name}: cancelled" for name in done) or "No rebuild is under way.")
        return
    with Progress(console=err, transient=True, disable=json or not err.is_terminal) as progress:
        try:
            ended = run(_rebuilt(url, token, service, view or [], check, _shown_on(progress)))
        except Unfollowed as unfollowed:
            err.print(str(unfollowed), style="red", markup=False, soft_wrap=True)
            raise typer.Exit(UNFOLLOWED) from None
    if json:
        print(orjson.dumps(ended, option=orjson.OPT_INDENT_2).decode())
    else:
        for one in ended:
            for line in describe(one):
                say(line)
    if any(one["outcome"] in BROKEN_OFF for one in ended):
        raise typer.Exit(1)
    if any(one["comparison"]["differing"] for one in ended):
        raise typer.Exit(DIFFERENT)


async def _rebuilt(
    url: str, token: str, service: str, asked: Sequence[str], check: bool, tell: Tell
) -> list[dict[str, Any]]:
    async with client_for(url) as client:
        names = await _named(client, service, asked, token)
        return await rebuilt(client, token, service, names, check, tell)


async def _cancelled(url: str, token: str, service: str, asked: Sequence[str]) -> list[str]:
    async with client_for(url) as client:
        return await cancelled(client, token, service, await _named(client, service, asked, token))


async def _named(client: httpx.AsyncClient, service: str, asked: Sequence[str], token: str) -> list[str]:
    known = await _views(client, service, token)
    for name in asked:
        if name not in known:
            raise typer.BadParameter(f"{service} has no view {name!r}; it has {', '.join(known)}.")
    return list(dict.fromkeys(asked)) or known


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
    if ended["outcome"] in BROKEN_OFF:
        failed = "failed: " if ended["outcome"] == "failed" else ""
        return [f"{ended['view']}: {failed}{ended['failure']}"]
    found = ended["comparison"]
    done = "compared" if ended["check"] else "rebuilt"
    told = f"{ended['view']}: {done} as of position {found['as_of']}"
    if not found["differing"]:
        return [f"{told}: no difference in {found['rebuilt']['states']} states"]
    tallies = found["differing_tallies"] or 0
    states = found["differing"] - tallies
    counted = [f"{states} states"] * bool(states) + [f"{tallies} tallies"] * bool(tallies)
    lines = [f"{told}: {' and '.join(counted)} differ", *_sides(ended, states)]
    lines += [f"  {one['key']} from {one['from']}: {_differs(one)}" for one in found["first"]]
    return lines


def _sides(ended: dict[str, Any], states: int) -> list[str]:
    """Tell the digests, which are over states: where only tallies differ both are one."""
    live, rebuilt = (_side(ended["comparison"][side]) for side in ("live", "rebuilt"))
    if not states:
        return [f"  no state differs: {live}"]
    return [f"  was {live}", f"  {'would be' if ended['check'] else 'is  '} {rebuilt}"]


def _side(told: dict[str, Any]) -> str:
    return f"{told['states']} states, SHA-256 {told['digest']}"


def _differs(state: dict[str, Any]) -> str:
    if state["live"] is None:
        return "was missing"
    if state["rebuilt"] is None:
        return "should not have been there"
    if state["parts"] == TALLY:
        return f"counted {state['live']} rows, and there were {state['rebuilt']}"
    return f"another {', '.join(state['parts'])}"
