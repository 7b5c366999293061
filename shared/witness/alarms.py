"""What is wrong with the logs that are watched, for people and for Prometheus."""

from collections.abc import Iterator, Sequence
from datetime import datetime

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from shared.domain.clock import Time
from shared.messaging.asking import FailedThere

PATIENCE = 3
"""Rounds in a row in which a log cannot be witnessed, for whatever reason, after which that is an alarm."""

AT_ONCE = ("UnusableStore",)
"""What a source may say failed there that will not pass by itself: an alarm at once."""

log = structlog.get_logger()


class Alarms(Collector):
    """The alarms of the replica that holds the rounds, and how old the last cosignatures are."""

    def __init__(self, sources: Sequence[str], time: Time) -> None:
        self._sources = sources
        self._time = time
        self._wrong: dict[str, str] = {}
        self._missed: dict[str, int] = {}
        self._silent: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._cosigned: dict[str, datetime] = {}
        self.examined: dict[str, datetime] = {}
        """When each log was examined to the end."""

    def of(self, source: str) -> str | None:
        """What is wrong with a log or its witnessing, None where nothing is known to be."""
        said = (self._wrong.get(source), self._silent.get(source))
        return "; ".join(reason for reason in said if reason) or None

    def wrong(self, source: str, reasons: Sequence[str]) -> None:
        """Say what a round found, and that it held nothing else against the log."""
        before = self.of(source)
        self._wrong[source] = "; ".join(reasons)
        self._tell(source, before)

    def missed(self, source: str, reason: Exception) -> None:
        """Say that a log could not be witnessed in a round."""
        before = self.of(source)
        self._missed[source] = rounds = self._missed.get(source, 0) + 1
        lasting = isinstance(reason, FailedThere) and reason.facts["reason"] in AT_ONCE
        if lasting or rounds >= PATIENCE:
            self._silent[source] = f"it cannot be witnessed: {str(reason) or type(reason).__name__}"
        self._tell(source, before)

    def witnessed(self, source: str, moment: datetime) -> None:
        """Say that a round examined a log to the end."""
        self._missed[source] = 0
        self._silent.pop(source, None)
        self.examined[source] = moment

    def known(self, source: str, size: int, cosigned: datetime | None) -> None:
        """Say how far a log is witnessed, and when that was cosigned."""
        self._sizes[source] = size
        if cosigned is not None:
            self._cosigned[source] = cosigned

    def forget(self) -> None:
        """Say nothing more: another replica holds the rounds from now on."""
        for told in (self._wrong, self._missed, self._silent, self.examined):
            told.clear()

    def _tell(self, source: str, before: str | None) -> None:
        alarm = self.of(source)
        if alarm is not None and alarm != before:
            log.critical("witness.alarm", source=source, reason=alarm)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Tell all of it, by source; ages in seconds."""
        sizes = GaugeMetricFamily("tanfidh_witness_size", "Witnessed up to", labels=["source"])
        alarms = GaugeMetricFamily(
            "tanfidh_witness_inconsistent", "Whether there is an alarm", labels=["source"]
        )
        cosigned = GaugeMetricFamily(
            "tanfidh_witness_cosigned_age_seconds", "Since the last cosignature", labels=["source"]
        )
        examined = GaugeMetricFamily(
            "tanfidh_witness_examined_age_seconds", "Since the last whole examination", labels=["source"]
        )
        for source in self._sources:
            sizes.add_metric([source], self._sizes.get(source, 0))
            alarms.add_metric([source], int(self.of(source) is not None))
        for ages, moments in ((cosigned, self._cosigned), (examined, self.examined)):
            for source, moment in moments.items():
                ages.add_metric([source], (self._time() - moment).total_seconds())
        yield from (sizes, alarms, cosigned, examined)
