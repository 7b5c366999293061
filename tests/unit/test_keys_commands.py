"""`tanfidh keys` on a data folder, and on the folder that the environment names."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.commands import application
from deploy.person_keys import vault_of
from shared.eventstore.sealing import backup
from shared.eventstore.sealing.wrapping import VaultUnusable

STREAM = "staff.p-0123456789"


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(backup, "_WORK", 4)
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "FORMAT").write_text("1\n")
    (tmp_path / "passphrase").write_text("a long enough passphrase\n")
    return folder


def tanfidh(*arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(application(arguments), list(arguments))
    assert done.exit_code == code, done.output
    return done.output


def test_backed_up_from_one_folder_and_put_back_into_another(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = vault_of(data)
    assert vault is not None
    key = vault.sealing_key(STREAM)
    file, said = str(tmp_path / "backup"), ("--passphrase-file", str(tmp_path / "passphrase"))
    assert "1 keys, 0 erasures" in tanfidh("keys", "backup", file, *said, "--data", str(data))
    (tmp_path / "master").write_text("n" * 32)
    monkeypatch.setenv("TANFIDH_PERSON_KEYS", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TANFIDH_PERSON_KEYS_MASTER", str(tmp_path / "master"))
    assert '"added": 1' in tanfidh("keys", "restore", file, *said, "--json")
    elsewhere = vault_of(None)
    assert elsewhere is not None
    assert [found.secret for found in elsewhere.every_key()] == [key.secret]


def test_a_folder_without_its_master_key_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANFIDH_PERSON_KEYS", str(tmp_path / "elsewhere"))
    with pytest.raises(Exception, match="TANFIDH_PERSON_KEYS_MASTER"):
        vault_of(None)
    (tmp_path / "short").write_text("n" * 31)
    monkeypatch.setenv("TANFIDH_PERSON_KEYS_MASTER", str(tmp_path / "short"))
    with pytest.raises(VaultUnusable, match="32"):
        vault_of(None)
