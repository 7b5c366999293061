"""Failures are told in words, and no command imports what it does not need in order to tell them."""

import subprocess
import sys
from importlib import import_module

import asyncpg
import httpx
import nats.errors
import pytest
from pydantic import TypeAdapter, ValidationError

from deploy.cli.failures import DATABASE, NATS, SETTINGS, SPEAKING, TRANSPORT, explain


@pytest.mark.parametrize("kind", SPEAKING)
def test_a_failure_of_ours_says_itself_what_to_do(kind: str) -> None:
    module, _, name = kind.partition(":")
    failed = getattr(import_module(module), name)
    assert failed.__module__ == module, "where it is defined, which is imported whenever it is raised"
    failure = failed.__new__(failed)
    assert isinstance(failure, Exception)
    assert explain(failure) == str(failure)


def test_failures_of_libraries_are_told_in_our_words() -> None:
    for failure, kind, told in (
        (asyncpg.InvalidPasswordError("no"), DATABASE, "PostgreSQL refuses: no. See TANFIDH_DATABASE_URL."),
        (nats.errors.TimeoutError(), NATS, "NATS cannot be reached or refuses us (nats: timeout). See"),
        (httpx.ConnectError("no route"), TRANSPORT, "The services cannot be reached: no route."),
        (FileNotFoundError(2, "No such file", "x"), "builtins:OSError", "No such file: x"),
    ):
        assert told in (explain(failure) or ""), kind
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(int).validate_python("x")
    assert "settings in the environment" in (explain(refused.value) or ""), SETTINGS


def test_a_defect_of_ours_keeps_its_traceback() -> None:
    assert explain(ZeroDivisionError()) is None


def test_a_command_that_only_asks_imports_no_server_and_no_simulation() -> None:
    """They take twice as long to import as all that it needs."""
    told = "import sys, deploy.cli.commands, deploy.cli.status; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    found = set(said.stdout.split())
    assert "deploy.cli.failures" in found
    assert not found & {"fastapi", "uvicorn", "nats", "asyncpg", "deploy.simulation", "shared.service"}
