"""Events that cannot be taken in wait aside, in order; the rest flows. On real engines."""

import pytest

from shared.messaging.parking.orders import DELAYS
from shared.messaging.parking.refusals import NotFirst, NotParked
from tests.integration.messaging.post import WHY, Post, by, post
from tests.integration.messaging.sample import (
    CLERK,
    CopiesEventParked,
    CopiesEventSkipped,
    CopiesEventTakenIn,
    CopyMade,
    copied,
    write,
)

__all__ = ["post"]


async def test_a_poison_event_parks_its_stream_in_order_and_the_rest_flows(post: Post) -> None:
    await write(post.letters, "one", "illegible", "three", id="a")
    await write(post.letters, "one", "two", id="b")
    await write(post.letters, "four", id="a")
    await post.taken_in(6)

    assert (await copied(post.copies, "a"), await copied(post.copies, "b")) == (["one"], ["one", "two"])
    told = await post.told(CopiesEventParked, 3)
    assert [(one.of_position, one.behind) for one in told] == [(2, None), (3, 2), (6, 2)]
    assert [one.failure.code if one.failure else None for one in told] == ["illegible", None, None]
    assert await post.rows() == [(2, 1), (3, 0), (6, 0)]
    assert (post.inbox.parked, post.inbox.alarm) == (3, None)


async def test_what_is_mended_drains_with_the_next_attempt_in_order(post: Post) -> None:
    await write(post.letters, "illegible", "two", "three", id="a")
    await post.taken_in(3)
    await post.rest()
    post.legible = True
    post.time.move(DELAYS[0])
    told = await post.told(CopiesEventTakenIn, 3)

    assert [one.of_position for one in told] == [1, 2, 3]
    assert await copied(post.copies, "a") == ["legible", "two", "three"]
    assert (await post.rows(), post.inbox.parked) == ([], 0)
    await write(post.letters, "four", id="a")
    await post.taken_in(4)
    assert await copied(post.copies, "a") == ["legible", "two", "three", "four"]
    assert len(await post.told(CopiesEventParked, 3)) == 3, "a stream that is free is free"


async def test_what_was_missing_wakes_it_when_it_comes(post: Post) -> None:
    """As a procedure does that is adopted after the measure was ordered; no time passes."""
    await write(post.letters, "needs b", "two", id="a")
    await post.taken_in(2)
    await post.rest()
    assert await post.rows() == [(1, 1), (2, 0)], "what it was tried again for did not count"
    await write(post.letters, "one", id="b")
    await post.told(CopiesEventTakenIn, 2)

    assert await copied(post.copies, "a") == ["needs b", "two"]


async def test_the_effects_are_those_of_an_event_that_was_never_parked(post: Post) -> None:
    await write(post.letters, "needs b", id="a")
    await post.taken_in(1)
    await write(post.letters, "one", id="b")
    await post.told(CopiesEventTakenIn)

    cause = (await post.letters.read(0))[0]
    effects = [r for r in await post.copies.read(0) if r.about.fields.get("causation") == str(cause.event_id)]
    assert [type(r.event) for r in effects] == [CopiesEventParked, CopiesEventTakenIn, CopyMade]
    assert len({r.about.fields["command"] for r in effects[1:]}) == 1, "it leaves with its effects"
    assert {r.about.correlation for r in effects} == {cause.about.correlation}


async def test_a_skip_lets_those_behind_it_follow(post: Post) -> None:
    await write(post.letters, "illegible", "two", "illegible", "four", id="a")
    await post.taken_in(4)
    for refused, position in ((NotFirst, 2), (NotParked, 9)):
        with pytest.raises(refused):
            await post.desk.skip(by(), "letters", position, WHY)
    await post.desk.skip(by(), "letters", 1, WHY)
    await post.attempted(3, 1)
    assert await copied(post.copies, "a") == ["two"]
    await post.desk.skip(by(), "letters", 3, WHY)
    await post.told(CopiesEventTakenIn, 2)

    assert await copied(post.copies, "a") == ["two", "four"]
    assert [(one.of_position, one.by, one.reason) for one in await post.told(CopiesEventSkipped, 2)] == [
        (1, "admin", WHY),
        (3, "admin", WHY),
    ]
    assert await post.rows() == []
    with pytest.raises(NotParked):
        await post.desk.skip(by(), "letters", 1, WHY)


async def test_an_operator_sees_what_waits_and_why(post: Post) -> None:
    await write(post.letters, "illegible", "two", id="a")
    await post.taken_in(2)
    (inbox,) = await post.desk.inboxes(CLERK)
    assert (inbox["source"], inbox["position"], inbox["parked"], inbox["given_up"]) == ("letters", 2, 2, 0)
    first, second = (told for _, told in await post.desk.listed(CLERK, "letters", "letter.a", 0, 10))
    assert (first["position"], first["behind"], first["code"]) == (1, None, "illegible")
    assert (second["position"], second["behind"], second["code"]) == (2, 1, None)
    assert await post.desk.listed(CLERK, "letters", "letter.b", 0, 10) == []
    one = await post.desk.one(CLERK, "letters", 1)
    assert (one["data"], one["meta"]["stream"]) == ({"text": "illegible"}, "letter.a")
    assert "Illegible" in one["failure"]["detail"]
