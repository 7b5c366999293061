"""Events of `tasks` about events of other services that it could not take in."""

from shared.contracts.inbox import GivenUp, Parked, Retried, Skipped, TakenIn
from shared.contracts.tasks.base import TasksEvent


class InboxEventParked(TasksEvent, Parked, type="inbox.event-parked"):
    """An event was not taken in, and waits."""


class InboxEventGivenUp(TasksEvent, GivenUp, type="inbox.event-given-up"):
    """A parked event waits for a person."""


class InboxEventRetried(TasksEvent, Retried, type="inbox.event-retried"):
    """A person wants a parked event tried again."""


class InboxEventSkipped(TasksEvent, Skipped, type="inbox.event-skipped"):
    """A person decided that a parked event never takes effect here."""


class InboxEventTakenIn(TasksEvent, TakenIn, type="inbox.event-taken-in"):
    """A parked event was taken in after all."""
