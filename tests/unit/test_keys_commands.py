"""`tanfidh keys` on a data folder, and on the folder that the environment names."""

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nats.errors import NoServersError
from typer.testing import CliRunner

from deploy.cli.commands import application
from deploy.person_keys import vault_of
from deploy.restoring import asking
from deploy.restoring.keys import BackupForeign, Known, Stored, judge
from shared.eventstore.sealing import backup
from shared.eventstore.sealing.backup import Backup, back_up
from shared.eventstore.sealing.erasure import Erasure
from shared.eventstore.sealing.vault import Vault
from shared.eventstore.sealing.wrapping import VaultUnusable
from shared.service.person_keys import read_master

STREAM, OTHERS = "staff.p-0123456789", "staff.p-9999999999"
Restore = Callable[..., str]


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
    vault.belongs_to("log-1")
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


def test_a_master_key_is_read_byte_by_byte_and_a_text_without_its_line_end() -> None:
    for blank in (b"\n", b" ", b"\t", b"\x0b"):
        binary = blank + bytes(range(200, 230)) + blank
        assert read_master(binary) == binary
    for text in (b"q83v" * 11, b"0f" * 32, b"a_-" * 12):
        assert [read_master(text + end) for end in (b"", b"\n", b"\r\n")] == [text] * 3


def test_a_folder_without_its_master_key_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANFIDH_PERSON_KEYS", str(tmp_path / "elsewhere"))
    with pytest.raises(Exception, match="TANFIDH_PERSON_KEYS_MASTER"):
        vault_of(None)
    (tmp_path / "short").write_text("n" * 31)
    monkeypatch.setenv("TANFIDH_PERSON_KEYS_MASTER", str(tmp_path / "short"))
    with pytest.raises(VaultUnusable, match="32"):
        vault_of(None)


@pytest.fixture
def kept(data: Path) -> Vault:
    vault = vault_of(data)
    assert vault is not None
    vault.belongs_to("log-1")
    return vault


@pytest.fixture
def restored(data: Path, tmp_path: Path) -> Restore:
    """Put back a backup of a vault that was used with `log` and erased `owners`."""

    def restore(log: str, owners: list[str], *arguments: str, code: int = 0, typed: str = "") -> str:
        other = Vault.open(tmp_path / f"of-{log}", b"o" * 32)
        other.belongs_to(log)
        for owner in owners:
            at = datetime(2025, 5, 5, tzinfo=UTC)
            other.erase(Erasure(owner=owner, event="e", recorded_at=at, reason="requested", basis="X/1"))
        back_up(other, tmp_path / "file", "a long enough passphrase")
        said = ("--passphrase-file", str(tmp_path / "passphrase"), "--data", str(data))
        given = ["keys", "restore", str(tmp_path / "file"), *said, *arguments]
        done = CliRunner().invoke(application(given), given, input=typed)
        (tmp_path / "file").unlink()
        if isinstance(done.exception, BackupForeign):
            return "foreign"
        assert done.exit_code == code, done.output
        return done.output

    return restore


def test_a_backup_of_another_installation_destroys_nothing(kept: Vault, restored: Restore) -> None:
    kept.sealing_key(STREAM)
    assert restored("log-2", [STREAM, OTHERS], "--yes") == "foreign"
    assert (len(kept.every_key()), kept.erasures(), kept.logs()) == (1, [], {"log-1"})
    assert "1 erasures were not known" in restored("log-2", [], "--yes", "--moved", code=3)
    assert kept.logs() == {"log-1", "log-2"}


def test_erasures_that_only_the_backup_knows_are_shown_and_confirmed(kept: Vault, restored: Restore) -> None:
    assert f"Erased by this backup alone: {OTHERS}" in restored("log-1", [OTHERS], code=1, typed="y\n")
    told = restored("log-1", [OTHERS], "--json", code=1)
    assert json.loads(told) == {
        "restored": False,
        "erased_by_the_registry": [],
        "erased_by_backup_alone": [OTHERS],
        "left_as_they_are": [],
    }
    assert kept.erasures() == []
    restored("log-1", [OTHERS], typed="1\n")
    assert [erasure.owner for erasure in kept.erasures()] == [OTHERS]
    restored("log-1", [OTHERS])


def test_without_a_database_nobody_loses_a_key_that_is_here(kept: Vault, restored: Restore) -> None:
    kept.sealing_key(STREAM)
    told = restored("log-1", [STREAM], "--yes", code=3)
    assert "Left as they are, in possession of a key here, and no database" in told
    assert "No database could be asked" in told and "No stream could be asked" in told
    assert len(kept.every_key()) == 1


def erasure_of(owner: str) -> Erasure:
    at = datetime(2025, 5, 5, tzinfo=UTC)
    return Erasure(owner=owner, event="e", recorded_at=at, reason="requested", basis="X/1")


def test_nobody_who_is_posted_is_erased(kept: Vault) -> None:
    third = "staff.p-1111111111"
    erasures = tuple(map(erasure_of, (STREAM, OTHERS, third)))
    stored = Stored(frozenset({"log-7"}), (erasure_of(third),), frozenset({STREAM}))
    plan = judge(kept, Backup(frozenset({"log-7"}), erasures, ()), Known(stored), moved=False)
    assert [erasure.owner for erasure in plan.left] == [STREAM]
    assert [erasure.owner for erasure in plan.unproven] == [OTHERS]
    assert [erasure.owner for erasure in plan.known] == [third]


def test_of_the_stream_only_what_a_log_of_ours_published_erases(kept: Vault) -> None:
    published = (("log-1", erasure_of(STREAM)), ("log-9", erasure_of(OTHERS)))
    ours = Backup(frozenset({"log-1"}), (), ())
    assert judge(kept, ours, Known(None, published), moved=False).known == (erasure_of(STREAM),)
    kept.erase(erasure_of(STREAM))
    assert judge(kept, ours, Known(None, published), moved=False).known == ()


def test_a_stream_that_cannot_be_asked_is_not_left_out_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PATIENCE", 0.2)
    with pytest.raises(NoServersError):
        asyncio.run(asking.ask_stream(["nats://127.0.0.1:9"]))
