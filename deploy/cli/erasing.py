"""`tanfidh erase`: a person's data, for good."""

from typing import Annotated
from uuid import uuid4

import typer

from deploy.cli.options import DEFAULT_DATA, IN_PART, Data, Json, out, say
from deploy.client import RequestRefused, client_for, path_of, read
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from deploy.looping import run
from shared.contracts.registry import ErasureReason
from shared.web.pseudonyms import PSEUDONYM, is_pseudonym


def erase(
    staff: Annotated[str, typer.Argument(help="Id of the staff member: p-3f09….")],
    reason: Annotated[ErasureReason, typer.Option(help="Why.")],
    basis: Annotated[str, typer.Option(help="Number of the decision or letter that demands it.")],
    subject: Annotated[str, typer.Option(help="Pseudonym of who erases; it is published.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do it without asking.")] = False,
    json: Json = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Erase a staff member's personal data for good: the key is destroyed. The log stays whole.

    Nobody can take it back. Refused while the person is posted to a mission. Exits with 3 where the
    erasure is recorded and the key could not be destroyed yet.
    """
    if not is_pseudonym(subject):
        raise typer.BadParameter(f"{subject!r} is no pseudonym: {PSEUDONYM}.")
    url, token = Running.read(data).url, local_token(Secrets(data), "admin", subject)
    if not yes:
        say(describe(run(_look(url, token, staff))))
        typed = typer.prompt("This cannot be undone. Type the id once more to erase", default="")
        if typed != staff:
            say("Nothing was erased.")
            raise typer.Exit(1)
    told = run(_erase(url, token, staff, reason, basis))
    if json:
        out.print_json(data=told)
    else:
        for line in conclude(told):
            say(line)
    if told["key"] != "destroyed":
        raise typer.Exit(IN_PART)


def conclude(told: dict[str, str]) -> list[str]:
    """Tell what became of it: of the record, and of the key."""
    staff = told["staff"]
    if told["key"] == "destroyed":
        lines = [f"{staff}: personal data erased; its key is destroyed."]
    else:
        lines = [
            f"{staff}: the erasure is recorded and nobody reads the data, but ITS KEY IS NOT DESTROYED "
            "YET: the place of keys does not answer.",
            "The registry tries again by itself; erasures_pending in its overview and the metric "
            "tanfidh_person_erasures_pending say when it is done.",
        ]
    return [
        *lines,
        "Backups of keys made before this still hold the key: destroy them (tanfidh keys backup anew).",
    ]


def describe(found: dict[str, str | None]) -> str:
    """Tell in one line whom it is about, as the lists show them: without personal data."""
    where = f"posted to {found['mission']}" if found.get("mission") else "posted nowhere"
    data = found.get("personal_data")
    return f"{found['id']}: {found['category']}, {found['state']}, {where}; personal data: {data}."


async def _look(url: str, token: str, staff: str) -> dict[str, str | None]:
    async with client_for(url) as client:
        found: dict[str, str | None] = await read(client, path_of("registry", "staff", staff), token)
        return found


async def _erase(url: str, token: str, staff: str, reason: ErasureReason, basis: str) -> dict[str, str]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(uuid4())}
    async with client_for(url) as client:
        response = await client.post(
            path_of("registry", "staff", staff, "erase"),
            json={"reason": reason.value, "basis": basis},
            headers=headers,
        )
        if not response.is_success:
            raise RequestRefused(response)
        told: dict[str, str] = response.json()
        return told
