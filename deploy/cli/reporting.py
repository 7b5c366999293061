"""`tanfidh report`: what became of a decree, as of a moment, with figures that can be followed and proved."""

import re
from pathlib import Path
from typing import Annotated, Any
from uuid import uuid4

import orjson
import typer
from rich.table import Table

from deploy.cli.options import DEFAULT_DATA, Data, Json, out, say
from deploy.client import RequestRefused, client_for
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def report(
    decree: Annotated[str, typer.Argument(help="The decree: 298-2025.")],
    article: Annotated[str, typer.Option(help="The article that demands the report.")] = "3",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="What was recorded by then: a moment, or a date to its end.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Compare with this earlier moment: a periodic report of no article.")
    ] = None,
    effective_at: Annotated[
        str | None, typer.Option("--effective-at", help="Tell the decree's state in law at this moment.")
    ] = None,
    lang: Annotated[str, typer.Option(help="The language of the page: ar or en.")] = "ar",
    html: Annotated[Path | None, typer.Option(help="Write the page into this file.")] = None,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make the report of a decree as of a moment: a page in Arabic or English, or JSON, with its digest."""
    if lang not in ("ar", "en"):
        raise typer.BadParameter("--lang is ar or en.")
    if html is not None and json:
        raise typer.BadParameter("--html and --json exclude each other.")
    wanted: dict[str, Any] = {"report": f"{decree}-{uuid4().hex[:12]}", "decree": decree}
    wanted |= (
        {"kind": "periodic", "since": _moment(since)} if since else {"kind": "article", "article": article}
    )
    wanted |= {"as_of": _moment(as_of), "effective_at": _moment(effective_at)}
    made, digest = run(_make(Running.read(data), data, wanted, None if html is None else lang))
    if html is not None:
        html.write_bytes(made)
        say(f"{wanted['report']}: {html}, SHA-256 of its JSON {digest}")
    elif json:
        out.file.write(made.decode() + "\n")  # as it is: these bytes are what the digest is of
    else:
        _show(orjson.loads(made), digest, lang)


def _moment(given: str | None) -> str | None:
    """A date counts to its end in UTC, as everywhere."""
    if given is None or not _DATE.fullmatch(given):
        return given
    return f"{given}T23:59:59.999999Z"


async def _make(running: Running, data: Path, wanted: dict[str, Any], page: str | None) -> tuple[bytes, str]:
    token = local_token(Secrets(data), "auditor", "tanfidh-report")
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/tasks/reports/{wanted['report']}"
    async with client_for(running.url) as client:
        key = {"Idempotency-Key": wanted["report"]}
        body = {name: value for name, value in wanted.items() if value is not None}
        made = await client.post("/tasks/reports", json=body, headers=headers | key)
        if not made.is_success:
            raise RequestRefused(made)
        given = await client.get(
            f"{path}.json" if page is None else f"{path}.html?lang={page}", headers=headers
        )
        if not given.is_success:
            raise RequestRefused(given)
        return given.content, given.headers["Tanfidh-Report-SHA256"]


def _show(report: dict[str, Any], digest: str, lang: str) -> None:
    say(_in(report["title"], lang))
    for service, place in report["as_of"].items():
        say(f"{service}: position {place['position']}, {place['recorded_at']}")
    for section in report["sections"]:
        figures = [figure for figure in section["figures"] if figure["value"] or figure.get("before")]
        if not figures:
            continue
        table = Table("", "", title=_in(section["title"], lang), title_justify="left", show_header=False)
        for figure in figures:
            before = f" ({figure['before']})" if "before" in figure else ""
            table.add_row(_in(figure["label"], lang), f"{figure['value']}{before}")
        out.print(table)
    say(f"{report['report']}, SHA-256 {digest}")


def _in(text: dict[str, Any], lang: str) -> str:
    return str(text[lang] or text["en" if lang == "ar" else "ar"])
