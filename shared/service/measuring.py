"""What Prometheus is told about the work that a service does by itself: relay, inboxes, views, sweepers.

Every label's values are names in code: of roles, sources, views and components. What only the elected replica
knows, such as a lag, is told by that one alone.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from prometheus_client import GCCollector, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector, CollectorRegistry

from shared.eventstore.store import EventStore
from shared.messaging.election import Election
from shared.messaging.inbox import Inbox
from shared.messaging.relay import Relay
from shared.projections import Views
from shared.service.sweeper import Sweeper
from shared.telemetry.spread import histogram, histograms


def measure_process(registry: CollectorRegistry) -> None:
    """Tell of the process: memory, processor time, open files, and what the garbage collector does."""
    ProcessCollector(registry=registry)
    GCCollector(registry=registry)
    PlatformCollector(registry=registry)


class Measuring(Collector):
    """The numbers of one open service.

    Args:
        store: its store.
        views: its read models.
        relay: its relay.
        inboxes: its inboxes.
        sweepers: its sweepers.
        elections: of other work that one replica does.
        failing: what needs somebody, by component; None where that is well.
    """

    def __init__(
        self,
        store: EventStore,
        views: Views,
        relay: Relay,
        inboxes: Sequence[Inbox],
        sweepers: Sequence[Sweeper],
        elections: Iterable[Election],
        failing: Callable[[], dict[str, str | None]],
    ) -> None:
        self._store = store
        self._views = views
        self._relay = relay
        self._inboxes = inboxes
        self._sweepers = sweepers
        own = [relay.election]
        own += [inbox.election for inbox in inboxes]
        own += [sweeper.election for sweeper in sweepers]
        self._elections = [*own, *elections]
        self._failing = failing

    def collect(self) -> Iterator[Metric]:
        """Tell all of it."""
        yield from self._store.metering.collect()
        yield from self._of_relay()
        yield from self._of_inboxes()
        if not self._views.empty:
            yield from self._of_views(self._views)
        if self._sweepers:
            yield from self._of_sweepers()
        yield from self._of_roles()
        failing = GaugeMetricFamily(
            "tanfidh_failing", "Whether a component needs somebody to look at it", labels=["component"]
        )
        for component, reason in self._failing().items():
            failing.add_metric([component], int(bool(reason)))
        yield failing

    def _of_relay(self) -> Iterator[Metric]:
        relay = self._relay
        yield CounterMetricFamily("tanfidh_relay_published", "Events published", value=relay.published)
        yield CounterMetricFamily(
            "tanfidh_relay_streams_remade", "Streams with holes that were made anew", value=relay.remade
        )
        behind = GaugeMetricFamily("tanfidh_relay_lag_events", "Committed events not in the stream yet")
        age = GaugeMetricFamily("tanfidh_relay_lag_seconds", "Since the oldest of them was recorded")
        if relay.active:
            behind.add_metric([], relay.lag)
            age.add_metric([], relay.lag_seconds)
        yield from (behind, age)

    def _of_inboxes(self) -> Iterator[Metric]:
        taken = CounterMetricFamily("tanfidh_inbox_events", "Events taken in", labels=["source"])
        age = GaugeMetricFamily(
            "tanfidh_inbox_lag_seconds",
            "Since the oldest event was recorded that has come and is not taken in",
            labels=["source"],
        )
        for inbox in self._inboxes:
            taken.add_metric([inbox.source], inbox.taken_in)
            if inbox.active:
                age.add_metric([inbox.source], inbox.lag_seconds)
        yield from (taken, age)

    def _of_views(self, views: Views) -> Iterator[Metric]:
        behind = max(0, self._store.head - views.position)
        yield GaugeMetricFamily("tanfidh_views_lag_events", "Committed events not folded yet", value=behind)
        age = GaugeMetricFamily("tanfidh_views_lag_seconds", "Since the oldest of them was recorded")
        oldest = self._store.recorded_at(views.position + 1) if behind else self._store.clock()
        if oldest is not None:
            age.add_metric([], max(0.0, (self._store.clock() - oldest).total_seconds()))
        yield age
        yield histogram("tanfidh_views_fold_seconds", "Time to fold a batch and store its rows", views.folds)

    def _of_sweepers(self) -> Iterator[Metric]:
        acts = CounterMetricFamily(
            "tanfidh_sweeper_acts", "What was done when due", labels=["view", "outcome"]
        )
        overdue = GaugeMetricFamily(
            "tanfidh_sweeper_overdue_rows", "Rows due, and not acted on", labels=["view"]
        )
        age = GaugeMetricFamily(
            "tanfidh_sweeper_overdue_seconds", "Since the earliest of them fell due", labels=["view"]
        )
        for sweeper in self._sweepers:
            punctuality = sweeper.punctuality
            for outcome, number in punctuality.acts.items():
                acts.add_metric([sweeper.view, outcome], number)
            if sweeper.active:
                overdue.add_metric([sweeper.view], punctuality.overdue)
                age.add_metric([sweeper.view], punctuality.overdue_seconds(self._store.clock()))
        yield from (acts, overdue, age)
        yield histograms(
            "tanfidh_sweeper_lateness_seconds",
            "From the moment at which something fell due until it was done",
            ["view"],
            {(sweeper.view,): sweeper.punctuality.lateness for sweeper in self._sweepers},
        )

    def _of_roles(self) -> Iterator[Metric]:
        elected = GaugeMetricFamily("tanfidh_elected", "Whether this replica has a role", labels=["role"])
        won = CounterMetricFamily("tanfidh_elections_won", "How often it was elected", labels=["role"])
        for election in self._elections:
            elected.add_metric([election.role], int(election.elected))
            won.add_metric([election.role], election.won)
        yield from (elected, won)
