"""The script of the reference page: it accepts a true log, and says what is wrong with another."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventstore.lineage import read_lineage
from shared.eventstore.log.leaf import NO_LEAF, leaf_of
from shared.eventstore.log.note import Checkpoint, Signer, origin_of
from shared.eventstore.log.tree import Edge
from shared.eventstore.migrate import migrate
from shared.eventstore.restore import begin_new_log
from tests.sample import KEY, command_id, open_store, passing, toggling

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "event-store.md"
COUNT = 300
"""More than a tile."""
EARLY = 100
"""Events of the log when its writer paused, so that there is a checkpoint of them."""

Verify = Callable[..., Awaitable[int]]


@pytest.fixture(scope="module")
def verify() -> Verify:
    (script,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {"__name__": "documented"}
    exec(compile(script, str(PAGE), "exec"), names)
    found: Verify = names["verify"]
    return found


@pytest.fixture
async def verifier_key(database_url: str) -> str:
    """A log whose first event is the only one of its stream; returns the key that verifies it."""
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    commands = [passing(f"gate-{number % 7}", id=command_id(str(number))) for number in range(1, COUNT)]
    try:
        await store.execute(toggling("once", command_id("once")))
        for part in (commands[: EARLY - 1], commands[EARLY - 1 :]):
            await asyncio.gather(*(store.execute(command) for command in part))
        return store.verifier_key
    finally:
        await store.close()


@pytest.fixture
async def administrator(database_url: str, verifier_key: str) -> AsyncIterator[Any]:
    """Somebody whom no trigger stops."""
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "sample"})
    await connection.execute("SET session_replication_role = replica")
    yield connection
    await connection.close()


async def test_an_empty_log_is_verified(database_url: str, verify: Verify) -> None:
    await migrate(database_url, "sample")
    store = await open_store(database_url)
    try:
        assert await verify(database_url, "sample", store.verifier_key) == 0
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
        (
            f"DELETE FROM events WHERE position = {COUNT}",
            f"newest checkpoint signs {COUNT} events, and here are {COUNT - 1}",
        ),
        ("DELETE FROM events", f"newest checkpoint signs {COUNT} events, and here are 0"),
        (
            f"DELETE FROM checkpoints WHERE size > {EARLY}",
            f"newest checkpoint signs {EARLY} events, and here are {COUNT}",
        ),
        (
            "UPDATE checkpoints SET note = (SELECT note FROM checkpoints WHERE size = 1)"
            f" WHERE size = {EARLY}",
            f"checkpoint of {EARLY} events signs another log",
        ),
        (
            f"UPDATE checkpoints SET note = left(note, -5) || E'AAA=\n' WHERE size = {EARLY}",
            f"checkpoint of {EARLY} events cannot be verified: the signature .* does not fit",
        ),
        (
            f"UPDATE checkpoints SET note = 'sample' || note WHERE size = {EARLY}",
            f"checkpoint of {EARLY} events cannot be verified",
        ),
    ],
)
async def test_a_changed_log_is_not(
    database_url: str, verifier_key: str, verify: Verify, administrator: Any, change: str, told: str
) -> None:
    await administrator.execute(change)
    with pytest.raises(SystemExit, match=told):
        await verify(database_url, "sample", verifier_key)


async def test_a_changed_log_that_was_signed_over_contradicts_its_older_checkpoints(
    database_url: str, verifier_key: str, verify: Verify, administrator: Any
) -> None:
    """Its newest checkpoint fits: that alone would not tell."""
    signer = Signer(verifier_key.partition("+")[0], KEY)
    first = await administrator.fetchrow("SELECT * FROM events WHERE position = 1")
    changed = first["data"].replace(b"studies", b"nothing")
    assert changed != first["data"]
    leaf = await leaf_at(administrator, first, 1, data=changed)
    await administrator.execute("UPDATE events SET data = $1, leaf = $2 WHERE position = 1", changed, leaf)
    following = await leaf_at(administrator, first, COUNT + 1, stream="hold.after")
    await administrator.execute(
        "INSERT INTO events SELECT $1, version, recorded_at, effective_at, schema, 'hold.after', type,"
        " $2, meta, sealed, previous, $3 FROM events WHERE position = 1",
        COUNT + 1,
        first["data"],
        following,
    )
    edge = Edge()
    for row in await administrator.fetch("SELECT leaf FROM events ORDER BY position"):
        edge.append(row["leaf"])
    note = signer.sign(Checkpoint(signer.name, edge.size, edge.root()).text())
    await administrator.execute("INSERT INTO checkpoints VALUES ($1, $2)", edge.size, note)

    with pytest.raises(SystemExit, match="the checkpoint of 1 events signs another log"):
        await verify(database_url, "sample", verifier_key)

    await administrator.execute("DELETE FROM checkpoints WHERE size <= $1", COUNT)
    assert await verify(database_url, "sample", verifier_key) == COUNT + 1


async def test_a_log_cut_back_to_a_checkpoint_is_told_by_a_kept_one_only(
    database_url: str, verifier_key: str, verify: Verify, administrator: Any
) -> None:
    await administrator.execute(f"DELETE FROM events WHERE position > {EARLY}")
    await administrator.execute(f"DELETE FROM checkpoints WHERE size > {EARLY}")

    assert await verify(database_url, "sample", verifier_key) == EARLY


async def test_a_log_signed_with_another_key_is_not_accepted(
    database_url: str, verifier_key: str, verify: Verify
) -> None:
    origin = verifier_key.partition("+")[0]
    other = Signer(origin, Ed25519PrivateKey.generate()).verifier_key
    with pytest.raises(SystemExit, match="the checkpoint of 1 events cannot be verified: no signature"):
        await verify(database_url, "sample", other)


async def test_a_restored_log_is_verified_with_the_keys_of_its_ids(
    database_url: str, verifier_key: str, verify: Verify, administrator: Any
) -> None:
    log_id = uuid4()
    async with administrator.transaction():
        await begin_new_log(administrator, log_id, EARLY)
    newer = Signer(origin_of("sample", str(log_id)), KEY).verifier_key

    with pytest.raises(SystemExit, match="give the key of that name"):
        await verify(database_url, "sample", newer)
    assert await verify(database_url, "sample", newer, verifier_key) == COUNT

    store = await open_store(database_url)
    try:
        await store.execute(toggling("after", command_id("after")))
    finally:
        await store.close()
    assert await verify(database_url, "sample", newer) == COUNT + 1
    with pytest.raises(SystemExit, match="give the key of that name"):
        await verify(database_url, "sample", verifier_key)


async def leaf_at(connection: Any, row: Any, position: int, **changed: Any) -> bytes:
    """The leaf of a row at a position, with some fields changed, as the first of its stream."""
    row = {**row, **changed}
    lineage = await read_lineage(connection)
    return leaf_of(
        lineage.log_id_at(position),
        position,
        row["stream"],
        row["version"],
        row["type"],
        row["schema"],
        row["recorded_at"],
        row["effective_at"],
        row["data"],
        row["meta"],
        row["sealed"],
        NO_LEAF,
    )
