"""A crash of PostgreSQL takes back what views committed last: they notice, even at rest, and fold again."""

from typing import Any

import asyncpg
import pytest

from shared.eventstore.store import EventStore
from shared.projections.errors import ViewUnfolded
from tests.faults.processes import until
from tests.integration.projections.books import EVERYTHING, Books, true_rows
from tests.integration.projections.ledger import drawn_events, write

LOSE = """
    UPDATE views SET position = $1;
    DELETE FROM view_rows WHERE valid_from > $1;
    UPDATE view_rows SET valid_to = NULL WHERE valid_to > $1;
    DELETE FROM view_tallies WHERE position > $1
"""
CUT = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


async def lose(database_url: str, position: int, cut: bool) -> None:
    """Leave the views as a crash would that came before their last commits were on disk."""
    connection = await asyncpg.connect(database_url, server_settings={"search_path": "ledger"})
    await connection.execute(LOSE.replace("$1", str(position)))
    if cut:
        await connection.execute(CUT)
    await connection.close()


async def test_at_rest_they_fold_again_what_a_crash_took_back(
    database_url: str, store: EventStore, start: Any
) -> None:
    replicas = [await start(store, Books) for _ in range(2)]
    head = await write(store, drawn_events(1, 60))
    for replica in replicas:
        await replica.at(head)
    await lose(database_url, head - 7, cut=True)

    async def folded_again() -> bool:
        connection = await asyncpg.connect(database_url, server_settings={"search_path": "ledger"})
        position = await connection.fetchval("SELECT position FROM views")
        await connection.close()
        return bool(position == head)

    await until(folded_again)
    for replica in replicas:
        views = await replica.at(head)
        assert await views.list("books", limit=99) == true_rows(await store.read(0), head)


@pytest.mark.parametrize("question", ["get", "list", "count", "due", "next_due"])
async def test_no_answer_is_older_than_was_told_before(
    database_url: str, store: EventStore, start: Any, question: str
) -> None:
    views = await (await start(store, Books)).at(await write(store, drawn_events(1, 60)))
    asked = {
        "get": lambda: views.get("books", EVERYTHING),
        "list": lambda: views.list("books", limit=99),
        "count": lambda: views.count("books", ["state"]),
        "due": lambda: views.due("books", store.clock(), limit=99),
        "next_due": lambda: views.next_due("books", moment),
    }[question]
    moment = (await views.due("books", store.clock(), limit=99))[-1].moment.replace(year=2000)
    before = await asked()
    await lose(database_url, 5, cut=False)
    assert await asked() == before
    assert views.position == store.head


async def test_where_they_do_not_come_back_nothing_older_is_answered(
    database_url: str, store: EventStore, start: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = await start(store, Books)
    views = await running.at(await write(store, drawn_events(1, 60)))
    await running.stop()
    monkeypatch.setattr("shared.projections.answers.FOLDED_AGAIN", 0.05)
    await lose(database_url, 5, cut=False)
    for as_of in (None, 20):
        with pytest.raises(ViewUnfolded):
            await views.get("books", EVERYTHING, as_of)
    assert views.position == 5 and not await views.wait_for(6, 0.01)
