"""The script of the reference page: it accepts a true log, and names the position that was changed."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from shared.eventstore.migrate import migrate
from tests.sample import command_id, open_store, passing

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "event-store.md"
COUNT = 300
"""More than a tile."""

Verify = Callable[[str, str, str], Awaitable[int]]


@pytest.fixture(scope="module")
def verify() -> Verify:
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "documented"}
    exec(compile(script, str(PAGE), "exec"), names)
    found: Verify = names["verify"]
    return found


@pytest.fixture
async def verifier_key(database_url: str) -> str:
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    try:
        commands = [passing(f"gate-{number % 7}", id=command_id(str(number))) for number in range(COUNT)]
        await asyncio.gather(*(store.execute(command) for command in commands))
        return store.verifier_key
    finally:
        await store.close()


async def test_a_true_log_is_verified(database_url: str, verifier_key: str, verify: Verify) -> None:
    assert await verify(database_url, "sample", verifier_key) == COUNT


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE events SET data = data || ' '::bytea WHERE position = 17", "position 17 was changed"),
        (
            "UPDATE events SET effective_at = effective_at - interval '1 day' WHERE position = 17",
            "position 17 was changed",
        ),
        ("UPDATE events SET previous = leaf WHERE position = 17", "position 17 was changed"),
        ("DELETE FROM events WHERE position = 17", "position 17 is missing"),
        (f"DELETE FROM events WHERE position = {COUNT}", "the checkpoint signs another log"),
    ],
)
async def test_a_changed_log_is_not(
    database_url: str, verifier_key: str, verify: Verify, change: str, told: str
) -> None:
    administrator = await asyncpg.connect(database_url, server_settings={"search_path": "sample"})
    try:
        await administrator.execute("ALTER TABLE events DISABLE TRIGGER append_only")
        await administrator.execute(change)
    finally:
        await administrator.close()
    with pytest.raises(SystemExit, match=told):
        await verify(database_url, "sample", verifier_key)
