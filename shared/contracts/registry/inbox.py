"""Events of `registry` about events of other services that it could not take in."""

from shared.contracts.inbox import GivenUp, Parked, Retried, Skipped, TakenIn
from shared.contracts.registry.base import RegistryEvent


class InboxEventParked(RegistryEvent, Parked, type="inbox.event-parked"):
    """An event was not taken in, and waits."""


class InboxEventGivenUp(RegistryEvent, GivenUp, type="inbox.event-given-up"):
    """A parked event waits for a person."""


class InboxEventRetried(RegistryEvent, Retried, type="inbox.event-retried"):
    """A person wants a parked event tried again."""


class InboxEventSkipped(RegistryEvent, Skipped, type="inbox.event-skipped"):
    """A person decided that a parked event never takes effect here."""


class InboxEventTakenIn(RegistryEvent, TakenIn, type="inbox.event-taken-in"):
    """A parked event was taken in after all."""
