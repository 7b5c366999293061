"""Files that can be imported: each says what it is, and that says where it goes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson
import yaml

LARGEST = 2 * 1024 * 1024
"""Bytes of one file."""

DESTINATIONS = {
    "calendar": "/tasks/calendars/{id}",
    "procedure": "/tasks/templates/{id}",
    "decree": "/registry/dossiers",
}
"""Kinds in the order in which they are sent: a decree needs the calendar and the procedure that it names."""


class NotImportable(Exception):
    """The file is no dossier; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One file, ready to be sent."""

    file: Path
    kind: str
    path: str
    body: bytes

    @property
    def key(self) -> str:
        """The idempotency key: the same content is imported once, however often it is sent."""
        return str(uuid5(NAMESPACE_URL, f"https://tanfidh.org/import{self.path}#{self.body.hex()}"))


def read_dossier(path: Path) -> list[Piece]:
    """Read a file, or all YAML files of a folder in the order in which they must be sent.

    Raises NotImportable: a file is missing, too large, broken or of an unknown kind.
    """
    if not path.exists():
        raise NotImportable(f"{path} does not exist.")
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    if not files:
        raise NotImportable(f"There is no .yaml file in {path}.")
    order = list(DESTINATIONS)
    return sorted(map(_read, files), key=lambda piece: order.index(piece.kind))


def _read(file: Path) -> Piece:
    content = _parsed(file)
    kind, name = content.pop("kind", None), content.get("id", "")
    if kind not in DESTINATIONS:
        raise NotImportable(f"{file}: kind is {kind!r}; it must be one of {', '.join(DESTINATIONS)}.")
    path = DESTINATIONS[kind]
    if "{id}" in path:
        if not isinstance(name, str) or not name:
            raise NotImportable(f"{file}: a {kind} needs an id.")
        path = path.format(id=content.pop("id"))
    try:
        return Piece(file, kind, path, orjson.dumps(content, option=orjson.OPT_SORT_KEYS))
    except TypeError as error:
        raise NotImportable(f"{file}: {error}.") from error


def _parsed(file: Path) -> dict[str, Any]:
    try:
        if file.stat().st_size > LARGEST:
            raise NotImportable(f"{file} is larger than {LARGEST // 1024 // 1024} MB.")
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise NotImportable(f"{file} cannot be read: {error}") from error
    if not isinstance(content, dict):
        raise NotImportable(f"{file} holds no mapping; the first line should be kind: decree.")
    return content
