"""Options that several commands have."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

Data = Annotated[Path, typer.Option(envvar="DATA", help="Data folder of local mode.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

DEFAULT_DATA = Path("var")

IN_PART = 3
"""Exit code: it is done as far as it can be, and something is left that was told."""

out = Console(highlight=False)
err = Console(highlight=False, stderr=True)


def say(message: str) -> None:
    """Print a line as it is, however long."""
    out.print(message, markup=False, soft_wrap=True)
