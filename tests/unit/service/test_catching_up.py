"""Before something is judged, what its sources have published by then is taken in."""

import asyncio
from types import SimpleNamespace
from typing import Any

import nats.errors
import pytest

from shared.messaging.jetstream import MESSAGE_NOT_FOUND, JetStreamRefused
from shared.messaging.progress import Progress
from shared.messaging.received import MalformedMessage
from shared.service import catching_up
from shared.service.catching_up import caught_up

LONG, SHORT = 5.0, 0.05


class Store:
    """Knows how far the inbox is, by what is committed."""

    service = "tasks"

    def __init__(self, position: int) -> None:
        self.position = position

    async def inbox_position(self, _: str) -> int:
        return self.position


def inbox() -> Any:
    return SimpleNamespace(source="registry", progress=Progress(), blocked=False)


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the stream answers, one after the other; the last answer stands. Its last sequence is 9."""
    answers: list[Any] = []
    sequences = [9]

    async def read(_nc: object, _source: str, asked: dict[str, object]) -> Any:
        sequence = asked.get("seq", 9)
        assert asked in ({"last_by_subj": "evt.registry.>"}, {"seq": sequences[-1] - 1})
        sequences.append(sequence if isinstance(sequence, int) else 0)
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, JetStreamRefused | nats.errors.Error):
            raise answer
        return sequence, answer

    def opened(answer: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return SimpleNamespace(position=answer)

    monkeypatch.setattr(catching_up, "ask_message", read)
    monkeypatch.setattr(catching_up, "opened", opened)
    monkeypatch.setattr(catching_up, "LOOK_AGAIN", 0.01)
    return answers


async def wait(store: Store, reads: Any, patience: float = LONG) -> bool:
    return await caught_up(store, None, [reads], patience)  # type: ignore[arg-type]  # stand-ins


async def test_what_is_taken_in_already_is_not_waited_for(stream: list[Any]) -> None:
    stream.append(7)
    assert await wait(Store(7), inbox())


async def test_an_empty_stream_holds_nothing_to_wait_for(stream: list[Any]) -> None:
    stream.append(JetStreamRefused({"err_code": MESSAGE_NOT_FOUND}))
    assert await wait(Store(0), inbox())


async def test_events_that_are_on_their_way_are_waited_for(stream: list[Any]) -> None:
    stream.append(7)
    reads = inbox()
    waiting = asyncio.create_task(wait(Store(5), reads))
    await reads.progress.move(6)
    await asyncio.sleep(0)
    assert not waiting.done()
    await reads.progress.move(7)
    assert await waiting


async def test_what_another_replica_takes_in_counts(stream: list[Any]) -> None:
    stream.append(7)
    store = Store(5)
    waiting = asyncio.create_task(wait(store, inbox()))
    await asyncio.sleep(0)
    store.position = 7
    assert await waiting


async def test_a_broker_that_is_away_is_asked_again(stream: list[Any]) -> None:
    stream.extend([nats.errors.ConnectionClosedError(), 7])
    assert await wait(Store(7), inbox())


async def test_an_inbox_that_stands_still_holds_up_for_a_while_only(stream: list[Any]) -> None:
    stream.append(7)
    assert not await wait(Store(5), inbox(), SHORT)


async def test_what_is_no_event_at_the_end_is_passed_over(stream: list[Any]) -> None:
    hole = JetStreamRefused({"err_code": MESSAGE_NOT_FOUND})
    stream.extend([MalformedMessage("no headers"), hole, MalformedMessage("no headers"), 6])
    assert await wait(Store(6), inbox())


async def test_events_before_it_are_waited_for_all_the_same(stream: list[Any]) -> None:
    stream.extend([MalformedMessage("no headers"), 8])
    assert not await wait(Store(6), inbox(), SHORT)


async def test_a_stream_of_nothing_else_holds_nothing_to_wait_for(stream: list[Any]) -> None:
    stream.append(MalformedMessage("no headers"))
    assert await wait(Store(0), inbox())


async def test_an_inbox_that_such_a_message_stops_is_not_waited_for(stream: list[Any]) -> None:
    stream.append(7)
    reads = inbox()
    reads.blocked = True
    async with asyncio.timeout(SHORT):
        assert not await wait(Store(5), reads, LONG)
