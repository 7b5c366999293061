"""What is known of one other service's log."""

from dataclasses import field
from typing import ClassVar
from uuid import UUID

from shared.contracts.event import Event
from shared.contracts.text import Text
from shared.contracts.witness import Acknowledged, Finding, Inconsistent, Witnessed
from shared.domain import Aggregate, Moment
from shared.domain.refusal import Conflicting


class NothingToAcknowledge(Conflicting):
    """No loss of this log and size waits for somebody of oversight."""

    slug = "nothing-to-acknowledge"
    title = Text(en="Nothing to acknowledge", ar="لا شيء للإقرار به")
    detail = Text(
        en="No loss of the log {log_id} with {known_size} events is open for {source}; "
        "GET /witness lists them.",
        ar="لا يوجد فقدان مفتوح للسجل {log_id} بعدد {known_size} من الأحداث لدى {source}؛ "
        "يعرض GET /witness المفتوح منها.",
    )


class Witness(Aggregate):
    """The last checkpoint of a source that was witnessed, and what was found to contradict it.

    A witnessing service has a class of its own of it, which names its three events. What is told here has
    been verified already (`shared.witness.examining`); the rules are that what is known only moves on from
    where its examiner saw it, that a finding is told once, and that a loss is open until it is acknowledged.
    """

    kind: ClassVar[str] = "witness"
    witnessed_as: ClassVar[type[Event]]
    """The service's own event of `Witnessed`."""
    found_as: ClassVar[type[Event]]
    """The service's own event of `Inconsistent`."""
    acknowledged_as: ClassVar[type[Event]]
    """The service's own event of `Acknowledged`."""
    snapshot_version: ClassVar[int] = 2

    log_id: UUID | None = None
    size: int = 0
    root: str = ""
    verifier_key: str = ""
    last: Witnessed | None = None
    findings: list[Inconsistent] = field(default_factory=list)
    acknowledged: list[Acknowledged] = field(default_factory=list)

    @property
    def losses(self) -> list[Inconsistent]:
        """What the log lost in restores and nobody has acknowledged."""
        seen = {(done.log_id, done.known_size, done.common) for done in self.acknowledged}
        return [
            found
            for found in self.findings
            if found.finding is Finding.ROLLED_BACK
            and (found.log_id, found.known_size, found.stated_size) not in seen
        ]

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

    def acknowledge(self, log_id: UUID, known_size: int, reason: Text, by: str, moment: Moment) -> None:
        """Take note of a loss; refused where none of that log and size is open."""
        lost = [one for one in self.losses if (one.log_id, one.known_size) == (log_id, known_size)]
        if not lost:
            raise NothingToAcknowledge(source=self.id, log_id=str(log_id), known_size=known_size)
        for one in lost:
            told = Acknowledged(
                source=self.id,
                log_id=log_id,
                known_size=known_size,
                common=one.stated_size or 0,
                reason=reason,
                by=by,
            )
            self.record(self.acknowledged_as(**told.model_dump()), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case Witnessed():
                self.log_id, self.size, self.root = event.log_id, event.size, event.root
                self.verifier_key = event.verifier_key
                self.last = Witnessed(**event.model_dump())
            case Inconsistent():
                self.findings.append(Inconsistent(**event.model_dump()))
            case Acknowledged():
                self.acknowledged.append(Acknowledged(**event.model_dump()))


def _same(one: Inconsistent, other: Inconsistent) -> bool:
    """Whether two findings say the same; a log that was forged may grow, which makes no new one.

    While a copy of the witness's own is broken or a loss is open, it goes on to witness the log.
    """
    if one.finding is not other.finding:
        return False
    if one.finding is Finding.OWN_COPY:
        return (one.log_id, one.position) == (other.log_id, other.position)
    if one.finding is Finding.ROLLED_BACK:
        return (one.log_id, one.known_size, one.stated_size) == (
            other.log_id,
            other.known_size,
            other.stated_size,
        )
    return (one.log_id, one.known_size, one.position) == (other.log_id, other.known_size, other.position)
