"""`tanfidh inbox`: what the services could not take in of one another's events, and what is done about it."""

from pathlib import Path
from re import fullmatch
from typing import Annotated, Any
from uuid import uuid4

import httpx
import orjson
import typer

from deploy.catalogue import SERVICES
from deploy.cli.options import DEFAULT_DATA, Data, Json, out, say
from deploy.client import client_for, path_of, read, read_list, send
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run
from shared.contracts.identity import STREAM_PATTERN
from shared.web.pseudonyms import PSEUDONYM, is_pseudonym

ROLE = "follow-up-office"

_Service = Annotated[str, typer.Argument(help="The service that takes in: tasks.")]
_Source = Annotated[str, typer.Argument(help="The service whose events they are: registry.")]
_Position = Annotated[int, typer.Argument(min=1, help="The event's position in the log of the source.")]
_English = Annotated[str | None, typer.Option("--reason", help="Why, in English; for the record.")]
_Subject = Annotated[str, typer.Option(help="Pseudonym of who decides; it is published.")]
_Arabic = Annotated[str | None, typer.Option("--reason-ar", help="Why, in Arabic; for the record.")]


def list_(json: Json = False, data: Data = DEFAULT_DATA) -> None:
    """Show how far each service has taken in the events of the others, and how many are parked."""
    asked = run(_ask_all(Running.read(data), data))
    if json:
        _print(asked)
        return
    for inbox in asked:
        parked = f"[bold red]{inbox['parked']} parked[/]" if inbox["parked"] else "nothing parked"
        waits = f", {inbox['given_up']} of them wait for a person" if inbox["given_up"] else ""
        told = f"{inbox['service']} from {inbox['source']}: at {inbox['position']}, {parked}{waits}"
        out.print(told, soft_wrap=True)
        if inbox["alarm"]:
            say(f"  {inbox['alarm']}")


def parked(
    service: _Service,
    source: _Source,
    stream: Annotated[str | None, typer.Option(help="Only of this aggregate: decree.298-2025.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Events, at most.")] = 50,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show the parked events of a source, in order, and why each waits."""
    if stream is not None and not fullmatch(STREAM_PATTERN, stream):
        raise typer.BadParameter(f"{stream!r} names no aggregate; one is decree.298-2025.")
    query = f"?{httpx.QueryParams({'stream': stream})}" if stream is not None else ""
    rows = run(_list(Running.read(data), data, f"{_path(service, source)}{query}", limit))
    if json:
        _print(rows)
        return
    say(f"Parked events of {source} in {service}: {len(rows)}")
    for row in rows:
        told = f"#{row['position']}  [bold]{row['type']}[/]  [cyan]{row['stream']}[/]  {_waits(row)}"
        out.print(told, soft_wrap=True)
        if row["reason"] is not None:
            say(f"    {row['reason']['en'] or row['reason']['ar']} ({row['code']})")


def show(
    service: _Service, source: _Source, position: _Position, json: Json = False, data: Data = DEFAULT_DATA
) -> None:
    """Show one parked event with its payload, and what its reaction failed on."""
    told = run(_read(Running.read(data), data, f"{_path(service, source)}/{position}"))
    if json:
        _print(told)
        return
    say(f"#{told['position']}  {told['type']}  {told['stream']}  {_waits(told)}")
    if told["failure"] is not None:
        say(told["failure"]["detail"])
    say(orjson.dumps(told["data"], option=orjson.OPT_INDENT_2).decode())


def retry(
    service: _Service,
    source: _Source,
    position: _Position,
    reason: _English = None,
    reason_ar: _Arabic = None,
    subject: _Subject = ROLE,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Try the first parked event of a stream again at once; if it succeeds, those behind follow."""
    text = _text(reason, reason_ar)
    body = {"reason": text} if text else {}
    told = run(_send(Running.read(data), data, f"{_path(service, source)}/{position}/retry", body, subject))
    if json:
        _print(told)
        return
    say(f"{service} tries #{position} of {source} again; see `tanfidh inbox parked {service} {source}`.")


def skip(
    service: _Service,
    source: _Source,
    position: _Position,
    reason: _English = None,
    reason_ar: _Arabic = None,
    subject: _Subject = ROLE,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Let the first parked event of a stream go for good, without effects; those behind follow."""
    text = _text(reason, reason_ar)
    if not text:
        raise typer.BadParameter("Say why: --reason, --reason-ar or both.")
    told = run(
        _send(
            Running.read(data), data, f"{_path(service, source)}/{position}/skip", {"reason": text}, subject
        )
    )
    if json:
        _print(told)
        return
    say(f"{service} has skipped #{position} of {source}.")


def _text(english: str | None, arabic: str | None) -> dict[str, str]:
    return {name: words for name, words in (("en", english), ("ar", arabic)) if words}


def _path(service: str, source: str) -> str:
    if service not in SERVICES:
        raise typer.BadParameter(f"There is no service {service}; there are {', '.join(SERVICES)}.")
    return path_of(service, "inboxes", source, "parked")


def _waits(row: dict[str, Any]) -> str:
    if row["changed"]:
        return "is not stored as it was parked, and is not taken in"
    if row["behind"] is not None:
        return f"behind #{row['behind']}"
    if row["given_up"]:
        return f"waits for a person after {_attempts(row['attempts'])}"
    return f"{_attempts(row['attempts'])}, next {row['next_attempt'] or 'now'}"


def _attempts(number: int) -> str:
    return "1 attempt" if number == 1 else f"{number} attempts"


def _print(told: Any) -> None:
    print(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())


def _token(data: Path, subject: str = ROLE) -> str:
    if not is_pseudonym(subject):
        raise typer.BadParameter(f"{subject!r} is no pseudonym: {PSEUDONYM}.")
    return local_token(Secrets(data), ROLE, subject)


async def _ask_all(running: Running, data: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    async with client_for(running.url) as client:
        for service in SERVICES:
            told = await read(client, f"/{service}/inboxes", _token(data))
            found += [{"service": service, **inbox} for inbox in told["items"]]
    return found


async def _list(running: Running, data: Path, path: str, limit: int) -> list[Any]:
    async with client_for(running.url) as client:
        return await read_list(client, path, _token(data), limit)


async def _read(running: Running, data: Path, path: str) -> Any:
    async with client_for(running.url) as client:
        return await read(client, path, _token(data))


async def _send(running: Running, data: Path, path: str, body: Any, subject: str) -> Any:
    async with client_for(running.url) as client:
        return await send(client, path, _token(data, subject), body, str(uuid4()))
