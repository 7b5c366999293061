"""`tanfidh restore` on engines that are somewhere else, and the question that it asks."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.catalogue import SERVICES
from tests.engines import ThrowawayNats

ROOT = Path(__file__).parents[3]
Tanfidh = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def tanfidh(database_url: str, fresh_nats: ThrowawayNats) -> Tanfidh:
    where = {"TANFIDH_DATABASE_URL": database_url, "TANFIDH_NATS_URL": fresh_nats.url}
    kept = {name: v for name, v in os.environ.items() if not name.startswith(("TANFIDH_", "DATA", "PORT"))}

    def run(*arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "deploy.cli.main", *arguments],
            cwd=ROOT,
            env={**kept, **where, "COLUMNS": "200", "NO_COLOR": "1"},
            input=answer,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_engines_that_are_in_step_are_left_alone(tanfidh: Tanfidh) -> None:
    for command in ("migrate", "provision"):
        assert tanfidh(command).returncode == 0
    said = tanfidh("restore")
    assert (said.returncode, said.stderr) == (0, "")
    assert said.stdout.splitlines() == [f"{service}: in step at position 0" for service in SERVICES]


def test_nothing_is_done_before_it_is_agreed_to(tanfidh: Tanfidh, tmp_path: Path) -> None:
    tanfidh("migrate")
    refused = tanfidh("restore", answer="n\n")
    assert refused.returncode == 1
    assert "registry: the store ends at position 0, and there is no stream" in refused.stdout
    assert "Everything is in step" not in refused.stdout

    agreed = tanfidh("restore", "--reports", str(tmp_path), answer="y\n")
    assert agreed.returncode == 0, agreed.stderr
    assert "and there is no stream" in agreed.stdout, "the refusal had made one"
    assert "Everything is in step. Start the services." in agreed.stdout
    assert "registry: in step at position 0" in tanfidh("restore").stdout


def test_a_database_that_was_not_migrated_is_told(tanfidh: Tanfidh) -> None:
    said = tanfidh("restore", "--yes")
    assert said.returncode == 1
    assert "the schema registry is not there: run `tanfidh migrate`" in said.stderr
    assert "Traceback" not in said.stderr


def test_an_unknown_service_is_told(tanfidh: Tanfidh) -> None:
    said = tanfidh("restore", "--service", "kitchen")
    assert said.returncode == 2
    assert "'kitchen' is no service" in said.stderr
