"""The events of the service `audit`: what it witnessed of the logs of the others."""

from shared.contracts.event import Event
from shared.contracts.witness import Acknowledged, Inconsistent, Witnessed


class AuditEvent(Event, service="audit"):
    """The base of every event of this service."""


class CheckpointWitnessed(AuditEvent, Witnessed, type="witness.checkpoint-witnessed"):
    """Audit verified a checkpoint of another service, and cosigned it."""


class InconsistencyFound(AuditEvent, Inconsistent, type="witness.inconsistency-found"):
    """Another service's log contradicts what audit received or witnessed of it."""


class LossAcknowledged(AuditEvent, Acknowledged, type="witness.loss-acknowledged"):
    """Oversight has taken note of events that another service's log lost in a restore."""
