"""Looking at parked events costs what is shown, however many are parked."""

from collections.abc import Iterator
from typing import Any

import asyncpg
import orjson
import pytest

from shared.eventstore.migrate import migrate
from shared.service.parked_desk import LISTED, LISTED_OF_STREAM, ONE

PARKED = 3_000
FILL = f"""
INSERT INTO copies.inbox_parked
SELECT 'letters', n, gen_random_uuid(), NULL, CASE n % 100 WHEN 0 THEN 'letter.rare' ELSE 'letter.common' END,
       'letters.letter.written', '', '', '', '', now(), 0, NULL, NULL
FROM generate_series(1, {PARKED}) AS n"""


@pytest.mark.parametrize(
    ("statement", "arguments", "shown"),
    [
        (LISTED, ("letters", 1_000, 10), 10),
        (LISTED_OF_STREAM, ("letters", 1_000, 10, "letter.rare"), 10),
        (ONE, ("letters", 2_900), 1),
    ],
    ids=["a page", "a page of a stream", "one"],
)
async def test_a_page_reads_no_more_than_it_shows(
    database_url: str, statement: str, arguments: tuple[Any, ...], shown: int
) -> None:
    await migrate(database_url, "copies")
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "copies"})
    try:
        await connection.execute(FILL)
        await connection.execute("VACUUM ANALYZE copies.inbox_parked")
        assert len(await connection.fetch(statement, *arguments)) == shown
        plan = await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", *arguments)
    finally:
        await connection.close()
    (told,) = orjson.loads(plan)
    assert sum(read(told["Plan"])) <= 10 * shown


def read(node: dict[str, Any]) -> Iterator[int]:
    """How many rows each step of a plan gave, or looked at in vain."""
    yield (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    for further in node.get("Plans", []):
        yield from read(further)
