"""What is parked as the log says now, whichever replica recorded it."""

from typing import TypeVar

from shared.eventstore.store import EventStore
from shared.messaging.parking.parked_events import ParkedEvents

P = TypeVar("P", bound=ParkedEvents)

WHATEVER_IS_THERE = 2**63 - 1
"""Up to where it is read: another replica may have recorded more than this one has noticed."""


async def load_parked(store: EventStore, kind: type[P], source: str) -> P:
    """Load what is parked of a source."""
    return await store.load(kind, source, WHATEVER_IS_THERE)
