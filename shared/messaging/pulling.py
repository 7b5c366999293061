"""FastStream's batch subscriber, made to hand over at once what has come."""

import asyncio
from contextlib import suppress

import nats.errors
import orjson
from faststream.nats.subscriber.usecases.stream_pull_subscriber import BatchPullStreamSubscriber
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

GRACE = 0.5
"""Seconds beyond its end after which a request counts as lost: the server tells of every end itself."""

PAUSE = 0.1
"""Seconds before the next request after one that was refused: the consumer or its leader is away."""

_EXPIRED = "408"
_STATUS, _LEFT = "Status", "Nats-Pending-Messages"


class Pull:
    """Asks a consumer for messages, always some time before it has sent all that it was asked for.

    nats-py's `fetch` asks once, and then waits for all of it unless the server says that there is no more.
    The server does not say so of a request that found a message at once: the messages stood for up to the
    whole time of the request.

    Args:
        size: messages that are asked for at once.
        seconds: how long the server keeps a request; one of before its restart is waited for in vain.
    """

    def __init__(self, nc: Client, stream: str, durable: str, size: int, seconds: float) -> None:
        self._nc = nc
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{durable}"
        self._inbox = nc.new_inbox()
        self._size = size
        self._patience = seconds + GRACE
        self._request = orjson.dumps({"batch": size, "expires": int(seconds * 1e9)})
        self._due = 0
        self._refused = False
        self._messages: list[Msg] = []
        self._something = asyncio.Event()

    async def subscribe(self) -> Subscription:
        """Begin to listen, until that is unsubscribed."""
        return await self._nc.subscribe(self._inbox, cb=self._came)

    async def messages(self) -> list[Msg]:
        """Wait until there is one; return all that have come."""
        while True:
            await self._ask()
            if self._messages:
                come, self._messages = self._messages, []
                return come
            self._something.clear()
            try:
                async with asyncio.timeout(self._patience):
                    await self._something.wait()
            except TimeoutError:
                self._due = 0

    async def _ask(self) -> None:
        if self._due > self._size // 2:
            return
        if self._refused:
            await asyncio.sleep(PAUSE)
            self._refused = False
        with suppress(nats.errors.Error):  # what is not sent counts as lost
            await self._nc.publish(self._subject, self._request, reply=self._inbox)
        self._due += self._size

    async def _came(self, message: Msg) -> None:
        if message.reply:  # where it is acknowledged; what the server says itself has none
            self._messages.append(message)
            self._due -= 1
        else:
            said = message.headers or {}
            self._due = max(self._due - int(said.get(_LEFT, self._size)), 0)
            self._refused = said.get(_STATUS) != _EXPIRED
        self._something.set()


class PromptBatches(BatchPullStreamSubscriber):
    """Takes what comes in batches, of however many messages there are.

    FastStream's own collects until a batch is full or its time is over, so that a single event would wait for
    the end of that time. Its subscriber without batches waits for nothing, but starts a task with all its
    middleware for every message: more than half of what it costs to take an event in.
    """

    __slots__ = ()

    async def _create_subscription(self) -> None:
        if self.subscription is None:
            asked, durable = self.pull_sub, self.extra_options["durable"]
            assert asked.timeout is not None, "every request has an end"
            pull = Pull(self.connection, self.stream.name, durable, asked.batch_size, asked.timeout)
            self.subscription = await pull.subscribe()  # type: ignore[assignment]  # only ever unsubscribed
            self.add_task(self._hand_over, (pull,))

    async def _hand_over(self, pull: Pull) -> None:
        while self.running:
            messages = await pull.messages()
            if self.running:
                await self.consume(messages)
