"""Deliveries in numbers."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from services.notifier.sending.agenda import Waiting
from services.notifier.sending.assignment import Assignment
from services.notifier.sending.outcome import Attempted
from shared.telemetry.spread import LATE_S, QUICK_S, Spread, histogram

DELIVERED = "delivered"
FIRST, AGAIN = "first", "again"


class Deliveries(Collector):
    """What came of attempts, once that is recorded; neither subscriptions nor receivers are labels."""

    def __init__(self) -> None:
        self._attempts: Counter[tuple[str, str, str]] = Counter()
        self._seconds = Spread(QUICK_S)
        self._delays = Spread(LATE_S)
        self.waiting: Callable[[], int | None] = lambda: None
        """How many notifications wait to be sent; None is told where another replica knows."""

    def took(self, seconds: float) -> None:
        """Note how long a receiver took."""
        self._seconds.observe(seconds)

    def recorded(self, waiting: Waiting, assignment: Assignment, attempted: Attempted, now: datetime) -> None:
        """Note what came of an attempt, by a reason where it failed."""
        outcome = DELIVERED if attempted.reason is None else attempted.reason.value
        attempt = FIRST if assignment.attempt == 1 else AGAIN
        self._attempts[assignment.channel.value, outcome, attempt] += 1
        self._delays.observe((now - waiting.moment).total_seconds())

    def collect(self) -> Iterator[Metric]:
        """Tell all of it."""
        attempts = CounterMetricFamily(
            "tanfidh_delivery_attempts", "Attempts recorded", labels=["channel", "outcome", "attempt"]
        )
        for labels, number in self._attempts.items():
            attempts.add_metric(labels, number)
        yield attempts
        yield histogram("tanfidh_delivery_seconds", "Time that a receiver took to answer", self._seconds)
        yield histogram(
            "tanfidh_delivery_delay_seconds", "From the moment an attempt was due to its record", self._delays
        )
        gauge = GaugeMetricFamily("tanfidh_deliveries_waiting", "Notifications that wait for their moment")
        if (waiting := self.waiting()) is not None:
            gauge.add_metric([], waiting)
        yield gauge
