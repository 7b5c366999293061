"""`tanfidh token`: who one is, in local mode."""

import re
from datetime import timedelta
from typing import Annotated

import typer

from deploy.cli.options import DEFAULT_DATA, Data
from deploy.local.errors import FolderUnknown
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from shared.web.claims import BEARERS
from shared.web.pseudonyms import DEPARTMENT, PSEUDONYM, is_department, is_pseudonym

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def _duration(text: str) -> timedelta:
    match = re.fullmatch(r"([1-9]\d{0,5})([smhd])", text)
    if not match:
        raise typer.BadParameter(f"{text!r} is no duration; write 30m, 8h or 7d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _check_pseudonym(text: str | None) -> None:
    if text is not None and not is_pseudonym(text):
        raise typer.BadParameter(
            f"{text!r} is no pseudonym: {PSEUDONYM}. It is published with every event, so it must be no "
            "name and no address."
        )


def token(
    role: Annotated[str, typer.Option(help=f"One of: {', '.join(sorted(BEARERS))}.")],
    subject: Annotated[
        str | None, typer.Option(help="Pseudonym of who acts; the role's name by default.")
    ] = None,
    department: Annotated[str | None, typer.Option(help="Key of the department of its role.")] = None,
    mission: Annotated[
        str | None, typer.Option(help="Id of the mission that a head of mission heads.")
    ] = None,
    on_behalf_of: Annotated[
        str | None, typer.Option(help="Pseudonym of the head for whom the subject acts; needs --department.")
    ] = None,
    ttl: Annotated[
        timedelta, typer.Option(parser=_duration, metavar="8h", help="How long it is good.")
    ] = "8h",  # type: ignore[assignment]  # typer hands the default to the parser
    data: Data = DEFAULT_DATA,
) -> None:
    """Print a bearer token for the services that run on the data folder."""
    if role not in BEARERS:
        raise typer.BadParameter(f"{role!r} is no role; there are {', '.join(sorted(BEARERS))}.")
    if role == "department" and department is None:
        raise typer.BadParameter("the role department needs --department.")
    if department is not None and not is_department(department):
        raise typer.BadParameter(f"{department!r} is no department's key: {DEPARTMENT}.")
    if mission is not None and not is_department(mission):
        raise typer.BadParameter(f"{mission!r} is no mission's id: {DEPARTMENT}.")
    if on_behalf_of is not None and department is None:
        raise typer.BadParameter("--on-behalf-of needs --department, whose head that is.")
    for given in (subject, on_behalf_of):
        _check_pseudonym(given)
    if not (data / "FORMAT").exists():
        raise FolderUnknown(
            f"There is no data of Tanfidh in {data}. "
            "Start it once (make run), or name its folder with --data."
        )
    who = role if subject is None else subject
    print(local_token(Secrets(data), role, who, department, ttl, mission=mission, on_behalf_of=on_behalf_of))
