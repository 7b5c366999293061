"""The program before a command runs: what it imports, and Ctrl-C while it does."""

import subprocess
import sys

import pytest
import typer

from deploy.cli import inboxes
from deploy.cli.commands import COMMANDS, GROUPS, command_at

INTERRUPTED_AT = """
import os, signal, sys

class Interrupt:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Interrupt())
sys.argv[1:] = {arguments!r}
from deploy.cli.main import main
main()
"""

IMPORTED_BY = """
import sys
sys.argv[1:] = {arguments!r}
from deploy.cli.main import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""


def python(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "module"),
    [
        (["--help"], "typer"),
        (["token", "--help"], "pydantic"),
        (["token", "--help"], "joserfc.jwk"),
        (["up", "--help"], "deploy.cli.up"),
        (["up", "--help"], "uvicorn"),
        (["status", "--help"], "httpx"),
        (["token", "--role", "admin", "--data", "/nowhere"], "deploy.cli.failures"),
    ],
)
def test_ctrl_c_is_quiet_from_the_first_import_on(arguments: list[str], module: str) -> None:
    said = python(INTERRUPTED_AT.format(arguments=arguments, module=module))
    assert (said.returncode, said.stdout, said.stderr) == (130, "", "")


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], {"fastapi", "asyncpg", "joserfc", "nats", "pydantic", "uvicorn"}),
        (["token", "--help"], {"fastapi", "asyncpg", "httpx", "nats", "starlette", "uvicorn"}),
        (["audit", "--help"], {"fastapi", "asyncpg", "httpx", "nats", "starlette", "uvicorn"}),
    ],
)
def test_a_command_imports_what_it_works_with_only(arguments: list[str], unneeded: set[str]) -> None:
    said = python(IMPORTED_BY.format(arguments=arguments))
    assert said.returncode == 0
    assert not unneeded & set(said.stderr.split())


EVERY = {
    **COMMANDS,
    **{f"{group} {name}": one for group, (_, of) in GROUPS.items() for name, one in of.items()},
}


@pytest.mark.parametrize("name", EVERY)
def test_the_list_tells_of_each_command_what_it_tells_itself(name: str) -> None:
    place, summary = EVERY[name]
    assert (command_at(place).__doc__ or "").splitlines()[0] == summary


def test_a_stream_that_is_none_is_named_before_anything_is_asked() -> None:
    with pytest.raises(typer.BadParameter, match="'bad stream' names no aggregate"):
        inboxes.parked("tasks", "registry", stream="bad stream")


@pytest.mark.parametrize(("attempts", "said"), [(1, "1 attempt, next now"), (2, "2 attempts, next now")])
def test_attempts_are_counted_as_one_says_them(attempts: int, said: str) -> None:
    row = {"behind": None, "given_up": False, "attempts": attempts, "next_attempt": None, "changed": False}
    assert inboxes._waits(row) == said


def test_an_event_that_was_changed_is_said_to_be() -> None:
    row = {"behind": 1, "given_up": False, "attempts": 1, "next_attempt": None, "changed": True}
    assert inboxes._waits(row) == "is not stored as it was parked, and is not taken in"
