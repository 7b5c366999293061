"""The vault of an installation, as commands find it: in a data folder, or where the environment says."""

import os
from pathlib import Path

from deploy.local.secrets import Secrets
from shared.eventstore.sealing.vault import Vault
from shared.service.person_keys import PersonKeySettings, open_vault

_MASTER, _FOLDER = "person_keys_master", "person_keys"


def named_elsewhere() -> bool:
    """Whether the environment names a folder of keys."""
    return bool(PersonKeySettings(_secrets_dir=os.environ.get("TANFIDH_SECRETS")).person_keys)


def vault_of(data: Path | None) -> Vault | None:
    """Open the vault of a data folder, or that of the environment; None where that names none.

    Raises KeyUnusable and VaultUnusable.
    """
    if data is None:
        return open_vault(PersonKeySettings(_secrets_dir=os.environ.get("TANFIDH_SECRETS")))
    secrets = Secrets(data)
    return open_vault(
        PersonKeySettings(
            person_keys=secrets.folder_beside(_FOLDER), person_keys_master=secrets.random_key(_MASTER)
        )
    )
