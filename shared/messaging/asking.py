"""Questions between services: what only the owner of an aggregate or of a log can answer, over NATS.

Commands never go this way, and nothing that is answered is a fact until its asker has checked it. A question
has no effect, so it may be asked again.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

import nats.errors
import orjson
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from shared.contracts.identity import check_token
from shared.contracts.text import Text
from shared.domain.refusal import Refusal
from shared.messaging.ending import end

PATIENCE = 5.0
"""Seconds that another service gets for an answer."""

ASK_ALL = 0.5
"""Seconds after which a question that one replica leaves unanswered is put to all."""

LARGEST = 900_000
"""Bytes of an answer; the server takes messages of 1 MiB."""

AT_ONCE = 16
"""Questions that one service answers at the same time; further ones wait in the order in which they came."""

LONGEST = 500
"""Characters of what another service says went wrong there, of which more is of no use to anybody."""

NOT_CONNECTED = Text(en="not connected", ar="لا اتصال")
UNREADABLE = Text(en="its answer cannot be read", ar="تعذرت قراءة جوابها")
NOBODY = "لا أحد يجيب"
TOO_LATE = "انتهت المهلة"
TOO_LARGE = "AnswerTooLarge"
"""What a service says failed there when no message can carry its answer."""

Answer = Callable[[dict[str, Any]], Awaitable[Any]]
"""Answers a question with JSON; refuses with a `Refusal`."""

Ask = Callable[[str, str, Mapping[str, Any]], Awaitable[Any]]
"""Asks another service a question; see `ask_service`."""

log = structlog.get_logger()


class NotAnswered(Refusal):
    """The service that would know does not answer now."""

    slug = "not-answered"
    status = 503
    title = Text(en="Another service does not answer", ar="خدمة أخرى لا تجيب")
    detail = Text(
        en="The service {service} does not answer ({reason}): ask again.",
        ar="الخدمة {service} لا تجيب ({reason}): أعد السؤال.",
    )


class FailedThere(NotAnswered):
    """Something failed in the service that was asked; the fact `reason` is what it calls that."""


class RefusedThere(Refusal):
    """The service that was asked refused; `slug`, `status` and the texts are its own.

    Raises:
        ValueError, TypeError: what it told is no refusal.
    """

    def __init__(self, slug: str, status: int, title: dict[str, Any], told: dict[str, Any]) -> None:
        if type(slug) is not str or type(status) is not int or not 400 <= status < 600:
            raise ValueError(f"{slug!r} with status {status!r} is no refusal")
        self.slug = slug  # type: ignore[misc]  # of this one refusal, not of the class
        self.status = status  # type: ignore[misc]
        self.title = Text(**title)  # type: ignore[misc]
        self._told = Text(**told)
        super().__init__()

    def told(self) -> Text:
        """Tell what the other service told."""
        return self._told


def subject_of(service: str, question: str) -> str:
    """Where a service is asked."""
    return f"ask.{check_token(service)}.{check_token(question)}"


def to_all(subject: str) -> str:
    """Where every replica of the service is asked at once."""
    return f"{subject}.all"


class Answering:
    """Answers the questions put to one service, several at once; of its replicas one answers, or all."""

    def __init__(self, nc: Client, service: str, answers: Mapping[str, Answer]) -> None:
        self._nc = nc
        self._service = service
        self._answers = answers
        self._subscriptions: list[Subscription] = []
        self._free = asyncio.Semaphore(AT_ONCE)
        self._under_way: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Answering":
        for question, answer in self._answers.items():
            subject = subject_of(self._service, question)
            callback = self._callback(answer)
            self._subscriptions += (
                await self._nc.subscribe(subject, queue=self._service, cb=callback),
                await self._nc.subscribe(to_all(subject), cb=callback),
            )
        return self

    async def __aexit__(self, *_: object) -> None:
        for subscription in self._subscriptions:
            with suppress(nats.errors.Error):
                await subscription.unsubscribe()
        await end(*self._under_way)

    def _callback(self, answer: Answer) -> Callable[[Msg], Awaitable[None]]:
        async def begin(message: Msg) -> None:
            await self._free.acquire()  # nats-py hands over the next message once this returns
            task = asyncio.create_task(_respond(answer, message))
            self._under_way.add(task)
            task.add_done_callback(self._done)

        return begin

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        self._free.release()


async def _respond(answer: Answer, message: Msg) -> None:
    told = await _answered(answer, message.data)
    with suppress(OSError, nats.errors.Error):
        await message.respond(told)


async def _answered(answer: Answer, question: bytes) -> bytes:
    try:
        told = orjson.dumps({"answer": await answer(orjson.loads(question))})
    except Refusal as refusal:
        return orjson.dumps({"refused": _told(refusal)})
    except Exception as error:
        log.exception("asking.failed")
        return orjson.dumps({"failed": type(error).__name__})
    return told if len(told) <= LARGEST else orjson.dumps({"failed": TOO_LARGE})


def _told(refusal: Refusal) -> dict[str, Any]:
    return {
        "slug": refusal.slug,
        "status": refusal.status,
        "title": refusal.title.model_dump(),
        "told": refusal.told().model_dump(),
    }


async def ask_service(nc: Client, service: str, question: str, about: Mapping[str, Any]) -> Any:
    """Ask a service; return its answer as JSON gives it.

    Raises:
        NotAnswered: there is nobody to answer, or the answer cannot be read.
        FailedThere: something failed there; a `NotAnswered` too.
        RefusedThere: it refused.
    """
    try:
        message = await _first_answer(nc, subject_of(service, question), orjson.dumps(dict(about)))
    except (OSError, nats.errors.Error) as error:
        raise NotAnswered(service=service, reason=_why(error)) from error
    told, raised = _read(service, message.data)
    if raised is not None:
        raise raised
    return told


def _why(error: OSError | nats.errors.Error) -> Text:
    english = str(error) or type(error).__name__
    if isinstance(error, nats.errors.NoRespondersError):
        return Text(en=english, ar=NOBODY)
    return Text(en=english, ar=TOO_LATE if isinstance(error, TimeoutError) else NOT_CONNECTED.ar)


async def nobody_asked(service: str, question: str, about: Mapping[str, Any]) -> Any:
    """Stand in where no other service can be asked."""
    raise NotAnswered(service=service, reason=NOT_CONNECTED)


async def _first_answer(nc: Client, subject: str, question: bytes) -> Msg:
    """Ask one replica, chosen by NATS; where it does not answer soon, ask all of them.

    NATS gives a question to a replica that hangs as often as to one that is well, until it has missed it
    for some pings.
    """
    one = asyncio.create_task(nc.request(subject, question, timeout=PATIENCE))
    asked = {one}
    try:
        if not (await asyncio.wait(asked, timeout=ASK_ALL))[0]:
            everybody = nc.request(to_all(subject), question, timeout=PATIENCE - ASK_ALL)
            asked.add(asyncio.create_task(everybody))
        while True:
            answered, asked = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
            for answer in answered:
                if answer.exception() is None:
                    return answer.result()
            if not asked:
                return answered.pop().result()
    finally:
        await end(one, *asked)


def _read(service: str, data: bytes) -> tuple[Any, Refusal | None]:
    """Read an answer, or what is to be raised for it; whoever answers may not be who should."""
    try:
        told = orjson.loads(data)
        if "refused" in told:
            return None, RefusedThere(**told["refused"])
        if "failed" in told:
            return None, FailedThere(service=service, reason=str(told["failed"])[:LONGEST])
        return told["answer"], None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None, NotAnswered(service=service, reason=UNREADABLE)
