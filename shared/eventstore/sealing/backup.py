"""The backup of a vault: one file under a passphrase, with the keys opened and the list of erasures.

Opened, so that it can be put back under another master key: that is how the master key is changed. The file
is JSON: how the passphrase becomes a key (scrypt, RFC 7914), and what AES-256-GCM made of the content. It
names the logs that the keys were used with, since another installation's list of erasures is not ours.
"""

from base64 import b64decode, b64encode
from collections.abc import Container
from dataclasses import dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shared.eventstore.sealing.cipher import NONCE_BYTES, PersonKey
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.files import make
from shared.eventstore.sealing.vault import KeyErased, Vault

FORMAT = "tanfidh person keys 1"
LEAST_PASSPHRASE = 16
"""Characters of a passphrase."""
_WORK, _MOST_WORK = 2**16, 2**20


class BackupUnusable(Exception):
    """The file is no backup of keys, was damaged, or the passphrase is another one."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    logs: frozenset[str]
    erasures: tuple[Erasure, ...]
    keys: tuple[PersonKey, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What became of a backup: keys put back, keys there already, keys of erased persons that stay destroyed,
    erasures that were not known here, erasures that were left out."""

    added: int
    known: int
    erased: int
    erasures: int
    left: int = 0


def back_up(vault: Vault, file: Path, passphrase: str) -> tuple[int, int]:
    """Write a new file, readable by us alone; return how many keys and erasures are in it.

    Raises:
        BackupUnusable: there is such a file, it cannot be written, or the passphrase is too short.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BackupUnusable(f"A passphrase has at least {LEAST_PASSPHRASE} characters.")
    # In this order somebody who is erased meanwhile is in the file with the key, or not at all.
    erasures, keys = vault.erasures(), vault.every_key()
    content = {
        "logs": sorted(vault.logs()),
        "erasures": [erasure.model_dump(mode="json", exclude_none=True) for erasure in erasures],
        "keys": [{"key": k.id, "owner": k.owner, "secret": b64encode(k.secret).decode()} for k in keys],
    }
    salt, nonce = token_bytes(16), token_bytes(NONCE_BYTES)
    head = {"format": FORMAT, "work": _WORK, "salt": salt.hex(), "nonce": nonce.hex()}
    bound = orjson.dumps(head)
    sealed = AESGCM(_key(passphrase, salt, _WORK)).encrypt(nonce, orjson.dumps(content), bound)
    try:
        made = make(file, orjson.dumps(head | {"content": b64encode(sealed).decode()}))
    except OSError as error:
        raise BackupUnusable(f"{file} cannot be written: {error.strerror or error}.") from error
    if not made:
        raise BackupUnusable(f"{file} exists already; a backup of keys is never overwritten.")
    return len(keys), len(erasures)


def read_backup(file: Path, passphrase: str) -> Backup:
    """Open a backup. Raises BackupUnusable."""
    content = _read(file, passphrase)
    return Backup(
        frozenset(content.get("logs", ())),
        tuple(Erasure.model_validate(told) for told in content["erasures"]),
        tuple(PersonKey(told["key"], told["owner"], b64decode(told["secret"])) for told in content["keys"]),
    )


def put_back(vault: Vault, backup: Backup, left: Container[str] = ()) -> Restored:
    """Add what a backup has and the vault has not. Erasures of both count, so that no key of them comes back.

    Erasures destroy keys: whoever calls has made sure that the backup is of this installation, and names
    in `left` the persons whose erasure is not taken over.
    """
    for log_id in backup.logs:
        vault.belongs_to(log_id)
    new = spared = 0
    for erasure in backup.erasures:
        if erasure.owner in left:
            spared += 1
        else:
            new += not vault.is_erased(erasure.owner)
            vault.erase(erasure)
    added = known = erased = 0
    for key in backup.keys:
        try:
            if vault.add(key):
                added += 1
            else:
                known += 1
        except KeyErased:
            erased += 1
    return Restored(added, known, erased, new, spared)


def _read(file: Path, passphrase: str) -> dict[str, Any]:
    try:
        told = orjson.loads(file.read_bytes())
        sealed = b64decode(told.pop("content"), validate=True)
        salt, nonce, work = bytes.fromhex(told["salt"]), bytes.fromhex(told["nonce"]), told["work"]
        if told["format"] != FORMAT or not (isinstance(work, int) and 2 <= work <= _MOST_WORK):
            raise BackupUnusable(f"{file} is no backup of keys of a format that is known.")
        content: dict[str, Any] = orjson.loads(
            AESGCM(_key(passphrase, salt, work)).decrypt(nonce, sealed, orjson.dumps(told))
        )
    except InvalidTag as error:
        raise BackupUnusable(f"{file} does not open: another passphrase, or it was damaged.") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupUnusable(f"{file} is no backup of keys.") from error
    return content


def _key(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(salt, 32, n=work, r=8, p=1).derive(passphrase.encode())
