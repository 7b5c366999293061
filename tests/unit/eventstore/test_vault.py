"""The folder of keys: one key for all replicas, erased for good, backed up and put back."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from shared.contracts.sealed import Token
from shared.eventstore.sealing import backup
from shared.eventstore.sealing.backup import BackupUnusable, Restored, back_up, put_back, read_backup
from shared.eventstore.sealing.cipher import PersonKey
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import KeyErased, KeyMissing, Vault
from shared.eventstore.sealing.wrapping import VaultUnusable

STREAM, OTHER = "staff.p-0123456789", "staff.p-01234567890"
MASTER, PASSPHRASE = b"m" * 32, "a long enough passphrase"


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "_WORK", 4)


def erasure(owner: str = STREAM) -> Erasure:
    at = datetime(2025, 5, 5, tzinfo=UTC)
    return Erasure(owner=owner, event="e-1", recorded_at=at, reason="requested", basis="HR/14")


def vault(folder: Path, master: bytes = MASTER) -> Vault:
    return Vault.open(folder / "keys-of-persons", master)


def restored(kept: Vault, file: Path, passphrase: str = PASSPHRASE) -> Restored:
    return put_back(kept, read_backup(file, passphrase))


def token(kept: Vault, owner: str = STREAM) -> Token:
    return Token.read(kept.sealing_key(owner).seal(owner, 2, "name_latin", "Salem"))


def test_replicas_that_begin_at_once_have_one_key(tmp_path: Path) -> None:
    vaults = [vault(tmp_path) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda kept: kept.sealing_key(STREAM), vaults))
    assert len({(key.id, key.secret) for key in keys}) == 1
    assert len(vaults[0].every_key()) == 1


def test_no_secret_lies_open_and_nobody_else_may_read(tmp_path: Path) -> None:
    secret = vault(tmp_path).sealing_key(STREAM).secret
    for path in (tmp_path / "keys-of-persons").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
        assert path.is_dir() or secret not in path.read_bytes()
    assert secret.hex() not in repr(vault(tmp_path).sealing_key(STREAM))


def test_the_erased_have_no_key_and_get_none(tmp_path: Path) -> None:
    kept, other = vault(tmp_path), vault(tmp_path)
    sealed, untouched = token(kept), token(kept, OTHER)
    assert kept.erase(erasure()) == 1
    assert kept.erase(erasure()) == 0
    for each in (kept, other, vault(tmp_path)):
        with pytest.raises(KeyErased):
            each.key_of(sealed)
        with pytest.raises(KeyErased):
            each.sealing_key(STREAM)
        assert each.key_of(untouched).open(untouched, OTHER, 2) == "Salem"
        assert each.erasures() == [erasure()]
    assert [key.owner for key in kept.every_key()] == [OTHER]


def test_a_missing_key_is_not_an_erased_one(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    sealed = token(kept)
    for file in (tmp_path / "keys-of-persons" / "keys").iterdir():
        file.unlink()
    with pytest.raises(KeyMissing, match="no erasure"):
        kept.key_of(sealed)


def test_a_key_that_a_copy_of_the_folder_brought_back_is_destroyed_again(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    sealed = token(kept)
    shutil.copytree(tmp_path / "keys-of-persons" / "keys", tmp_path / "copy")
    kept.erase(erasure())
    shutil.copytree(tmp_path / "copy", tmp_path / "keys-of-persons" / "keys", dirs_exist_ok=True)
    with pytest.raises(KeyErased):
        kept.key_of(sealed)
    assert kept.destroy_again() == 1
    assert kept.every_key() == []


@pytest.mark.parametrize("damage", ["other master", "other owner", "changed"])
def test_what_is_not_as_it_was_made_is_refused(tmp_path: Path, damage: str) -> None:
    kept = vault(tmp_path)
    sealed = token(kept)
    file = tmp_path / "keys-of-persons" / "keys" / f"{STREAM}.1"
    if damage == "other master":
        with pytest.raises(VaultUnusable, match="another master key"):
            vault(tmp_path, b"n" * 32)
        return
    if damage == "other owner":
        kept.sealing_key(OTHER)
        file.write_bytes((file.parent / f"{OTHER}.1").read_bytes())
    else:
        file.write_bytes(file.read_bytes().replace(b'"wrapped":"', b'"wrapped":"AA'))
    with pytest.raises(VaultUnusable):
        kept.key_of(sealed)


def test_a_backup_is_put_back_under_another_master_key(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    sealed, secret = token(kept), kept.sealing_key(STREAM).secret
    assert back_up(kept, tmp_path / "backup", PASSPHRASE) == (1, 0)
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o600
    assert secret not in (tmp_path / "backup").read_bytes()
    (tmp_path / "new").mkdir()
    new = vault(tmp_path / "new", b"n" * 32)
    assert restored(new, tmp_path / "backup") == Restored(1, 0, 0, 0)
    assert restored(new, tmp_path / "backup") == Restored(0, 1, 0, 0)
    assert new.key_of(sealed).open(sealed, STREAM, 2) == "Salem"


def test_an_old_backup_brings_no_erased_key_back_and_a_new_one_brings_the_erasure(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    sealed = token(kept)
    back_up(kept, tmp_path / "old", PASSPHRASE)
    kept.erase(erasure())
    assert restored(kept, tmp_path / "old") == Restored(0, 0, 1, 0)
    back_up(kept, tmp_path / "new", PASSPHRASE)
    (tmp_path / "empty").mkdir()
    empty = vault(tmp_path / "empty")
    assert restored(empty, tmp_path / "old") == Restored(1, 0, 0, 0)
    assert restored(empty, tmp_path / "new") == Restored(0, 0, 0, 1)
    with pytest.raises(KeyErased):
        empty.key_of(sealed)
    assert empty.every_key() == []


def test_a_lost_key_that_is_found_again_stands_beside_the_one_made_meanwhile(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    first = token(kept)
    back_up(kept, tmp_path / "old", PASSPHRASE)
    (tmp_path / "keys-of-persons" / "keys" / f"{STREAM}.1").unlink()
    second = token(kept)
    assert restored(kept, tmp_path / "old").added == 1
    for sealed in (first, second):
        assert kept.key_of(sealed).open(sealed, STREAM, 2) == "Salem"
    assert kept.erase(erasure()) == 2


def test_what_is_no_backup_changes_nothing(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    kept.sealing_key(STREAM)
    with pytest.raises(BackupUnusable, match="16 characters"):
        back_up(kept, tmp_path / "backup", "short")
    back_up(kept, tmp_path / "backup", PASSPHRASE)
    with pytest.raises(BackupUnusable, match="never overwritten"):
        back_up(kept, tmp_path / "backup", PASSPHRASE)
    with pytest.raises(BackupUnusable, match="/nowhere/backup cannot be written: No such file") as told:
        back_up(kept, tmp_path / "nowhere" / "backup", PASSPHRASE)
    assert ".backup." not in str(told.value)
    with pytest.raises(BackupUnusable, match="another passphrase"):
        restored(kept, tmp_path / "backup", PASSPHRASE + "!")
    changed = (tmp_path / "backup").read_bytes().replace(b'"salt":"', b'"salt":"00')
    (tmp_path / "changed").write_bytes(changed)
    (tmp_path / "other").write_bytes(b"[]")
    for name in ("changed", "other"):
        with pytest.raises(BackupUnusable):
            restored(kept, tmp_path / name)
    assert len(kept.every_key()) == 1


def test_an_owner_is_matched_whole(tmp_path: Path) -> None:
    kept = vault(tmp_path)
    keys: list[PersonKey] = [kept.sealing_key(STREAM), kept.sealing_key(OTHER)]
    kept.erase(erasure())
    assert [key.id for key in kept.every_key()] == [keys[1].id]
