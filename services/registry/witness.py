"""The registry as the witness of audit's log: that it only grows. It receives none of audit's events."""

from typing import ClassVar

from shared.contracts.event import Event
from shared.contracts.registry import CheckpointWitnessed, InconsistencyFound, LossAcknowledged
from shared.witness.witness import Witness


class RegistryWitness(Witness):
    """What the registry knows of audit's log."""

    witnessed_as: ClassVar[type[Event]] = CheckpointWitnessed
    found_as: ClassVar[type[Event]] = InconsistencyFound
    acknowledged_as: ClassVar[type[Event]] = LossAcknowledged
