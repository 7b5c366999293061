"""Views that stand beyond their log: so it is when a log was restored and its views were not."""

from typing import Any

_FORGET = """
    WITH beyond AS (
        UPDATE views SET position = 0, state = CASE state WHEN 'live' THEN 'filling' ELSE state END
        WHERE position > $1 RETURNING generation
    ), gone AS (
        DELETE FROM view_rows WHERE generation IN (SELECT generation FROM beyond)
    ), counted AS (
        DELETE FROM view_tallies WHERE generation IN (SELECT generation FROM beyond)
    )
    SELECT count(*) FROM beyond
"""


async def views_beyond(connection: Any, head: int) -> int:
    """Count the views that stand beyond the log's head."""
    number: int = await connection.fetchval("SELECT count(*) FROM views WHERE position > $1", head)
    return number


async def begin_again_beyond(connection: Any, head: int) -> int:
    """Let the views that stand beyond the log's head begin anew; return how many did."""
    number: int = await connection.fetchval(_FORGET, head)
    return number
