"""`tanfidh export`: what is stored, in the forms in which it is imported."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer
import yaml

from deploy.cli.options import DEFAULT_DATA, Data, say
from deploy.client import RequestRefused, client_for, read
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run

Out = Annotated[Path | None, typer.Option(help="File to write; its ending tells the format.")]
AsOf = Annotated[str | None, typer.Option(help="Moment, date or position of the log.")]


def dossier(
    decree: Annotated[str, typer.Argument(help="Number and year: 298-2025.")],
    out: Out = None,
    as_of: AsOf = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Export a decree as one file with its procedure and calendars, in YAML or JSON."""
    content = run(_dossier(decree, as_of, *_running(data)))
    as_json = out is not None and _ending(out, (".json", ".yaml", ".yml")) == ".json"
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110).encode()
    _write(out, orjson.dumps(content, option=orjson.OPT_INDENT_2) if as_json else text)


def missions(out: Out = None, as_of: AsOf = None, data: Data = DEFAULT_DATA) -> None:
    """Export all missions as a list, in CSV or XLSX."""
    _list("missions", out, _asked(as_of=as_of), data)


def staff(
    out: Out = None,
    as_of: AsOf = None,
    personal: Annotated[
        bool, typer.Option("--personal", help="With who they are; each reading is logged.")
    ] = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Export everybody who is posted as a list, in CSV or XLSX.

    Personal data is left out unless it is asked for.
    """
    _list("staff", out, _asked(as_of=as_of, personal="true" if personal else None), data)


def _running(data: Path) -> tuple[str, str]:
    return Running.read(data).url, local_token(Secrets(data), "admin", "tanfidh-export")


def _asked(**given: str | None) -> dict[str, str]:
    return {name: value for name, value in given.items() if value is not None}


def _list(name: str, out: Path | None, asked: dict[str, str], data: Path) -> None:
    ending = ".csv" if out is None else _ending(out, (".csv", ".xlsx"))
    path = str(httpx.URL(f"/registry/exports/{name}{ending}", params=asked))
    _write(out, run(_download(path, *_running(data))))


def _ending(out: Path, known: tuple[str, ...]) -> str:
    ending = out.suffix.lower()
    if ending not in known:
        raise typer.BadParameter(f"{out} must end with one of {', '.join(known)}", param_hint="--out")
    return ending


def _write(out: Path | None, content: bytes) -> None:
    if out is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    else:
        out.write_bytes(content)
        say(f"{out}: {len(content)} bytes.")


async def _download(path: str, url: str, token: str) -> bytes:
    async with client_for(url) as client:
        response = await client.get(path, headers={"Authorization": f"Bearer {token}"})
        if not response.is_success:
            raise RequestRefused(response)
        return response.content


async def _dossier(decree: str, as_of: str | None, url: str, token: str) -> dict[str, Any]:
    """Put the procedure and its calendar, which are the service `tasks`'s, into the registry's dossier."""
    asked = _asked(as_of=as_of)
    async with client_for(url) as client:
        content: dict[str, Any] = await read(
            client, str(httpx.URL(f"/registry/exports/dossier/{decree}", params=asked)), token
        )
        kinds: dict[str, str] = content.get("procedures", {})
        keys = [key for key in (content.get("procedure"), *kinds.values()) if key is not None]
        procedures = {key: await _declared(client, f"/tasks/templates/{key}", token) for key in keys}
        if "procedure" in content:
            content["procedure"] = procedures[content["procedure"]]
        if kinds:
            content["procedures"] = {kind: procedures[key] for kind, key in kinds.items()}
        if keys:
            # A dossier has one calendar; others that its procedures name must be declared already.
            name = procedures[keys[0]]["calendar"]
            content["calendar"] = await _declared(client, f"/tasks/calendars/{name}", token)
            if any(_asks_hosts(procedure) for procedure in procedures.values()):
                hosts = {mission["host"] for mission in content.get("missions", {}).get("missions", ())}
                content["host_calendars"] = await _of_hosts(client, sorted(hosts), name, token)
    return content


def _asks_hosts(procedure: dict[str, Any]) -> bool:
    return any(task["counts_by"] != "ministry" for task in procedure["tasks"])


async def _of_hosts(
    client: httpx.AsyncClient, hosts: Sequence[str], ministry: str, token: str
) -> list[dict[str, Any]]:
    """Read the calendars of countries by which tasks may count, those that are declared."""
    found = []
    for country in hosts:
        listed = await read(client, f"/tasks/calendars?country={country}", token)
        names = [row["name"] for row in listed["items"] if row["name"] != ministry]
        found += [await _declared(client, f"/tasks/calendars/{name}", token) for name in names]
    return found


async def _declared(client: httpx.AsyncClient, path: str, token: str) -> dict[str, Any]:
    """Read the newest version of what is declared; its number and moment are given anew by an import."""
    found: dict[str, Any] = await read(client, path, token)
    return {name: value for name, value in found.items() if name not in ("version", "adopted_at")}
