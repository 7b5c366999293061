"""The end of a decree: its final report, and its removal from control."""

from shared.contracts.registry.base import RegistryEvent
from shared.contracts.text import Text


class DecreeExecuted(RegistryEvent, type="decree.executed"):
    """Every measure of the decree was executed, and a person said so."""


class DecreeFinalReportSubmitted(RegistryEvent, type="decree.final-report-submitted"):
    """The final report was handed in. `sha256` is of the document, in hex; `by` who reports."""

    reference: str
    sha256: str
    by: tuple[str, ...]


class DecreeFinalReportReturned(RegistryEvent, type="decree.final-report-returned"):
    """The final report went back to the reporter."""

    reference: str
    reason: Text
    by: tuple[str, ...]


class DecreeFinalReportApproved(RegistryEvent, type="decree.final-report-approved"):
    """Somebody other than the reporter approved the final report."""

    reference: str
    by: tuple[str, ...]


class DecreeRemovedFromControl(RegistryEvent, type="decree.removed-from-control"):
    """The decree is no longer followed up; decided by somebody other than the reporter."""

    reference: str | None
    by: tuple[str, ...]
