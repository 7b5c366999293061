"""`tanfidh import`: a decree's dossier, into the services that run."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import DEFAULT_DATA, Data, Json, out, say
from deploy.client import client_for
from deploy.hosting import run
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token
from shared.dossier import ImportSummary, import_dossier


def import_(
    file: Annotated[Path, typer.Argument(help="A dossier.yaml, or the folder with it.")],
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Import a decree with its departments, missions, procedure and calendar. Again changes nothing."""
    url = Running.read(data).url
    summary = run(send(file, url, local_token(Secrets(data), "admin", "tanfidh-import")))
    if json:
        out.print_json(data=vars(summary))
    else:
        say(describe(summary))


async def send(file: Path, url: str, token: str) -> ImportSummary:
    """Send a dossier to the services at `url`."""
    async with client_for(url) as client:
        return await import_dossier(file, client, token)


def describe(summary: ImportSummary) -> str:
    """Tell what became of an import in one line."""
    created = ", ".join(_counted(number, name) for name, number in summary.created.items() if number)
    measures = ", ".join(f"{number} {state}" for state, number in summary.measures.items() if number)
    kept = ", ".join(summary.kept)
    told = f"{summary.decree}: new are {created or 'none'}; measures: {measures}"
    if summary.not_ordered:
        why = ", ".join(f"{measure} ({reason})" for measure, reason in summary.not_ordered.items())
        told = f"{told}; not ordered: {why}"
    return f"{told}; kept as they were, for a version has this label already: {kept}" if kept else told


def _counted(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 or name == "staff" else f"{number} {name}s"
