"""What is known of one other service's log."""

from dataclasses import field
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.witness import Inconsistent, Witnessed
from shared.domain import Aggregate, Moment


class Witness(Aggregate):
    """The last checkpoint of a source that was witnessed, and what was found to contradict it.

    A witnessing service has a class of its own of it, which names its two events. What is told here has
    been verified already (`shared.witness.examining`); the rules are that what is known only moves on from
    where its examiner saw it, and that a finding is told once.
    """

    kind: ClassVar[str] = "witness"
    witnessed_as: ClassVar[type[Event]]
    """The service's own event of `Witnessed`."""
    found_as: ClassVar[type[Event]]
    """The service's own event of `Inconsistent`."""

    log_id: UUID | None = None
    size: int = 0
    root: str = ""
    verifier_key: str = ""
    last: Witnessed | None = None
    findings: list[Inconsistent] = field(default_factory=list)

    def confirm(self, seen: Witnessed, since: int, moment: Moment) -> bool:
        """Take a verified checkpoint as known; tell whether it was news.

        Args:
            seen: the checkpoint.
            since: the version of this aggregate on which it was examined.
            moment: when.
        """
        if self.version != since:
            return False  # another replica was faster; the next round goes on from there
        self.record(self.witnessed_as(**seen.model_dump()), moment)
        return True

    def contradict(self, found: Inconsistent, moment: Moment) -> bool:
        """Tell an inconsistency, unless it was told already of the same known checkpoint."""
        if any(_same(found, known) for known in self.findings):
            return False
        self.record(self.found_as(**found.model_dump()), moment)
        return True

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case Witnessed():
                self.log_id, self.size, self.root = event.log_id, event.size, event.root
                self.verifier_key = event.verifier_key
                self.last = Witnessed(**event.model_dump())
            case Inconsistent():
                self.findings.append(Inconsistent(**event.model_dump()))


def _same(one: Inconsistent, other: Inconsistent) -> bool:
    """Whether two findings say the same; a log that was forged may grow, which makes no new one."""
    return (one.finding, one.log_id, one.known_size, one.position) == (
        other.finding,
        other.log_id,
        other.known_size,
        other.position,
    )
