"""Events of the registry as the witness of audit's log, so that audit need not be believed either."""

from shared.contracts.registry.base import RegistryEvent
from shared.contracts.witness import Acknowledged, Inconsistent, Witnessed


class CheckpointWitnessed(RegistryEvent, Witnessed, type="witness.checkpoint-witnessed"):
    """The registry verified that audit's log only grew, and cosigned its checkpoint."""


class InconsistencyFound(RegistryEvent, Inconsistent, type="witness.inconsistency-found"):
    """Audit's log contradicts what the registry witnessed of it."""


class LossAcknowledged(RegistryEvent, Acknowledged, type="witness.loss-acknowledged"):
    """Oversight has taken note of events that audit's log lost in a restore."""
