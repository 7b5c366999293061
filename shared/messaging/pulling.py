"""FastStream's batch subscriber, made to hand over at once what a fetch brought."""

from contextlib import suppress

from faststream.nats.subscriber.usecases.stream_pull_subscriber import BatchPullStreamSubscriber
from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, TimeoutError
from nats.js.errors import ServiceUnavailableError


class PromptBatches(BatchPullStreamSubscriber):
    """Pulls in batches, of however many messages there are.

    FastStream's own collects until a batch is full or its time is over, so that a single event would wait for
    the end of that time. Its subscriber without batches waits for nothing, but starts a task with all its
    middleware for every message: more than half of what it costs to take an event in.
    """

    __slots__ = ()

    async def _consume_pull(self) -> None:
        assert self.subscription is not None, "it is started before it pulls"
        while self.running:
            messages: list[Msg] = []
            with suppress(TimeoutError, ConnectionClosedError, ServiceUnavailableError):
                messages = await self.subscription.fetch(self.pull_sub.batch_size, self.pull_sub.timeout)
            if messages and self.running:
                await self.consume(messages)
