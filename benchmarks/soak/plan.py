"""How long a soak takes, how fast commands come, and what is broken when."""

import os
from dataclasses import dataclass

REPLICAS = ("a", "b")


@dataclass(frozen=True)
class Plan:
    """The times of a soak, in seconds from its begin.

    In the first third any replica may be killed. After that only the second one of each service is, so
    that the first ones live long enough for a trend to show: they hold every elected role then.

    Attributes:
        minutes: of load.
        rate: commands a second.
        sample_every: between two samples.
        break_every: between two kills.
    """

    minutes: float = 30.0
    rate: float = 10.0
    sample_every: float = 5.0
    break_every: float = 20.0

    @property
    def seconds(self) -> float:
        """How long the load lasts."""
        return self.minutes * 60

    @property
    def any_victim_until(self) -> float:
        """When the first replicas are left alone."""
        return self.seconds / 3

    @property
    def warm_from(self) -> float:
        """When the warm-up is over: trends are fitted from here on."""
        return self.seconds * 0.4

    @property
    def outages(self) -> list[tuple[float, str]]:
        """When which engine is restarted or killed."""
        whole = self.seconds
        return [
            (0.15 * whole, "PostgreSQL stopped"),
            (0.25 * whole, "NATS killed"),
            (0.45 * whole, "PostgreSQL killed"),
            (0.55 * whole, "NATS stopped"),
            (0.70 * whole, "PostgreSQL stopped"),
            (0.80 * whole, "NATS killed"),
        ]


def asked_for() -> Plan:
    """Read the plan from SOAK_MINUTES and SOAK_RATE."""
    return Plan(
        minutes=float(os.environ.get("SOAK_MINUTES", "30")), rate=float(os.environ.get("SOAK_RATE", "10"))
    )
