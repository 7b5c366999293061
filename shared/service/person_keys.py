"""Where the keys of persons are, and the master key over them."""

import re
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.eventstore.sealing.vault import Vault
from shared.service.keys import KeyUnusable

_TEXT = re.compile(rb"\s*([!-~](?:[ -~]*[!-~])?)\s*")
"""Printable ASCII, as base64 and hex are. That 32 random bytes look like it has a chance of 2^-45."""


class PersonKeySettings(BaseSettings):
    """Both or none; see docs/how-to/erase-a-person.md for where they should lie."""

    model_config = SettingsConfigDict(env_prefix="TANFIDH_", frozen=True, hide_input_in_errors=True)

    person_keys: Path | None = None
    """Folder with the keys of persons and the list of erasures, shared by all replicas, in no base backup."""
    person_keys_master: Path | None = None
    """File with at least 32 random bytes, or their text (base64, hex); not in that folder."""


def open_vault(settings: PersonKeySettings) -> Vault | None:
    """Open the vault, where the settings name one. Raises KeyUnusable and VaultUnusable."""
    folder, file = settings.person_keys, settings.person_keys_master
    if folder is None:
        return None
    if file is None:
        raise KeyUnusable(folder, "TANFIDH_PERSON_KEYS_MASTER names no master key for it")
    try:
        master = read_master(file.read_bytes())
    except OSError as error:
        raise KeyUnusable(file, error.strerror or "it cannot be read") from error
    return Vault.open(folder, master)


def read_master(content: bytes) -> bytes:
    """Take the master key from its file: a text without the line's end, and all else byte by byte.

    Random bytes may well begin or end with what would be blank in a text.
    """
    text = _TEXT.fullmatch(content)
    return text.group(1) if text is not None else content
