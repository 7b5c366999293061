"""The frame that every service is built in: a store, its views, a relay out and an inbox for each source."""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI
from nats.aio.client import Client
from prometheus_client.registry import Collector
from structlog.contextvars import bind_contextvars, reset_contextvars

from shared.domain import Aggregate
from shared.domain.clock import Time
from shared.eventstore.migrate import Migration
from shared.eventstore.store import EventStore
from shared.messaging.asking import Answer, Answering
from shared.messaging.connection import broker_for, part
from shared.messaging.election import Election
from shared.messaging.inbox import Inbox
from shared.messaging.intake import ClockAndGate
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.reacting import IntakeFor
from shared.messaging.vigil import keep_served
from shared.projections import View, Views
from shared.service.answers import Overview
from shared.service.awaiting import connected, with_database
from shared.service.catching_up import caught_up
from shared.service.collecting import spare_collections
from shared.service.gate import Gate
from shared.service.horizon import Folded, ServiceHorizon
from shared.service.inbox_routes import inbox_routes
from shared.service.jobs import Jobs
from shared.service.keys import read_signing_key
from shared.service.log_proofs import LogProofs
from shared.service.log_routes import log_routes
from shared.service.overview import Counts, Further, overview_routes
from shared.service.parked_desk import ParkedDesk
from shared.service.projection_routes import projection_routes
from shared.service.settings import ServiceSettings
from shared.service.standing import Standing
from shared.service.streams import QUESTION, Streams, stream_routes
from shared.service.sweeper import Act, Sweeper
from shared.service.timing import SYSTEM_TIME
from shared.service.traffic import inboxes_of, relay_of
from shared.service.wellbeing import Wellbeing
from shared.telemetry.starting import tracer_for
from shared.web.app import create_app
from shared.web.health import Check
from shared.web.identity import Identity

Job = Callable[[Client], Coroutine[Any, Any, None]]
"""Work of a service that goes on as long as it lives, given its connection to NATS."""


class Frame:
    """Everything of a service that is not its domain. Components are built here and opened by the app.

    Args:
        service: its name: of its schema, its stream and its tokens' scope.
        settings: where the engines and keys are.
        views: its read models.
        sources: for each service whose events it takes in, what becomes of them.
        time: what everything in it takes for the present.
        own: the migrations of this service alone.
    """

    def __init__(
        self,
        service: str,
        settings: ServiceSettings,
        views: Sequence[View],
        sources: Mapping[str, IntakeFor],
        time: Time = SYSTEM_TIME,
        own: Sequence[Migration] = (),
    ) -> None:
        self.service = service
        key = read_signing_key(settings.signing_key)
        # Under a virtual clock nothing is traced: a trace tells how long something took.
        self._tracer = tracer_for(service, settings.otlp_endpoint) if time is SYSTEM_TIME else None
        self.store = EventStore(
            service, settings.database_url, time, key, own, self._tracer, settings.cached_aggregates
        )
        self.views = Views(self.store, views, settings.cached_rows)
        self.time = time
        self.gates: dict[str, Gate] = {}
        self._has_views = bool(views)
        self.sweepers: list[Sweeper] = []
        self._inboxes: dict[str, Inbox] = {}
        self._parked: type[ParkedEvents] | None = None
        self._parking = {source: self.gate(f"parked events of {source}") for source in sources}
        self._settings = settings
        self._sources = sources
        self._proofs = LogProofs(self.store)
        self.horizon = ServiceHorizon(self.store, self.views if views else None, sources)
        self._routers: list[APIRouter] = []
        self._answers: dict[str, Answer] = dict(self._proofs.answers())
        self._further_checks: dict[str, Check] = {}
        self._further: dict[str, Job] = {}
        self._first: list[Callable[[], Awaitable[None]]] = []
        self._rests: dict[str, Callable[[], bool]] = {}
        self._elections: list[Election] = []
        self._identity = Identity(settings.jwks, settings.token_issuer, settings.token_audience, time)
        self._jobs = Jobs()
        self._wellbeing = Wellbeing(self.store, self.views, self._jobs)

    def parks(self, kind: type[ParkedEvents]) -> None:
        """Let operators try again or skip what the service parked; `kind` is its own class of it."""
        self._parked = kind

    def sweep(self, view: str, act: Act, after: Sequence[str] = ()) -> None:
        """Let the service act on the rows of a view when they are due.

        Before it acts, what the sources `after` have published by then is taken in, as far as that works.
        """
        database, ready = self._settings.database_url, partial(self._caught_up, after) if after else None
        gate = self.gate(f"sweeper of {view}")
        self.sweepers.append(
            Sweeper(self.store, self.views, view, act, self.time, database, gate=gate, ready=ready)
        )

    def gate(self, name: str) -> Gate:
        """Make the gate of a worker that does of itself what is due."""
        self.gates[name] = Gate()
        return self.gates[name]

    async def _caught_up(self, sources: Sequence[str]) -> None:
        await caught_up(self.store, self.nc, [self._inboxes[source] for source in sources])

    def knows(self, *aggregates: type[Aggregate]) -> None:
        """Let the service tell the history and the states of its aggregates, over HTTP and over NATS."""
        streams = Streams(self.store, aggregates, self.horizon)
        self._routers.append(stream_routes(streams))
        self.answer(QUESTION, streams.answer)

    def answer(self, question: str, answer: Answer) -> None:
        """Let the service answer a question of other services."""
        self._answers[question] = answer

    def run(self, name: str, job: Job, at_rest: Callable[[], bool] | None = None) -> None:
        """Let the service do something else as long as it lives.

        `at_rest` tells whether it has nothing to do now, where it does more than answer.
        """
        self._further[name] = job
        if at_rest is not None:
            self._rests[name] = at_rest

    def standing(self) -> Standing:
        """Look how far everything is, as this process knows it."""
        rests = {f"sweeper of {sweeper.view}": sweeper.at_rest for sweeper in self.sweepers}
        rests |= {f"inbox of {source}": inbox.at_rest for source, inbox in self._inboxes.items()}
        rests |= {"writer": self.store.idle} | {name: at_rest() for name, at_rest in self._rests.items()}
        return Standing(
            head=self.store.head,
            published=self._wellbeing.published,
            views=self.views.position if self._has_views else None,
            taken_in=self._wellbeing.taken_in,
            under_way=tuple(name for name, at_rest in rests.items() if not at_rest),
            failing=self._wellbeing.failing(self.sweepers),
        )

    async def fold(self) -> None:
        """Have the views folded up to the head at once; they may rest between batches otherwise."""
        if self._has_views:
            await self.views.beyond(self.store.head - 1)

    def begin_with(self, step: Callable[[], Awaitable[None]]) -> None:
        """Let the service do something once its store is open, before anybody is served; or not start."""
        self._first.append(step)

    def check(self, name: str, check: Check) -> None:
        """Let the service be ready only while something else is well."""
        self._further_checks[name] = check

    def measure(self, metrics: Collector) -> None:
        """Show further metrics."""
        self._wellbeing.metrics.register(metrics)

    def elects(self, election: Election) -> None:
        """Show which replica does something else that one alone does."""
        self._elections.append(election)

    def folds(self, folded: Folded) -> None:
        """Let whoever waits for read models wait for this too."""
        self.horizon.besides = folded

    def app(
        self,
        title: str,
        router: APIRouter,
        counts: Counts,
        further: Further | None = None,
        overview: type[Overview] = Overview,
    ) -> FastAPI:
        """Put the service together as a web application.

        `further` are more members of its overview, and `overview` describes that.
        """
        checks: dict[str, Check] = self._wellbeing.checks(self._sources, self.sweepers)
        app = create_app(
            self.service,
            title,
            (router, *self._routers, *self._administration(counts, further, overview)),
            checks | self._further_checks,
            self._identity,
            lifespan=self._open,
            metrics=self._wellbeing.metrics,
            horizon=self.horizon,
            tracer=self._tracer,
        )
        app.state.frame = self
        return app

    @asynccontextmanager
    async def _open(self, _app: FastAPI) -> AsyncIterator[None]:
        """Open the components; run relay, inboxes and views until the application ends."""
        async with AsyncExitStack() as stack:
            named = bind_contextvars(service=self.service)  # in the lines of all tasks that are made here
            if self._tracer is not None:
                stack.push_async_callback(self._tracer.close)
            await with_database(self.store.open)
            stack.push_async_callback(self.store.close)
            for step in self._first:
                await step()
            await with_database(self.views.open)
            broker = broker_for(self._settings.nats_servers, f"tanfidh {self.service}")
            nc = self.nc = await connected(broker)
            stack.push_async_callback(part, broker, nc)
            database = self._settings.database_url
            relay = relay_of(self.store, nc, database, self._settings.replicas)
            timings = {source: ClockAndGate(self.time, gate) for source, gate in self._parking.items()}
            self._inboxes = inboxes_of(self.store, broker, nc, database, self._sources, timings)
            inboxes = tuple(self._inboxes.values())
            self._wellbeing.watch(relay, inboxes, self.sweepers, self._elections)
            spare_collections()
            stack.push_async_callback(self._jobs.end)
            self._jobs.begin(
                ({"views": self.views.run()} if self._has_views else {})
                | {"relay": relay.run()}
                | ({"vigil": keep_served(nc, self.service)} if len(self._settings.nats_servers) > 1 else {})
                | {f"inbox of {inbox.source}": inbox.run() for inbox in inboxes}
                | {f"sweeper of {sweeper.view}": sweeper.run() for sweeper in self.sweepers}
                | {name: job(nc) for name, job in self._further.items()}
            )
            await stack.enter_async_context(Answering(nc, self.service, self._answers))
            reset_contextvars(**named)
            yield

    def _inboxes_here(self) -> Mapping[str, Inbox]:
        return self._inboxes

    def _administration(
        self, counts: Counts, further: Further | None, overview: type[Overview]
    ) -> Sequence[APIRouter]:
        """Everything that operators and auditors find at every service alike."""
        desk = ParkedDesk(self.store, tuple(self._sources), self._parked)
        return (
            inbox_routes(desk, self._inboxes_here),
            overview_routes(self.store, self.views, self._wellbeing, counts, further, overview),
            log_routes(self._proofs),
            *([projection_routes(self.store, self.views, self.time)] if self._has_views else ()),
        )
