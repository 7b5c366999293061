"""Another service's stream, read through FastStream: messages come in, are checked, and wait by position."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import nats.errors
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, PullSub
from faststream.nats.message import NatsBatchMessage
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.contracts.envelope import stream_name, subjects_of
from shared.messaging.configuration import durable_of
from shared.messaging.likeness import RESTORE
from shared.messaging.provision import verify_consumer
from shared.messaging.pulling import PromptBatches
from shared.messaging.received import MalformedMessage, Received, open_envelope

FETCH = 256
"""Messages asked for at once."""

FETCH_SECONDS = 2.0
"""How long the server keeps a request; of one from before its restart it knows nothing."""

LOOK_EVERY = 2.0
"""Seconds between looks whether the consumer still exists, should no advisory say that it is gone."""

_ADVISORIES = "$JS.EVENT.ADVISORY"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event that arrived and is not acknowledged yet."""

    received: Received
    message: Msg

    @property
    def sequence(self) -> int:
        """Its sequence in the stream that it came from."""
        return self.message.metadata.sequence.stream


class Source:
    """The subscription of one session; to be entered once.

    What has come is handed over at once (see `PromptBatches`); here it is put in order again.
    """

    def __init__(self, broker: NatsBroker, nc: Client, service: str, source: str) -> None:
        self.backlog = 0
        self.at_the_end = False
        """Whether the last look found that the stream holds nothing more for this inbox."""
        self._broker = broker
        self._nc = nc
        self._service = service
        self._source = source
        self._waiting: dict[int, Arrival] = {}
        self._changed = asyncio.Event()
        self._malformed: MalformedMessage | None = None
        self._came: datetime | None = None
        self._look = asyncio.Event()

    async def __aenter__(self) -> "Source":
        stream, durable = stream_name(self._source), durable_of(self._service, self._source)
        self._advisories = [
            await self._nc.subscribe(f"{_ADVISORIES}.CONSUMER.DELETED.{stream}.{durable}", cb=self._advised),
            await self._nc.subscribe(f"{_ADVISORIES}.STREAM.DELETED.{stream}", cb=self._advised),
        ]
        self._subscriber = self._broker.subscriber(
            subjects_of(self._source),
            stream=JStream(stream, declare=False),
            durable=durable,
            pull_sub=PullSub(batch_size=FETCH, timeout=FETCH_SECONDS, batch=True),
            ack_policy=AckPolicy.MANUAL,
            no_reply=True,
            decoder=_as_they_came,
            persistent=False,
        )
        # FastStream has no place where to say which class it should build.
        self._subscriber.__class__ = PromptBatches
        self._subscriber(self._arrived)
        await self._subscriber.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        with suppress(nats.errors.Error):
            await self._subscriber.stop()
        for subscription in self._advisories:
            with suppress(nats.errors.Error):
                await subscription.unsubscribe()
        self._waiting.clear()  # it comes again; and what ended the session may keep this in memory for long

    async def watch(self) -> None:
        """Raise what `verify_consumer` raises, as soon as the consumer is no longer what it should be.

        Whoever pulls from a consumer that is gone asks again and again and is told nothing else.
        """
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), LOOK_EVERY)
            self._look.clear()
            with suppress(nats.errors.Error):
                info = await verify_consumer(self._nc, self._service, self._source)
                self.backlog = info["num_pending"] + info["num_ack_pending"]
                self.at_the_end = self.backlog == 0

    async def following(self, position: int, limit: int, patience: float) -> list[Arrival]:
        """Wait for the events right after `position`; return those that have come, at most `limit`.

        Messages at or before `position` are acknowledged: they are known.

        Raises:
            MalformedMessage: the stream holds something that is no event.
            TimeoutError: others have come, but not the next one, for `patience` seconds.
        """
        deadline: float | None = None
        while True:
            await self._settle(position)
            if position + 1 in self._waiting:
                return self._run_after(position, limit)
            if self._malformed is not None:
                raise self._malformed
            self._changed.clear()
            if self._waiting and deadline is None:
                deadline = asyncio.get_running_loop().time() + patience
            async with asyncio.timeout_at(deadline):
                await self._changed.wait()

    async def acknowledge(self, arrivals: list[Arrival]) -> None:
        """Let go of events whose effects are committed."""
        for arrival in arrivals:
            self._waiting.pop(arrival.received.position, None)
            await arrival.message.ack()

    def oldest(self, position: int) -> datetime | None:
        """Since when the first that came and is beyond a position waits; None where nothing does.

        An event waits since it was recorded, what is no event since it came.
        """
        moments = [one.received.recorded_at for at, one in self._waiting.items() if at > position]
        return min([*moments, *([self._came] if self._came is not None else [])], default=None)

    def earliest(self) -> Arrival:
        """The waiting event of the lowest position."""
        return self._waiting[min(self._waiting)]

    def _run_after(self, position: int, limit: int) -> list[Arrival]:
        run: list[Arrival] = []
        while len(run) < limit and (arrival := self._waiting.get(position + len(run) + 1)):
            run.append(arrival)
        return run

    async def _settle(self, position: int) -> None:
        known = [arrival for at, arrival in self._waiting.items() if at <= position]
        await self.acknowledge(known)

    async def _arrived(self, messages: list[Msg]) -> None:
        for message in messages:
            try:
                received = open_envelope(message.subject, message.headers, message.data)
            except MalformedMessage as error:
                self._note(message, error)
            else:
                self._waiting[received.position] = Arrival(received, message)
        self._changed.set()

    def _note(self, message: Msg, error: MalformedMessage) -> None:
        about = message.metadata
        where = f"sequence {about.sequence.stream} of {stream_name(self._source)}"
        self._malformed = MalformedMessage(f"{where} is no event of {self._source}: {error}; {RESTORE}")
        self._came = min(self._came or about.timestamp, about.timestamp)

    async def _advised(self, _: Msg) -> None:
        self._look.set()


async def _as_they_came(message: NatsBatchMessage) -> list[Msg]:
    return message.raw_message
