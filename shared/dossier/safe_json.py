"""JSON from strangers: bounded in size, and no name twice in one object."""

from pathlib import Path
from typing import Any

import orjson

from shared.dossier.safe_yaml import UnreadableYaml
from shared.web.duplicates import duplicate_in

MAX_BYTES = 4_000_000


def read_json(path: Path) -> Any:
    """Read one document.

    Raises:
        UnreadableYaml: missing, too large, no JSON, or with a name that stands twice.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableYaml(f"it cannot be opened: {error.strerror}") from error
    if len(raw) > MAX_BYTES:
        raise UnreadableYaml(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise UnreadableYaml(str(error)) from error
    twice = duplicate_in(raw.decode())
    if twice is not None:
        raise UnreadableYaml(f"the name {twice[-1]!r} stands twice in one object")
    return content
