"""`tanfidh status`: the decrees at a glance, and the engines."""

from pathlib import Path
from typing import Any

import orjson
from rich.table import Table

from deploy.catalogue import SERVICES
from deploy.cli.options import DEFAULT_DATA, Data, Json, out
from deploy.client import client_for, path_of, read
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run


def status(data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Show measures, missions, tasks and deadlines of every decree, and where the engines are."""
    running = Running.read(data)
    found = run(_ask(running, data))
    if json:
        for counts in found["decrees"].values():
            # Scripts read these where they are listed: departments, deadlines and holds.
            counts.pop("deadlines", None)
            counts.pop("departments", None)
            counts.pop("holds", None)
        print(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode())
    else:
        _show(found)


async def _ask(running: Running, data: Path) -> dict[str, Any]:
    found: dict[str, Any] = {
        "decrees": {},
        "engines": {"database": running.database, "nats": running.nats},
        "services": {},
    }
    token = local_token(Secrets(data), "auditor", "tanfidh-status")
    async with client_for(running.url) as client:
        for service in SERVICES:
            overview = await read(client, f"/{service}/overview", token)
            found["services"][service] = {name: overview[name] for name in ("position", "published")}
            for decree, counts in overview["decrees"].items():
                found["decrees"].setdefault(decree, {}).update(counts)
        for decree, counts in found["decrees"].items():
            told = await read(client, path_of("registry", "decrees", decree), token)
            counts["holds"] = {_hold(hold): 1 for hold in told["holds"]}
    return found


def _hold(hold: dict[str, Any]) -> str:
    """Name an open hold, its holder and what it covers."""
    covered = f"article {hold['article']}" if hold["article"] else hold["measure"] or "the whole decree"
    return f"{hold['hold']} of {hold['holder']}, {covered}"


def _show(found: dict[str, Any]) -> None:
    for decree, subjects in found["decrees"].items():
        table = Table("", "state", "number", title=f"Decree {decree}", title_justify="left")
        for subject, counts in sorted(subjects.items(), key=lambda named: named[0] != "holds"):
            for name, number in _flat(counts):
                table.add_row(subject, name, str(number))
            if counts:
                table.add_section()
        out.print(table)
    for service, position in found["services"].items():
        out.print(f"{service}: {position['position']} events, {position['published']} published")
    for engine, url in found["engines"].items():
        out.print(f"{engine}: {url.rpartition('@')[2]}")


def _flat(counts: dict[str, Any], above: str = "") -> list[tuple[str, int]]:
    rows: list[tuple[str, int]] = []
    for name, value in counts.items():
        label = f"{above}, {name}" if above else name
        rows += _flat(value, label) if isinstance(value, dict) else [(label, value)]
    return rows
