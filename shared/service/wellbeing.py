"""How a service is: the checks behind ``/readyz`` and the gauges behind ``/metrics``."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.eventstore.store import EventStore
from shared.messaging.election import Election
from shared.messaging.inbox import Inbox
from shared.messaging.relay import Relay
from shared.projections import Views
from shared.service.jobs import Jobs
from shared.service.measuring import Measuring, measure_process
from shared.service.sweeper import Sweeper
from shared.web.health import Check


class Wellbeing(Collector):
    """Watches the components of one service; before `watch` it knows the store and the views only."""

    def __init__(self, store: EventStore, views: Views, jobs: Jobs) -> None:
        self.metrics = CollectorRegistry()
        measure_process(self.metrics)
        self.metrics.register(self)
        self._store = store
        self._views = views
        self._jobs = jobs
        self._relay: Relay | None = None
        self._inboxes: dict[str, Inbox] = {}

    def watch(
        self,
        relay: Relay,
        inboxes: Sequence[Inbox],
        sweepers: Sequence[Sweeper] = (),
        elections: Sequence[Election] = (),
    ) -> None:
        """Take up the components that exist once the service is open."""
        self._relay = relay
        self._inboxes = {inbox.source: inbox for inbox in inboxes}
        alarms = partial(self.alarms, sweepers)
        work = Measuring(self._store, self._views, relay, inboxes, sweepers, elections, alarms)
        self.metrics.register(work)

    @property
    def published(self) -> int:
        """The position up to which the stream has the service's events, as far as this process knows."""
        return self._relay.position if self._relay is not None else 0

    @property
    def taken_in(self) -> dict[str, int]:
        """The position of each source up to which its events are taken in, as far as this process knows."""
        return {source: inbox.position for source, inbox in self._inboxes.items()}

    def failing(self, sweepers: Iterable[Sweeper]) -> tuple[str, ...]:
        """Say what needs somebody: a store that stopped, jobs that ended, alarms."""
        return tuple(f"{name}: {reason}" for name, reason in self.alarms(sweepers).items() if reason)

    def alarms(self, sweepers: Iterable[Sweeper]) -> dict[str, str | None]:
        """Say of every component why somebody must see to it, None where it is well."""
        said = {"store": self._store.failure, "views": self._views.alarm, "jobs": self._jobs.ended}
        said |= {"relay": self._relay.alarm if self._relay is not None else "not started"}
        said |= {f"inbox of {source}": inbox.alarm for source, inbox in self._inboxes.items()}
        said |= {f"parked events of {source}": _waiting(inbox) for source, inbox in self._inboxes.items()}
        return said | {f"sweeper of {sweeper.view}": sweeper.alarm for sweeper in sweepers}

    def checks(self, sources: Iterable[str], sweepers: Iterable[Sweeper]) -> dict[str, Check]:
        """What must be well for the service to be ready, by name."""
        checks: dict[str, Check] = {"store": self._check_store, "views": self._check_views}
        checks |= {"relay": self._check_relay, "jobs": self._jobs.check}
        checks |= {f"sweeper of {sweeper.view}": partial(_check_sweeper, sweeper) for sweeper in sweepers}
        return checks | {f"inbox of {source}": partial(self._check_inbox, source) for source in sources}

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Say how far everything is, in positions of the logs; for Prometheus."""
        starting = self._relay is None
        yield GaugeMetricFamily(
            "tanfidh_starting", "Whether it waits for its engines or takes up its log", value=starting
        )
        if self._relay is None:
            return
        given_up = GaugeMetricFamily(
            "tanfidh_inbox_given_up_streams", "Of which the first event waits for a person", labels=["source"]
        )
        yield GaugeMetricFamily("tanfidh_log_position", "Last position of the log", value=self._store.head)
        yield GaugeMetricFamily("tanfidh_views_position", "Views folded up to", value=self._views.position)
        yield GaugeMetricFamily("tanfidh_relay_position", "Published up to", value=self._relay.position)
        yield GaugeMetricFamily(
            "tanfidh_relay_active", "Whether this replica publishes", value=self._relay.active
        )
        position = GaugeMetricFamily("tanfidh_inbox_position", "Taken in up to", labels=["source"])
        parked = GaugeMetricFamily(
            "tanfidh_inbox_parked_events", "Events parked; 0 on a standby", labels=["source"]
        )
        lag = GaugeMetricFamily("tanfidh_inbox_lag_events", "Messages not taken in yet", labels=["source"])
        for source, inbox in self._inboxes.items():
            parked.add_metric([source], inbox.parked)
            given_up.add_metric([source], inbox.given_up)
            position.add_metric([source], inbox.position)
            lag.add_metric([source], inbox.lag)
        yield position
        yield lag
        yield parked
        yield given_up
        yield from self._of_views()

    def _of_views(self) -> Iterator[GaugeMetricFamily]:
        lag = GaugeMetricFamily("tanfidh_view_lag_events", "Events not folded yet", labels=["view"])
        differing = GaugeMetricFamily(
            "tanfidh_view_differing_states", "States that differed from the last rebuild", labels=["view"]
        )
        rebuilding = GaugeMetricFamily(
            "tanfidh_view_rebuild_position", "Rebuilt here up to, while it is", labels=["view"]
        )
        for name, position in self._views.rebuilding.items():
            rebuilding.add_metric([name], position)
        for view in self._views:
            lag.add_metric([view.name], self._store.head - self._views.positions.get(view.name, 0))
            differing.add_metric([view.name], self._views.differing.get(view.name, 0))
        yield lag
        yield differing
        yield rebuilding

    async def _check_store(self) -> str | None:
        if self._store.failure is not None:
            return self._store.failure
        await self._store.pool.fetchval("SELECT 1")
        return None

    async def _check_views(self) -> str | None:
        return self._views.unready

    async def _check_relay(self) -> str | None:
        return self._relay.alarm if self._relay is not None else "not started"

    async def _check_inbox(self, source: str) -> str | None:
        inbox = self._inboxes.get(source)
        return inbox.alarm if inbox is not None else "not started"


def _waiting(inbox: Inbox) -> str | None:
    """Say what waits for a person. No check fails by it: the rest flows, and no replica could do better."""
    return f"{inbox.given_up} streams wait for a person" if inbox.given_up else None


async def _check_sweeper(sweeper: Sweeper) -> str | None:
    return sweeper.alarm
