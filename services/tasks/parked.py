"""What this service could not take in of other services' events, and what became of it."""

from typing import ClassVar

from services.tasks.strands import strands_of_before
from shared.contracts.event import Event
from shared.contracts.tasks import (
    InboxEventGivenUp,
    InboxEventParked,
    InboxEventRetried,
    InboxEventSkipped,
    InboxEventTakenIn,
)
from shared.messaging.parking.parked_events import ParkedEvents
from shared.messaging.parking.strands import Strands


class TasksParked(ParkedEvents):
    """The parked events of one source."""

    parked_as: ClassVar[type[Event]] = InboxEventParked
    given_up_as: ClassVar[type[Event]] = InboxEventGivenUp
    retried_as: ClassVar[type[Event]] = InboxEventRetried
    skipped_as: ClassVar[type[Event]] = InboxEventSkipped
    taken_in_as: ClassVar[type[Event]] = InboxEventTakenIn

    @classmethod
    def strands_of_before(cls, stream: str, event_type: str) -> Strands:
        """The strands of an event that was parked before these were told; see `ParkedEvents`."""
        return strands_of_before(stream, event_type)
