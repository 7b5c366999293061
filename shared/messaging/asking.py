"""Questions between services: what only the owner of an aggregate or of a log can answer, over NATS.

Commands never go this way, and nothing that is answered is a fact until its asker has checked it. A question
has no effect, so it may be asked again.
"""

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

PATIENCE = 5.0
"""Seconds that another service gets for an answer."""

LARGEST = 900_000
"""Bytes of an answer; the server takes messages of 1 MiB."""

Answer = Callable[[dict[str, Any]], Awaitable[Any]]
"""Answers a question with JSON; refuses with a `Refusal`."""

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


class RefusedThere(Refusal):
    """The service that was asked refused; `slug`, `status` and the texts are its own."""

    def __init__(self, slug: str, status: int, title: dict[str, Any], told: dict[str, Any]) -> None:
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


class Answering:
    """Answers the questions put to one service; of its replicas any one answers."""

    def __init__(self, nc: Client, service: str, answers: Mapping[str, Answer]) -> None:
        self._nc = nc
        self._service = service
        self._answers = answers
        self._subscriptions: list[Subscription] = []

    async def __aenter__(self) -> "Answering":
        for question, answer in self._answers.items():
            subject = subject_of(self._service, question)
            callback = self._callback(answer)
            self._subscriptions.append(await self._nc.subscribe(subject, queue=self._service, cb=callback))
        return self

    async def __aexit__(self, *_: object) -> None:
        for subscription in self._subscriptions:
            with suppress(nats.errors.Error):
                await subscription.unsubscribe()

    def _callback(self, answer: Answer) -> Callable[[Msg], Awaitable[None]]:
        async def respond(message: Msg) -> None:
            with suppress(nats.errors.Error):
                await message.respond(await _answered(answer, message.data))

        return respond


async def _answered(answer: Answer, question: bytes) -> bytes:
    try:
        told = orjson.dumps({"answer": await answer(orjson.loads(question))})
    except Refusal as refusal:
        return orjson.dumps({"refused": _told(refusal)})
    except Exception as error:
        log.exception("asking.failed")
        return orjson.dumps({"failed": type(error).__name__})
    return told if len(told) <= LARGEST else orjson.dumps({"failed": f"the answer has {len(told)} bytes"})


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
        NotAnswered: there is nobody to answer, or something failed there.
        RefusedThere: it refused.
    """
    try:
        message = await nc.request(subject_of(service, question), orjson.dumps(dict(about)), timeout=PATIENCE)
    except (OSError, nats.errors.Error) as error:
        raise NotAnswered(service=service, reason=str(error) or type(error).__name__) from error
    told = orjson.loads(message.data)
    if "refused" in told:
        raise RefusedThere(**told["refused"])
    if "failed" in told:
        raise NotAnswered(service=service, reason=told["failed"])
    return told["answer"]
