import asyncio
from typing import Any

import asyncpg
import pytest

from shared.messaging.election import Election
from shared.messaging.ending import end


async def test_only_one_holds_a_seat_and_the_next_takes_it(database_url: str) -> None:
    reigning: list[str] = []
    changed = asyncio.Event()

    async def reign(name: str) -> None:
        reigning.append(name)
        changed.set()
        try:
            await asyncio.Event().wait()
        finally:
            reigning.remove(name)

    elections = {name: Election(database_url, "letters/relay") for name in "abc"}
    running = {
        name: asyncio.create_task(election.run(lambda name=name: reign(name)))  # type: ignore[misc]  # bound per name
        for name, election in elections.items()
    }
    for _ in range(3):
        await asyncio.wait_for(changed.wait(), 30)
        changed.clear()
        [holder] = reigning
        assert [name for name, election in elections.items() if election.elected] == [holder]
        await end(running.pop(holder))
        assert holder not in reigning and not elections[holder].elected
    assert not running


async def test_seats_of_different_names_are_held_side_by_side(database_url: str) -> None:
    held = asyncio.Semaphore(0)

    async def reign() -> None:
        held.release()
        await asyncio.Event().wait()

    seats = [asyncio.create_task(Election(database_url, f"letters/{n}").run(reign)) for n in range(3)]
    for _ in seats:
        await asyncio.wait_for(held.acquire(), 30)
    await end(*seats)


async def test_a_bug_in_the_work_is_not_taken_for_a_lost_connection(database_url: str) -> None:
    async def reign() -> None:
        raise LookupError("a bug")

    with pytest.raises(LookupError, match="a bug"):
        await asyncio.wait_for(Election(database_url, "letters/relay").run(reign), 30)


async def test_a_task_that_swallows_its_cancellation_is_ended_all_the_same() -> None:
    swallowed = asyncio.Event()

    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            swallowed.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await asyncio.wait_for(end(task), 30)

    assert swallowed.is_set() and task.cancelled()


async def test_whatever_postgresql_refuses_is_tried_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals: list[Exception] = [
        asyncpg.InvalidPasswordError("changed meanwhile"),
        asyncpg.TooManyConnectionsError("full"),
        asyncpg.InvalidCatalogNameError("being restored"),
    ]
    connect = asyncpg.connect

    async def refusing(*args: Any, **options: Any) -> Any:
        if refusals:
            raise refusals.pop()
        return await connect(*args, **options)

    monkeypatch.setattr("shared.messaging.election.asyncpg.connect", refusing)
    elected = asyncio.Event()

    async def reign() -> None:
        elected.set()
        await asyncio.Event().wait()

    standing = asyncio.create_task(Election(database_url, "letters/relay").run(reign))
    await asyncio.wait_for(elected.wait(), 30)
    await end(standing)

    assert not refusals
