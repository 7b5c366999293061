"""Since when it is so in law what an event of the registry takes away or moves."""

from datetime import UTC, datetime, time

from shared.contracts import registry
from shared.messaging.received import Received

BY_DAY = (
    registry.DecreeAmended,
    registry.DecreeRepealed,
    registry.DecreeSuperseded,
    registry.MeasureDropped,
    registry.MeasureRetargeted,
)
"""What a later decree did from a day on, whenever that was entered."""


def in_law_since(received: Received) -> datetime:
    """The beginning of the day of the law, in UTC, or the moment that is said where that is earlier.

    A moment that is said to be later than the day of the law does not put the law off (decisions 0034, 0035).
    """
    event = received.event
    if not isinstance(event, BY_DAY):
        return received.effective_at
    return min(received.effective_at, datetime.combine(event.on, time(0), UTC))
