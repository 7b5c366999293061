"""What earlier releases passed over is noted from the stream, before an inbox goes on (decision 0036).

A service that learns to note a fact about which it did nothing before would know only those that are told
from then on.
"""

import asyncio
from collections.abc import Callable, Container
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid5

import structlog
from nats.aio.client import Client

from shared.contracts.envelope import SUBJECT_ROOT
from shared.contracts.event import Event
from shared.domain import Aggregate
from shared.eventstore.command import Command
from shared.eventstore.store import EventStore
from shared.messaging.finding import along, check_reaches, newest
from shared.messaging.received import Received
from shared.messaging.steps import Reaction

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Fact:
    """A kind of event that this service notes, on the aggregate of the same id, and did not note before.

    Args:
        event: the first of what the source tells of an aggregate, so that none of it is parked before, unless
            noting it depends on nothing else.
        kind: what it is noted on, by the reaction to it, which does nothing besides.
        noted: whether what was told is noted there.
        react: what notes it and does nothing besides, where the reaction to it does more. It notes what is
            parked, too, and changes nothing where that is taken in later.
    """

    event: type[Event]
    kind: type[Aggregate]
    noted: Callable[[Any, Received], bool]
    react: Reaction | None = None

    @property
    def subject(self) -> str:
        """Where such events are published, whatever they are about."""
        service, kind, name = self.event.event_type.split(".")
        return f"{SUBJECT_ROOT}.{service}.{kind}.*.{name}"


class LookingBack:
    """Notes of one source what earlier releases of the service did not.

    Args:
        store: of the service that takes in.
        source: the other service.
        react: what is to be done about an event.
        parked: the streams of the source of which something is parked: that is taken in from there.
    """

    def __init__(self, store: EventStore, source: str, react: Reaction, parked: Container[str]) -> None:
        self._store = store
        self._source = source
        self._react = react
        self._parked = parked

    async def note(self, nc: Client, fact: Fact, position: int) -> None:
        """Note what was told up to a position that the inbox has passed.

        Facts are noted in the order of the stream, so that where the newest is noted, all are: one question
        then.

        Raises:
            StreamBehind: the stream does not hold all of that now.
            JetStreamRefused, MalformedMessage, nats.errors.Error: it cannot be read.
            Exception: whatever the store raises.
        """
        if position == 0 or await self._is_noted(fact, await newest(nc, self._source, fact.subject)):
            return
        await check_reaches(nc, self._source, position)
        commands = []
        async for received in along(nc, self._source, fact.subject):
            if received.position > position:
                break
            commands += self._noting(fact, received)
        outcomes = await asyncio.gather(*self._store.execute_in_order(commands))
        if noted := sum(outcome.events for outcome in outcomes if not outcome.repeated):
            log.info("inbox.looked-back", service=self._store.service, source=self._source, noted=noted)

    async def _is_noted(self, fact: Fact, told: Received | None) -> bool:
        return told is not None and fact.noted(await self._store.load(fact.kind, told.id), told)

    def _noting(self, fact: Fact, received: Received) -> list[Command[Any]]:
        """React to it, under an id of its own: that of the reaction is for what is parked."""
        command = None
        if fact.react is not None or received.stream not in self._parked:
            with suppress(Exception):  # of a newer schema, and skipped by an operator: never read here
                command = (fact.react or self._react)(received)
        if command is None:
            return []
        by = replace(command.by, id=uuid5(command.by.id, "looked-back"))
        return [replace(command, name="look-back", by=by)]
