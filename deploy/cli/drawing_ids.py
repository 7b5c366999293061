"""`tanfidh draw-ids`: random ids for a list of staff that has none."""

from pathlib import Path
from secrets import token_hex
from typing import Annotated

import typer

from deploy.cli.options import say
from shared.dossier.lists.drawing import with_ids
from shared.dossier.trying import MEDIA_TYPES

ID_BYTES = 8


def draw_ids(
    file: Annotated[Path, typer.Argument(help="A list of staff (.csv, .xlsx).")],
    out: Annotated[Path, typer.Option(help="Where the list with ids is written; never over another file.")],
) -> None:
    """Draw a random id for each person of a list that has none, and write a new list."""
    for given in (file, out):
        if given.suffix.lower() not in MEDIA_TYPES:
            raise typer.BadParameter(f"{given} must end with one of {', '.join(MEDIA_TYPES)}")
    media_type, written_as = MEDIA_TYPES[file.suffix.lower()], MEDIA_TYPES[out.suffix.lower()]
    content, drawn = with_ids(
        file.read_bytes(), media_type, file.name, written_as, lambda: f"p-{token_hex(ID_BYTES)}"
    )
    with out.open("xb") as written:
        written.write(content)
    say(f"{out}: {drawn} ids drawn. Import this list, and keep it: the ids are known nowhere else.")
