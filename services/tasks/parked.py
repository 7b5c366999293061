"""What this service could not take in of other services' events, and what became of it."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.tasks import (
    InboxEventGivenUp,
    InboxEventParked,
    InboxEventRetried,
    InboxEventSkipped,
    InboxEventTakenIn,
)
from shared.messaging.parking.parked_events import ParkedEvents


class TasksParked(ParkedEvents):
    """The parked events of one source."""

    parked_as: ClassVar[type[Event]] = InboxEventParked
    given_up_as: ClassVar[type[Event]] = InboxEventGivenUp
    retried_as: ClassVar[type[Event]] = InboxEventRetried
    skipped_as: ClassVar[type[Event]] = InboxEventSkipped
    taken_in_as: ClassVar[type[Event]] = InboxEventTakenIn
