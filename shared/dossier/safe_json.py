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
        raise UnreadableYaml(en=f"it cannot be opened: {error.strerror}", ar="تعذّر فتحه") from error
    if len(raw) > MAX_BYTES:
        size = MAX_BYTES // 1_000_000
        raise UnreadableYaml(en=f"it is larger than {size} MB", ar=f"حجمه يتجاوز {size} ميغابايت")
    try:
        content = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        told = f"ليس JSON صحيحًا: السطر {error.lineno} عند المحرف {error.colno}"
        raise UnreadableYaml(en=str(error), ar=told) from error
    twice = duplicate_in(raw.decode())
    if twice is not None:
        name = repr(twice[-1])
        raise UnreadableYaml(
            en=f"the name {name} stands twice in one object", ar=f"الاسم {name} مكرر في كائن واحد"
        )
    return content
