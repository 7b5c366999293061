"""What became of commands, and what group commits cost, in numbers.

A command is counted when it is told what became of it, which happens once, however often it was decided.
"""

from collections import Counter
from collections.abc import Iterator
from time import monotonic
from typing import TYPE_CHECKING, Any

from prometheus_client.core import CounterMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from shared.eventstore.outcomes import end_span, outcome_of
from shared.telemetry.spread import MANY, QUICK_S, Spread, histogram

if TYPE_CHECKING:
    from shared.eventstore.batch import Batch
    from shared.eventstore.command import Outcome
    from shared.eventstore.pending import Pending

MOST_NAMES = 200
"""Names of commands, which code alone gives; one that made them up at run time would be counted as others."""

OTHERS = "other"


class Metering(Collector):
    """The numbers of one writer."""

    def __init__(self) -> None:
        self._commands: Counter[tuple[str, str]] = Counter()
        self._names: set[str] = set()
        self._waits = Spread(QUICK_S)
        self._commits = Spread(QUICK_S)
        self._sizes = Spread(MANY)
        self._events = 0
        self._overtaken = 0

    def told(self, pending: "Pending", outcome: "Outcome[Any] | BaseException") -> None:
        """Count a command that is told what became of it, and end its span."""
        command = pending.command.name
        if command not in self._names:
            if len(self._names) >= MOST_NAMES:
                command = OTHERS
            self._names.add(command)
        self._commands[command, outcome_of(outcome)] += 1
        if pending.span is not None:
            end_span(pending.span, outcome)

    def sent(self, batch: "Batch") -> float:
        """Take the time at which a batch goes to PostgreSQL."""
        for pending, _ in batch.settled:
            if pending.span is not None:
                pending.span.note("commit", commands=len(batch.settled), events=len(batch.rows))
        return monotonic()

    def stored(self, batch: "Batch", sent: float) -> None:
        """Count a batch that PostgreSQL has stored, and how long its commands had waited for that."""
        self._commits.observe(monotonic() - sent)
        self._sizes.observe(len(batch.settled))
        self._events += len(batch.rows)
        observe = self._waits.observe
        for pending, _ in batch.settled:
            observe(sent - pending.since)

    def overtaken(self) -> None:
        """Count a batch that another replica's commit came before; all of it is decided again."""
        self._overtaken += 1

    def collect(self) -> Iterator[Metric]:
        """Tell all of it."""
        commands = CounterMetricFamily(
            "tanfidh_commands", "Commands told what became of them", labels=["command", "outcome"]
        )
        for labels, number in self._commands.items():
            commands.add_metric(labels, number)
        yield commands
        yield histogram(
            "tanfidh_command_wait_seconds", "From a command to the commit that stores it", self._waits
        )
        yield histogram("tanfidh_commit_seconds", "Time of a group commit in PostgreSQL", self._commits)
        yield histogram("tanfidh_commit_commands", "Commands in a group commit", self._sizes)
        yield CounterMetricFamily(
            "tanfidh_events_stored", "Events stored by this process", value=self._events
        )
        yield CounterMetricFamily(
            "tanfidh_commits_overtaken", "Batches decided again after another's commit", value=self._overtaken
        )
