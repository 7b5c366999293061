"""`tanfidh erase`: what it says and how it exits."""

import json
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from deploy.cli import erasing
from deploy.cli.commands import application
from deploy.cli.erasing import conclude
from deploy.cli.options import IN_PART
from deploy.local.running import Running

STAFF = "p-0123456789"


def test_a_key_that_is_still_there_is_told() -> None:
    done = "\n".join(conclude({"staff": STAFF, "key": "destroyed"}))
    pending = "\n".join(conclude({"staff": STAFF, "key": "pending"}))
    assert "its key is destroyed" in done
    assert "NOT DESTROYED YET" in pending
    assert "its key is destroyed" not in pending


def tanfidh(data: Path, *arguments: str) -> Result:
    given = [
        "erase",
        STAFF,
        "--reason",
        "requested",
        "--basis",
        "HR/1",
        "--yes",
        "--data",
        str(data),
        *arguments,
    ]
    return CliRunner().invoke(application(given), given)


def test_whoever_erases_is_named_and_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = []
    running = Running(url="http://127.0.0.1:9", database="", nats="")
    monkeypatch.setattr(Running, "read", lambda _: running)
    monkeypatch.setattr(erasing, "_erase", lambda _url, token, *_: tokens.append(token))
    monkeypatch.setattr(erasing, "run", lambda _: {"staff": STAFF, "key": "pending"})
    assert (tanfidh(tmp_path).exit_code, tanfidh(tmp_path, "--subject", "A Name").exit_code) == (2, 2)
    assert tanfidh(tmp_path, "--subject", "hr-17").exit_code == IN_PART
    (token,) = tokens
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert claims["sub"] == "hr-17"
