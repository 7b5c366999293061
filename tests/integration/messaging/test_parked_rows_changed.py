"""What is parked is taken in as it came, or not at all: somebody who may write to the table is found out."""

import asyncio
import re
from typing import Any

import asyncpg
import pytest

from deploy.verifying.parked import check_parked
from deploy.verifying.report import Report
from shared.messaging import finding
from shared.messaging.finding import EventMissing, find_event
from shared.messaging.parking import taking_up
from shared.messaging.parking.orders import DELAYS
from shared.messaging.parking.refusals import ParkedEventGone
from shared.messaging.received import Received
from tests.integration.messaging.post import WHY, Post, by, post
from tests.integration.messaging.sample import CLERK, CopiesEventTakenIn, CopiesParked, copied, write

__all__ = ["post"]

ANOTHER = "the event {id} of letter.a that was parked, position 1 of letters, is not the one in inbox_parked"
FORGED = """
UPDATE inbox_parked SET data = convert_to(replace(convert_from(data, 'utf8'), 'illegible', 'forged'), 'utf8')
WHERE position = 1"""


async def alarm(post: Post, said: str) -> None:
    """Wait for the alarm of the reader that says so."""
    async with asyncio.timeout(30):
        while said not in (post.inbox.alarm or ""):
            await post.rows()


@pytest.fixture
async def parked(post: Post) -> Post:
    """Two events of a stream of which the first waits."""
    await write(post.letters, "illegible", "two", id="a")
    await post.taken_in(2)
    await post.rest()
    return post


async def change(post: Post, statement: str) -> None:
    done = await post.copies.pool.execute(statement)
    assert not done.endswith(" 0"), "it changes something"


UNDECIDABLE = """
UPDATE inbox_parked SET data = convert_to(replace(convert_from(data, 'utf8'), 'text', 'words'), 'utf8')
WHERE position = 1"""
CHANGES = [
    (
        FORGED,
        "the event {id} of letter.a that was parked, position 1 of letters, is not the one in inbox_parked",
    ),
    ("UPDATE inbox_parked SET meta = 'none' WHERE position = 1", "position 1 of letters, is not the one"),
    ("DELETE FROM inbox_parked WHERE position = 1", "position 1 of letters, is gone from inbox_parked"),
]


async def verified(post: Post) -> list[str]:
    """What `tanfidh audit verify` finds of what is parked."""
    report = Report("copies", None)
    connection = await asyncpg.connect(post.url, server_settings={"search_path": "copies"})
    async with connection.transaction():
        await check_parked(connection, report, ("letters", "copies"))
    await connection.close()
    return [found.text for found in report.findings]


@pytest.mark.parametrize("starts", [False, True], ids=["while it reads", "before it starts"])
@pytest.mark.parametrize(("statement", "told"), CHANGES, ids=["forged", "unreadable", "deleted"])
async def test_what_was_changed_is_not_taken_in_and_an_alarm_names_it(
    parked: Post, statement: str, told: str, starts: bool
) -> None:
    cause = (await parked.letters.read(0))[0]
    if starts:
        await parked.stop()
    await change(parked, statement)
    parked.legible = True
    (found,) = await verified(parked)
    assert re.fullmatch(r"position \d+ parked an event .*: position 1 of letters", found)
    if starts:
        parked.read()
    else:
        parked.time.move(DELAYS[0])
    await alarm(parked, told.format(id=cause.event_id))
    await write(parked.letters, "three", id="a")
    await write(parked.letters, "one", id="b")
    await parked.taken_in(4)
    assert (await copied(parked.copies, "a"), await copied(parked.copies, "b")) == ([], ["one"])
    (inbox,) = await parked.desk.inboxes(CLERK)
    assert inbox["parked"] == 3, "what the log says is parked, whatever the table has"


async def test_what_never_was_parked_is_told_as_well(parked: Post) -> None:
    await parked.stop()
    await change(
        parked,
        """INSERT INTO inbox_parked SELECT source, 9, log_id, leaf_log, stream, type, data, meta,
        sealed_digest, previous, parked_at, attempts, next_attempt, failure FROM inbox_parked
        WHERE position = 1""",
    )
    assert await verified(parked) == ["inbox_parked has an event that is not parked: position 9 of letters"]
    parked.read()
    await alarm(parked, "there is an event in inbox_parked that was never parked or has left, position 9")


async def test_what_was_changed_so_that_no_reaction_can_read_it_is_no_failure_of_the_event(
    parked: Post,
) -> None:
    await change(parked, UNDECIDABLE)
    parked.time.move(DELAYS[0])
    await alarm(parked, "position 1 of letters, is not the one in inbox_parked")
    await parked.rest()
    assert await parked.rows() == [(1, 1), (2, 0)], "an attempt of the true event is not counted"


async def test_no_row_puts_an_event_off_for_ever(parked: Post) -> None:
    await change(parked, "UPDATE inbox_parked SET next_attempt = '9999-01-01Z' WHERE position = 1")
    parked.legible = True
    parked.time.move(DELAYS[0])
    await parked.rest()
    assert await copied(parked.copies, "a") == []
    parked.time.move(DELAYS[-1])
    await parked.told(CopiesEventTakenIn, 2)
    assert await copied(parked.copies, "a") == ["legible", "two"]


async def test_what_its_row_alone_gives_up_is_told_until_it_is_retried(parked: Post) -> None:
    await change(parked, "UPDATE inbox_parked SET attempts = 9, next_attempt = NULL WHERE position = 1")
    parked.legible = True
    parked.time.move(DELAYS[0])
    await alarm(parked, "position 1 of letters, is given up in inbox_parked and not in the log")
    await parked.desk.retry(by(), "letters", 1, WHY)
    await parked.told(CopiesEventTakenIn, 2)
    assert await copied(parked.copies, "a") == ["legible", "two"]
    assert parked.inbox.alarm is None


async def test_what_is_put_right_is_taken_in_when_it_is_retried(parked: Post) -> None:
    assert await verified(parked) == []
    kept = await parked.copies.pool.fetchval("SELECT data FROM inbox_parked WHERE position = 1")
    await change(parked, FORGED)
    parked.legible = True
    parked.time.move(DELAYS[0])
    await alarm(parked, "position 1 of letters")
    await parked.copies.pool.execute("UPDATE inbox_parked SET data = $1 WHERE position = 1", kept)
    await parked.desk.retry(by(), "letters", 1, WHY)
    async with asyncio.timeout(30):
        while await parked.rows():
            """Each look asks PostgreSQL, so that the reader gets its turn."""
    assert (await copied(parked.copies, "a"), parked.inbox.alarm) == (["legible", "two"], None)


async def test_what_is_gone_can_be_skipped(parked: Post) -> None:
    await change(parked, "DELETE FROM inbox_parked WHERE position = 1")
    parked.time.move(DELAYS[0])
    await alarm(parked, "is gone")
    with pytest.raises(ParkedEventGone):
        await parked.desk.retry(by(), "letters", 1, WHY)
    with pytest.raises(ParkedEventGone):
        await parked.desk.one(CLERK, "letters", 1)
    await parked.desk.skip(by(), "letters", 1, WHY)
    async with asyncio.timeout(30):
        while await parked.rows():
            """Each look asks PostgreSQL, so that the reader gets its turn."""
    assert (await copied(parked.copies, "a"), parked.inbox.alarm) == (["two"], None)


@pytest.fixture
async def parked_before(post: Post, monkeypatch: pytest.MonkeyPatch) -> Post:
    """An event that an older release parked, which told no leaves; and nobody reads."""
    with monkeypatch.context() as older:
        park = CopiesParked.park
        older.setattr(CopiesParked, "park", lambda self, *given: park(self, *given[:5]))
        await write(post.letters, "illegible", id="a")
        await post.taken_in(1)
        await post.rest()
    return post


async def test_what_an_older_release_parked_is_compared_with_the_stream(parked_before: Post) -> None:
    post = parked_before
    await post.stop()
    told: dict[str, Any] = (await post.copies.load(CopiesParked, "letters")).waiting[1].model_dump()
    assert told["leaf"] is None
    assert await verified(post) == []
    await change(post, FORGED)
    (found,) = await verified(post)
    assert "holds another one" in found, "the row of its service has another leaf"
    post.legible = True
    post.read()
    await alarm(post, "position 1 of letters, is not the one in inbox_parked")
    assert await copied(post.copies, "a") == []


async def test_before_the_stream_has_told_nothing_that_an_older_release_parked_is_tried(
    parked_before: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, asked, told = parked_before, asyncio.Event(), asyncio.Event()
    await write(post.letters, "illegible", id="b")
    await post.taken_in(2)
    await post.rest()
    await post.stop()
    await change(post, FORGED)

    async def late(*given: Any) -> Received:
        asked.set()
        await told.wait()
        return await find_event(*given)

    monkeypatch.setattr(taking_up, "find_event", late)
    post.legible = True
    post.read()
    await asked.wait()
    await post.told(CopiesEventTakenIn)
    assert (await copied(post.copies, "a"), await copied(post.copies, "b")) == ([], ["legible"])
    told.set()
    await alarm(post, "position 1 of letters, is not the one in inbox_parked")
    await post.rest()
    assert await copied(post.copies, "a") == []


@pytest.mark.parametrize("retried", [False, True])
async def test_what_an_older_release_parked_is_compared_whenever_it_is_tried(
    parked_before: Post, retried: bool
) -> None:
    post = parked_before
    await post.stop()
    post.read()
    await write(post.letters, "one", id="b")
    await post.taken_in(2)
    await post.rest()
    await change(post, FORGED)
    post.legible = True
    if retried:
        await post.desk.retry(by(), "letters", 1, WHY)
    else:
        post.time.move(DELAYS[0])
    await alarm(post, "position 1 of letters, is not the one in inbox_parked")
    await post.rest()
    assert await copied(post.copies, "a") == []


async def test_what_an_older_release_parked_and_is_put_right_is_taken_in(parked_before: Post) -> None:
    post = parked_before
    await post.stop()
    kept = await post.copies.pool.fetchval("SELECT meta FROM inbox_parked WHERE position = 1")
    await change(post, "UPDATE inbox_parked SET meta = 'none' WHERE position = 1")
    post.legible = True
    post.read()
    await alarm(post, "position 1 of letters, is not the one")
    await post.copies.pool.execute("UPDATE inbox_parked SET meta = $1 WHERE position = 1", kept)
    await post.desk.retry(by(), "letters", 1, WHY)
    await post.told(CopiesEventTakenIn)
    assert await copied(post.copies, "a") == ["legible"]


async def missing(*given: Any) -> Received:
    raise EventMissing("it is gone")


async def test_what_nothing_proves_any_more_is_not_taken_in_by_a_retry(
    parked_before: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = parked_before
    await post.stop()
    monkeypatch.setattr(taking_up, "find_event", missing)
    post.legible = True
    post.read()
    await alarm(post, "position 1 of letters, is not in the stream of letters")
    await post.desk.retry(by(), "letters", 1, WHY)
    await post.rest()
    assert await copied(post.copies, "a") == []
    assert "is not in the stream" in (post.inbox.alarm or "")
    await post.desk.skip(by(), "letters", 1, WHY)
    await post.rest()
    assert (await post.rows(), post.inbox.alarm) == ([], None)


async def test_a_stream_that_is_filled_again_is_waited_for(
    parked_before: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post, looks = parked_before, list[int]()
    await post.stop()

    async def emptied(*given: Any) -> Received | None:
        looks.append(len(looks))
        monkeypatch.setattr(taking_up, "find_event", find_event)
        return None

    monkeypatch.setattr(taking_up, "find_event", missing)
    monkeypatch.setattr(finding, "newest", emptied)
    post.legible = True
    post.read()
    await post.told(CopiesEventTakenIn)
    assert (looks, await copied(post.copies, "a"), post.inbox.alarm) == ([0], ["legible"], None)
