"""Questions between services over NATS: answers, refusals, silence and failures."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.domain import NotFound
from shared.messaging import asking
from shared.messaging.asking import LARGEST, Answering, NotAnswered, RefusedThere, ask_service
from shared.messaging.connection import broker_for
from tests.integration.asof.conftest import Office


@pytest.fixture
async def nc(nats_url: str) -> AsyncIterator[Client]:
    broker = broker_for(nats_url, "tests")
    yield await broker.connect()
    await broker.stop()


class Owner:
    """Answers with what it was asked, and counts."""

    def __init__(self) -> None:
        self.asked = 0

    async def echo(self, question: dict[str, Any]) -> Any:
        self.asked += 1
        return {"asked": question}

    async def refuse(self, question: dict[str, Any]) -> Any:
        raise NotFound(**question)

    async def fail(self, question: dict[str, Any]) -> Any:
        raise RuntimeError("a secret of the inside")

    async def large(self, question: dict[str, Any]) -> Any:
        return "x" * question["bytes"]

    def answering(self, nc: Client) -> Answering:
        answers = {"echo": self.echo, "refuse": self.refuse, "fail": self.fail, "large": self.large}
        return Answering(nc, "letters", answers)


async def test_an_answer_comes_back_as_json(nc: Client) -> None:
    async with Owner().answering(nc):
        question = {"kind": "letter", "text": "قرار", "numbers": [1, None]}
        assert await ask_service(nc, "letters", "echo", question) == {"asked": question}


async def test_a_refusal_comes_back_as_it_was_told_there(nc: Client) -> None:
    async with Owner().answering(nc):
        with pytest.raises(RefusedThere) as refused:
            await ask_service(nc, "letters", "refuse", {"kind": "letter", "id": "x"})
    there = NotFound(kind="letter", id="x")
    here = refused.value
    assert (here.slug, here.status, here.title, here.told()) == (
        there.slug,
        there.status,
        there.title,
        there.told(),
    )
    assert (NotFound.status, RefusedThere.slug) == (404, "refused")


async def test_where_nobody_answers_that_is_said_at_once(nc: Client) -> None:
    async with asyncio.timeout(asking.PATIENCE / 2):
        with pytest.raises(NotAnswered, match="letters"):
            await ask_service(nc, "letters", "echo", {})
    async with Owner().answering(nc):
        assert await ask_service(nc, "letters", "echo", {})
    with pytest.raises(NotAnswered):
        await ask_service(nc, "letters", "echo", {})


async def test_what_a_replica_leaves_unanswered_another_one_answers(nc: Client) -> None:
    hangs = Owner()

    async def hang(question: dict[str, Any]) -> Any:
        hangs.asked += 1
        await asyncio.Event().wait()

    well = Owner()
    async with Answering(nc, "letters", {"echo": hang}), well.answering(nc):
        async with asyncio.timeout(asking.PATIENCE * 2):
            while not hangs.asked:  # NATS gives a question to either
                assert await ask_service(nc, "letters", "echo", {"n": 1}) == {"asked": {"n": 1}}
    assert well.asked


async def test_a_failure_there_is_told_without_its_words(nc: Client) -> None:
    async with Owner().answering(nc):
        with pytest.raises(NotAnswered, match="RuntimeError") as refused:
            await ask_service(nc, "letters", "fail", {})
    assert "secret" not in str(refused.value)


async def test_an_answer_that_no_message_can_carry_is_told(nc: Client) -> None:
    async with Owner().answering(nc):
        carried = LARGEST - len('{"answer":""}')
        assert len(await ask_service(nc, "letters", "large", {"bytes": carried})) == carried
        with pytest.raises(NotAnswered, match="AnswerTooLarge"):
            await ask_service(nc, "letters", "large", {"bytes": carried + 1})


async def test_one_of_two_replicas_answers(nc: Client, nats_url: str) -> None:
    other = broker_for(nats_url, "other")
    first, second = Owner(), Owner()
    async with first.answering(nc), second.answering(await other.connect()):
        await (await other.connect()).flush()
        for number in range(40):
            await ask_service(nc, "letters", "echo", {"number": number})
    await other.stop()
    assert first.asked + second.asked == 40
    assert first.asked and second.asked


async def test_a_service_is_asked_for_the_state_of_what_it_owns(office: Office, nc: Client) -> None:
    await office.import_example()
    told = (await office.get("/registry/streams/measure/298-2025-a2-r01/state")).json()
    about = {"kind": "measure", "id": "298-2025-a2-r01"}
    assert await ask_service(nc, "registry", "state", about) == told
    history = (await office.get("/registry/streams/measure/298-2025-a2-r01")).json()["items"]
    for as_of in (history[0]["position"], history[0]["recorded_at"], str(history[0]["position"])):
        then = await ask_service(nc, "registry", "state", {**about, "as_of": as_of})
        assert (then["as_of"], then["version"] >= 1) == (history[0]["recorded_at"], True)
    for service, kind, id in (
        ("registry", "measure", "none"),
        ("registry", "task", "x"),
        ("tasks", "staff", "x"),
    ):
        with pytest.raises(RefusedThere) as refused:
            await ask_service(nc, service, "state", {"kind": kind, "id": id})
        assert refused.value.status == 404
    for wrong, slug in (
        ({}, "bad-question"),
        ({"kind": 5, "id": "x"}, "bad-question"),
        ({**about, "as_of": "soon"}, "bad-as-of"),
        ({**about, "as_of": 1.5}, "bad-question"),
        ({**about, "as_of": True}, "bad-as-of"),
    ):
        with pytest.raises(RefusedThere) as refused:
            await ask_service(nc, "registry", "state", wrong)
        assert (refused.value.status, refused.value.slug) == (400, slug)


@pytest.mark.parametrize(
    "answer",
    [
        b"x",
        b"",
        b"7",
        b"[]",
        b"{}",
        b'"answer"',
        b'{"refused":7}',
        b'{"refused":{"slug":"x"}}',
        b'{"refused":{"slug":7,"status":404,"title":{"en":"a"},"told":{"en":"b"}}}',
        b'{"refused":{"slug":"x","status":"404","title":{"en":"a"},"told":{"en":"b"}}}',
        b'{"refused":{"slug":"x","status":200,"title":{"en":"a"},"told":{"en":"b"}}}',
        b'{"refused":{"slug":"x","status":404,"title":{},"told":{"en":"b"}}}',
        b'{"refused":{"slug":"x","status":404,"title":{"en":"a"},"told":[]}}',
    ],
)
async def test_an_answer_that_cannot_be_read_is_none(nc: Client, answer: bytes) -> None:
    async def respond(message: Msg) -> None:
        await message.respond(answer)

    await nc.subscribe("ask.letters.echo", cb=respond)
    with pytest.raises(NotAnswered, match="cannot be read"):
        await ask_service(nc, "letters", "echo", {})


async def test_one_question_does_not_wait_for_another_up_to_a_bound(nc: Client, nats_url: str) -> None:
    begun, ended = asyncio.Semaphore(0), asyncio.Event()
    under_way, most = 0, 0

    async def slow(question: dict[str, Any]) -> Any:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        begun.release()
        await ended.wait()
        under_way -= 1
        return question

    async with asyncio.timeout(asking.PATIENCE), Answering(nc, "letters", {"slow": slow, "other": slow}):
        questions = ["slow", "other"] * asking.AT_ONCE
        asked = [
            asyncio.create_task(ask_service(nc, "letters", name, {"number": number}))
            for number, name in enumerate(questions)
        ]
        for _ in range(asking.AT_ONCE):
            await begun.acquire()
        ended.set()
        answers = await asyncio.gather(*asked)
    assert [answer["number"] for answer in answers] == list(range(len(questions)))
    assert most == asking.AT_ONCE


async def test_answers_under_way_end_with_the_service(nc: Client) -> None:
    begun, ended = asyncio.Event(), False

    async def endless(_: dict[str, Any]) -> Any:
        nonlocal ended
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended = True

    async with Answering(nc, "letters", {"echo": endless}):
        asked = asyncio.create_task(ask_service(nc, "letters", "echo", {}))
        await begun.wait()
    assert ended
    asked.cancel()
