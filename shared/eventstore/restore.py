"""A store that was restored from a backup goes on under a new log id."""

from typing import Any
from uuid import UUID

from shared.eventstore.fence import read_head

_COMMON = "SELECT size, note FROM checkpoints WHERE size <= $1 ORDER BY size DESC LIMIT 1"


async def common_size(connection: Any, matched: int) -> int:
    """The size of the newest checkpoint within the first `matched` events; 0 where there is none."""
    row = await connection.fetchrow(_COMMON, matched)
    return row["size"] if row is not None else 0


async def begin_new_log(connection: Any, log_id: UUID, matched: int) -> None:
    """Give the store another log id, which names the old one; to be called in a transaction.

    Args:
        connection: its search_path names the schema, its role may write to ``logs``.
        log_id: the new id.
        matched: the last position up to which the store and what was published are known to agree.
    """
    await connection.execute("LOCK TABLE head IN EXCLUSIVE MODE")
    head = await read_head(connection)
    row = await connection.fetchrow(_COMMON, matched)
    await connection.execute(
        "INSERT INTO logs (log_id, first, predecessor, common) VALUES ($1, $2, $3, $4)",
        log_id,
        head.position + 1,
        head.log_id,
        row["note"] if row is not None else None,
    )
    await connection.execute("UPDATE head SET log_id = $1, turn = turn + 1, mark = gen_random_uuid()", log_id)
