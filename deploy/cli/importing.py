"""`tanfidh import`: a decree's dossier, into the services that run."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.cli.options import DEFAULT_DATA, Data, out
from deploy.client import Client
from deploy.dossier import Piece, read_dossier
from deploy.hosting import run
from deploy.local.running import Running
from deploy.local.secrets import Secrets
from deploy.local.token import local_token


def import_(
    file: Annotated[Path, typer.Argument(help="A YAML file, or a folder with several.")],
    data: Data = DEFAULT_DATA,
) -> None:
    """Import a dossier: decree, procedure or calendar. The same content is imported once."""
    pieces = read_dossier(file)
    run(_send(pieces, Running.read(data).url, local_token(Secrets(data), "admin", "tanfidh-import")))


async def _send(pieces: list[Piece], url: str, token: str) -> None:
    async with Client(url, token) as client:
        for piece in pieces:
            await client.send(piece)
            out.print(f"{piece.file}: {piece.kind} imported")
