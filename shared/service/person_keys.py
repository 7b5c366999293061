"""Where the keys of persons are, and the master key over them."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.eventstore.sealing.vault import Vault
from shared.service.keys import KeyUnusable


class PersonKeySettings(BaseSettings):
    """Both or none; see docs/how-to/erase-a-person.md for where they should lie."""

    model_config = SettingsConfigDict(env_prefix="TANFIDH_", frozen=True, hide_input_in_errors=True)

    person_keys: Path | None = None
    """Folder with the keys of persons and the list of erasures, shared by all replicas, in no base backup."""
    person_keys_master: Path | None = None
    """File with at least 32 random bytes or characters, under which they are; not in that folder."""


def open_vault(settings: PersonKeySettings) -> Vault | None:
    """Open the vault, where the settings name one. Raises KeyUnusable and VaultUnusable."""
    folder, file = settings.person_keys, settings.person_keys_master
    if folder is None:
        return None
    if file is None:
        raise KeyUnusable(folder, "TANFIDH_PERSON_KEYS_MASTER names no master key for it")
    try:
        master = file.read_bytes().strip()
    except OSError as error:
        raise KeyUnusable(file, error.strerror or "it cannot be read") from error
    return Vault.open(folder, master)
