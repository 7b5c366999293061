"""What is parked: what a rule refuses or nobody can read; and what is not: an outage."""

from typing import Any

import asyncpg
import pytest

from shared.contracts.event import CATALOGUE
from shared.eventstore.command import Command
from shared.messaging.parking.orders import DELAYS
from shared.messaging.received import Received
from tests.integration.messaging.post import Post, post
from tests.integration.messaging.sample import (
    CopiesEventParked,
    CopiesEventTakenIn,
    CopyMade,
    copied,
    read,
    write,
)

__all__ = ["post"]


async def test_an_outage_parks_nothing(post: Post, database_url: str) -> None:
    """The reader's connections are cut over and over while it takes in."""
    administrator = await asyncpg.connect(database_url)
    try:
        for number in range(8):
            await write(post.letters, *(f"{number}.{n}" for n in range(40)), id=f"l{number}")
            await administrator.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'tanfidh copies' AND datname = current_database()"
            )
        await post.taken_in(8 * 40)
        assert await administrator.fetchval("SELECT count(*) FROM copies.inbox_parked") == 0
    finally:
        await administrator.close()
    events = await post.copies.read(0, 10_000)
    assert {type(r.event) for r in events} == {CopyMade} and len(events) == 8 * 40


async def test_a_payload_that_cannot_be_read_is_parked(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """As of a source of a newer release, whose schema is not known here."""
    react = post.react

    def unreadable(received: Received) -> Command[Any] | None:
        if received.position == 1:
            object.__setattr__(received, "schema", 9)
        return react(received)

    monkeypatch.setattr(post, "react", unreadable)
    await post.stop()
    post.read()
    await write(post.letters, "one", id="a")
    await write(post.letters, "one", id="b")
    await post.taken_in(2)
    (told,) = await post.told(CopiesEventParked)
    assert told.failure.code == "UnknownEventType"
    assert await copied(post.copies, "b") == ["one"]


async def test_a_type_of_a_newer_release_waits_for_the_release_that_knows_it(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    declared = CATALOGUE["letters.letter.read"]
    await write(post.letters, "one", id="a")
    await post.taken_in(1)
    monkeypatch.delitem(CATALOGUE, "letters.letter.read")
    await read(post.letters, id="a")
    await write(post.letters, "two", id="a")
    await write(post.letters, "one", id="b")
    await post.taken_in(4)
    told = await post.told(CopiesEventParked, 2)
    assert [(one.of_position, one.behind) for one in told] == [(2, None), (3, 2)]
    assert told[0].failure.code == "UnknownEventType"
    await post.copies.pool.execute("UPDATE inbox_parked SET attempts = 20 WHERE position = 2")
    post.time.move(DELAYS[0])
    await post.attempted(2, 21)
    assert post.inbox.given_up == 0, "only another release can take it in"
    assert (await copied(post.copies, "a"), await copied(post.copies, "b")) == (["one"], ["one"])

    await post.stop()
    monkeypatch.setitem(CATALOGUE, "letters.letter.read", declared)
    post.read()
    await post.told(CopiesEventTakenIn, 2)
    assert await copied(post.copies, "a") == ["one", "two"]
