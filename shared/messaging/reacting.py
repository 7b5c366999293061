"""Taking in by reacting: each event of another service becomes a command here."""

import asyncio
from collections.abc import Callable, Sequence

import structlog
from nats.aio.client import Client

from shared.eventstore.errors import InboxMoved
from shared.eventstore.store import EventStore
from shared.messaging.intake import ClockAndGate, Intake
from shared.messaging.looking_back import Fact, LookingBack
from shared.messaging.outage import OUTAGE
from shared.messaging.parking.by_stream import StrandsOf, by_stream
from shared.messaging.parking.doubts import Doubts
from shared.messaging.parking.failures import failed_by
from shared.messaging.parking.orders import Orders
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.parking.refusals import NotBehind
from shared.messaging.parking.retries import Retries
from shared.messaging.parking.shelf import Shelf
from shared.messaging.parking.taking_up import load_parked, take_up
from shared.messaging.received import Received
from shared.messaging.source import FETCH
from shared.messaging.steps import Plan, Reaction, ReactionFailed, Step, of_known_types

IntakeFor = Callable[[EventStore, str], Intake]
"""Makes the intake of a service's store for a source."""

log = structlog.get_logger()


class Reacting(Intake):
    """Executes what the events call for, and parks those for which that fails.

    The commands are handed to the store together and decided one on top of the other. Where one fails, those
    before it are kept, and it is tried again as the first: then its failure is final.

    Args:
        react: what is to be done about an event.
        store: of the service that takes in.
        source: the other service.
        kind: the service's own class of `ParkedEvents`.
        facts: what earlier releases of the service did not note.
        strands_of: what has to wait with what.
    """

    def __init__(
        self,
        react: Reaction,
        store: EventStore,
        source: str,
        kind: type[ParkedEvents],
        facts: Sequence[Fact] = (),
        strands_of: StrandsOf = by_stream,
    ) -> None:
        self.window = FETCH
        self._store = store
        self._source = source
        self._kind = kind
        self._strands_of = strands_of
        self._shelf = Shelf(source)
        orders = Orders(store.service, source, kind, store.clock, strands_of)
        react = of_known_types(react)
        self._facts = facts
        self._looking_back = LookingBack(store, source, react, self._shelf)
        self._plan = Plan(store.service, source, react, orders.park, self._shelf, strands_of)
        self._doubts = Doubts(store, source, self._shelf, kind)
        self._retries = Retries(store, source, react, orders, self._shelf, self._doubts, kind)

    @property
    def parked(self) -> int:
        """How many events are parked, as far as this replica reads; see `Intake`."""
        return len(self._shelf)

    @property
    def given_up(self) -> int:
        """How many queues wait for a person; see `Intake`."""
        return self._retries.given_up

    @property
    def alarm(self) -> str | None:
        """What of the parked events is not as the log says; see `Intake`."""
        return self._doubts.alarm

    @property
    def at_rest(self) -> bool:
        """Whether nothing that is parked is to be tried now; see `Intake`."""
        return self._retries.at_rest

    async def begin(self) -> None:
        """Take up what is parked; see `Intake`."""
        found = await take_up(self._store, self._kind, self._source)
        self._shelf.load(found.parked)
        self._doubts.begin(found)

    async def look_back(self, nc: Client, position: int) -> None:
        """Compare what older releases parked, and note the facts that they passed over; see `Intake`."""
        await self._doubts.ask_stream(nc, position)
        for fact in self._facts:
            await self._looking_back.note(nc, fact, position)

    async def try_again(self, timing: ClockAndGate) -> None:
        """Try what is parked when it is due; see `Intake`."""
        await self._retries.run(timing)

    async def take(self, events: Sequence[Received], position: int) -> int:
        """Take in consecutive events; see `Intake`."""
        steps = self._plan.steps(position, events)
        commands = [step.command for step in steps]
        outcomes = await asyncio.gather(*self._store.execute_in_order(commands), return_exceptions=True)
        done = 0
        for step, outcome in zip(steps, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                if done == 0:
                    return await self._without(step, position, outcome)
                break
            done += 1
            position = step.received.position
            self._note(step)
        self.window = min(FETCH, 2 * self.window) if done == len(steps) else max(1, done)
        return position

    async def _without(self, step: Step, position: int, failure: BaseException) -> int:
        """Go on without an event whose command failed on what is committed; return the position reached.

        Outages and lost races are raised as they are: they say nothing of the event.
        """
        if isinstance(failure, NotBehind):
            self._shelf.load(await load_parked(self._store, self._kind, self._source))
            return position
        if isinstance(failure, (InboxMoved, asyncio.CancelledError, *OUTAGE)):
            raise failure
        if step.parks:
            raise ReactionFailed(step.received, self._source, failure) from failure
        parking = self._plan.parking(position, step.received, failed_by(failure))
        try:
            await self._store.execute(parking.command)
        except (InboxMoved, *OUTAGE):
            raise
        except Exception as error:
            raise ReactionFailed(step.received, self._source, error) from failure
        self._note(parking)
        return step.received.position

    def _note(self, step: Step) -> None:
        if not step.parks:
            return
        received = step.received
        self._shelf.add(received, self._strands_of(received))
        if step.failed is not None:
            log.error(
                "inbox.parked",
                service=self._store.service,
                source=self._source,
                position=received.position,
                stream=received.stream,
                event_id=str(received.event_id),
                type=received.type,
                correlation=str(received.about.fields.get("correlation")),
                code=step.failed.failure.code,
                detail=step.failed.detail,
            )


def reacting(
    react: Reaction, kind: type[ParkedEvents], *facts: Fact, strands_of: StrandsOf = by_stream
) -> IntakeFor:
    """Let events become commands by a reaction, and park those for which that fails; see `Reacting`."""

    def made(store: EventStore, source: str) -> Reacting:
        return Reacting(react, store, source, kind, facts, strands_of)

    return made
