"""What was verified of one log, and what was found."""

from dataclasses import dataclass, field

TRAIL = "trail"
"""Stands for a service's name in the report of what audit filed of all of them."""

MOST = 50
"""Findings that are told one by one; a log that was shifted by one position has one for each after it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded.

    Attributes:
        what: in words, to follow the position.
        position: where, or the first of several; None where it is not about positions.
        upto: the last of several positions, any of which it may be; the same where it is exact.
        of_one: in other words where it is one position; nothing where the words are the same.
    """

    what: str
    position: int | None = None
    upto: int | None = None
    of_one: str | None = None

    @property
    def text(self) -> str:
        """The finding in words."""
        if self.position is None:
            return self.what
        if self.upto is None or self.upto == self.position:
            return f"position {self.position} {self.of_one or self.what}"
        return f"positions {self.position} to {self.upto}: {self.what}"


@dataclass(slots=True)
class Report:
    """One log, or the trail.

    Attributes:
        log_id: None of the trail, and of a log whose id cannot be told.
        events: how many rows there are.
        checkpoint: the size of the newest checkpoint.
        checkpoints: how many were verified, signature and root.
        witnessed: up to where another service witnessed it; None where it never did.
        compared: how many events were compared with the copies that audit received.
        findings: the first of them; `further` counts the rest.
        notes: what a witness found in the past; it stays on record.
    """

    service: str
    log_id: str | None
    events: int = 0
    checkpoint: int = 0
    checkpoints: int = 0
    witnessed: int | None = None
    compared: int = 0
    findings: list[Finding] = field(default_factory=list)
    further: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def verified(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def find(
        self, what: str, position: int | None = None, upto: int | None = None, of_one: str | None = None
    ) -> None:
        """Add a finding."""
        if len(self.findings) < MOST:
            self.findings.append(Finding(what, position, upto, of_one))
        else:
            self.further += 1
