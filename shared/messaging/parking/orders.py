"""The commands that park events, take them in after all, and give them up."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from shared.contracts.inbox import OfParked
from shared.domain import Actor
from shared.domain.clock import Clock
from shared.eventstore.command import Command, Instruction, Turn
from shared.eventstore.parking import ParkedRow, ParkingStep, Trial
from shared.messaging.parking.by_stream import StrandsOf, by_stream
from shared.messaging.parking.failures import Failed
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.parking.taking_up import stored_as
from shared.messaging.received import Received

DELAYS = (
    timedelta(seconds=10),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=8),
    timedelta(hours=24),
)
"""From each failed attempt to the next; after the last one, a day and a half later, it waits for a person."""


def next_after(attempts: int, now: datetime, failed: Failed) -> datetime | None:
    """When an event that has failed so often is tried again; None where that was the last attempt.

    One that only a newer release can read is never given up: no person could do anything but bring it, and
    then the start must find the event still to be tried.
    """
    if attempts > len(DELAYS) and not failed.of_newer_release:
        return None
    return now + DELAYS[min(attempts, len(DELAYS)) - 1]


def instruction_of(service: str, received: Received, name: str) -> Instruction:
    """Instruct in the name of the service; a meta that says nothing of the chain is no obstacle."""
    correlation: UUID | None = None
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        correlation = received.correlation
    return Instruction(
        id=uuid5(received.event_id, f"{service}.{name}"),
        actor=Actor(subject=f"service:{service}", role="service"),
        correlation=correlation,
        causation=received.event_id,
    )


class Orders:
    """Makes the commands about the parked events of one source.

    Args:
        service: the one that takes in.
        source: the one whose events they are.
        kind: the service's own class of `ParkedEvents`.
        clock: tells when the next attempt is due.
        strands_of: what has to wait with what.
    """

    def __init__(
        self,
        service: str,
        source: str,
        kind: type[ParkedEvents],
        clock: Clock,
        strands_of: StrandsOf = by_stream,
    ) -> None:
        self._service = service
        self._source = source
        self._kind = kind
        self._clock = clock
        self._strands_of = strands_of
        self._reads = ((kind, source),)

    def park(self, received: Received, failed: Failed | None) -> Command[None]:
        """Put an event aside that failed, or one that waits behind others."""
        by = instruction_of(self._service, received, "park")
        attempts = 0 if failed is None else 1
        row = ParkedRow(
            log_id=received.log_id,
            leaf_log=received.leaf_log,
            stream=received.stream,
            type=received.type,
            data=received.data,
            meta=received.meta,
            sealed_digest=received.sealed_digest,
            previous=received.previous,
            attempts=attempts,
            next_attempt=None if failed is None else next_after(attempts, self._clock(), failed),
            failure=None if failed is None else failed.render(),
        )
        by.parking = ParkingStep(self._source, received.position, row)
        of, failure = self._of(received), None if failed is None else failed.failure
        strands, leaf = self._strands_of(received), received.leaf()

        def decide(turn: Turn) -> None:
            parked = turn.get(self._kind, self._source)
            parked.park(of, received.log_id, received.type, failure, turn.moment, strands, leaf)

        return Command("park", by, decide, self._reads)

    def take_in(self, received: Received, reaction: Command[Any] | None) -> Command[Any]:
        """Take in a parked event by its reaction, or by letting go of it where there is none any more."""
        by = instruction_of(self._service, received, "let-go") if reaction is None else reaction.by
        decide_on: Callable[[Turn], Any] = _nothing if reaction is None else reaction.decide
        position, stored = received.position, stored_as(received)
        strands = None if reaction is None else self._strands_of(received)

        def decide(turn: Turn) -> Any:
            turn.get(self._kind, self._source).take_in(position, turn.moment, stored, strands)
            return decide_on(turn)

        return Command(
            "let-go" if reaction is None else reaction.name,
            replace(by, parking=ParkingStep(self._source, position, None)),
            decide,
            (*(reaction.reads if reaction is not None else ()), *self._reads),
        )

    def give_up(self, received: Received, attempts: int, failed: Failed, version: int) -> Command[None]:
        """Let an event wait for a person, as long as nothing has changed about what is parked."""
        by = instruction_of(self._service, received, f"give-up/{self._clock().isoformat()}")
        by.expected = version
        by.parking = ParkingStep(self._source, received.position, Trial(attempts, None, failed.render()))
        position = received.position

        def decide(turn: Turn) -> None:
            turn.get(self._kind, self._source).give_up(position, attempts, failed.failure, turn.moment)

        return Command("give-up", by, decide, self._reads)

    def _of(self, received: Received) -> OfParked:
        return OfParked(
            source=self._source,
            of_position=received.position,
            of_stream=received.stream,
            of_event=received.event_id,
        )


def _nothing(_: Turn) -> None:
    """Decide nothing: the event only leaves."""
