"""When parked events are tried again: delays, the last attempt, and what does not count as one."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.clock import system_clock
from shared.eventstore.command import Command
from shared.messaging.parking.doubts import Doubts
from shared.messaging.parking.failures import failed_by
from shared.messaging.parking.orders import DELAYS, Orders
from shared.messaging.parking.retries import Retries
from shared.messaging.parking.shelf import Shelf
from shared.messaging.parking.strands import Strands
from shared.messaging.received import Received
from tests.integration.messaging.post import LIMIT, WHY, Missing, Post, by, post
from tests.integration.messaging.sample import (
    CLERK,
    CopiesEventGivenUp,
    CopiesEventRetried,
    CopiesEventTakenIn,
    CopiesParked,
    copied,
    write,
)

__all__ = ["post"]


async def test_delays_grow_and_after_the_last_attempt_it_waits_for_a_person(post: Post) -> None:
    await write(post.letters, "illegible", "two", id="a")
    await post.taken_in(2)
    for number, delay in enumerate(DELAYS[:-1], 2):
        post.time.move(delay - timedelta(seconds=1))
        await post.rest()
        assert (1, number - 1) in await post.rows(), "not before it is due"
        post.time.move(timedelta(seconds=1))
        await post.attempted(1, number)
    post.time.move(DELAYS[-1])
    (told,) = await post.told(CopiesEventGivenUp)
    assert (told.of_position, told.attempts, told.failure.code) == (1, len(DELAYS) + 1, "illegible")

    post.legible = True
    post.time.move(timedelta(days=365))
    await post.rest()
    assert await post.rows() == [(1, len(DELAYS) + 1), (2, 0)]
    assert post.inbox.given_up == 1
    assert (await post.desk.listed(CLERK, "letters", None, 0, 10))[0][1]["given_up"]

    await post.desk.retry(by(), "letters", 1, WHY)
    await post.told(CopiesEventTakenIn, 2)
    assert [(one.by, one.reason) for one in await post.told(CopiesEventRetried)] == [("admin", WHY)]
    assert await copied(post.copies, "a") == ["legible", "two"]


async def test_a_simulation_lets_it_wait_at_a_gate_and_sees_it_at_work(post: Post) -> None:
    await write(post.letters, "illegible", id="a")
    await post.taken_in(1)
    await post.rest()
    post.gate.close()
    post.legible = True
    post.time.move(DELAYS[0])
    assert not post.inbox.at_rest, "it is due, and nobody has looked yet"
    async with asyncio.timeout(LIMIT):
        while not post.gate.awaited:
            await post.rows()
    assert post.inbox.at_rest and await post.rows() == [(1, 1)]
    post.gate.admit()
    await post.told(CopiesEventTakenIn)
    await post.rest()
    assert await post.rows() == []


async def test_a_reader_that_takes_over_finds_what_is_parked(post: Post) -> None:
    await write(post.letters, "needs b", "two", id="a")
    await post.taken_in(2)
    await post.stop()
    assert (post.inbox.parked, post.inbox.at_rest) == (0, True), "the standby knows of nothing"
    await write(post.letters, "three", id="a")
    post.read()
    await post.taken_in(3)
    assert await post.rows() == [(1, 1), (2, 0), (3, 0)]
    await write(post.letters, "one", id="b")
    await post.told(CopiesEventTakenIn, 3)

    assert await copied(post.copies, "a") == ["needs b", "two", "three"]


async def test_a_new_reader_tries_at_once_what_an_older_release_could_not_take_in(post: Post) -> None:
    await write(post.letters, "illegible", "two", id="a")
    await post.taken_in(2)
    await post.stop()
    post.legible = True
    post.read()
    await post.told(CopiesEventTakenIn, 2)
    assert await copied(post.copies, "a") == ["legible", "two"]


async def test_an_attempt_that_does_not_count_tells_its_reason(post: Post) -> None:
    await write(post.letters, "illegible", id="a")
    await post.taken_in(1)
    await post.stop()

    def torn(received: Received) -> Command[Any] | None:
        raise LookupError(received.id)

    post.react = torn  # type: ignore[method-assign]  # as another release would
    post.read()
    async with asyncio.timeout(LIMIT):
        while (await post.desk.one(CLERK, "letters", 1))["code"] != "LookupError":
            """Each look asks PostgreSQL, so that the reader gets its turn."""
    assert await post.rows() == [(1, 1)]


async def test_the_last_attempt_does_not_undo_the_retry_of_an_operator(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(post.letters, "illegible", id="a")
    await post.taken_in(1)
    await post.stop()
    shelf = Shelf("letters")
    shelf.load(await post.copies.load(CopiesParked, "letters"))
    orders = Orders("copies", "letters", CopiesParked, system_clock)
    doubts = Doubts(post.copies, "letters", shelf, CopiesParked)
    retries = Retries(post.copies, "letters", post.react, orders, shelf, doubts, CopiesParked)
    still_tried = shelf.still_tried
    looks: list[bool] = []

    async def retried_meanwhile(pool: Any, position: int, attempts: int) -> bool:
        looks.append(await still_tried(pool, position, attempts))
        if len(looks) == 1:
            await post.desk.retry(by(), "letters", 1, WHY)
        return looks[-1]

    monkeypatch.setattr(shelf, "still_tried", retried_meanwhile)
    ((received, attempts),) = await shelf.queue(post.copies.pool, "letter.a", 1)
    assert not await retries._give_up(received, attempts, failed_by(Missing()))
    assert (looks, await post.rows()) == ([True, False], [(1, 0)])
    assert not (await post.desk.one(CLERK, "letters", 1))["given_up"]


@pytest.mark.parametrize("skipped", [False, True])
async def test_what_an_older_release_parked_apart_waits_for_what_it_rests_on(
    post: Post, skipped: bool
) -> None:
    await write(post.letters, "needs c", id="a")
    await write(post.letters, "illegible", "two", id="b")
    await post.taken_in(3)
    await post.stop()
    post.legible = True
    rests_on = {"a": ("letter.b",), "b": ("letter.a",)}
    post.strands_of = lambda received: Strands(received.stream, rests_on=rests_on.get(received.id, ()))
    post.read()
    async with asyncio.timeout(LIMIT):
        while (await post.desk.one(CLERK, "letters", 2))["code"] != "not-first-of-its-stream":
            """Each look asks PostgreSQL, so that the reader gets its turn."""
    post.time.move(DELAYS[0])
    await post.attempted(1, 2)
    await post.desk.retry(by(), "letters", 2, WHY)
    await post.rest()
    assert (await copied(post.copies, "b"), await post.rows()) == ([], [(1, 2), (2, 0), (3, 0)])
    if skipped:
        await post.desk.skip(by(), "letters", 1, WHY)
    else:
        await write(post.letters, "one", id="c")
    await post.told(CopiesEventTakenIn, 2 if skipped else 3)
    taken = [one.of_position for one in await post.told(CopiesEventTakenIn)]
    assert (taken, await copied(post.copies, "b")) == ([2, 3] if skipped else [1, 2, 3], ["legible", "two"])
