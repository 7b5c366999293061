"""What a meeting is called with, and what it keeps of its decisions."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from services.tasks.meeting.refusals import ParticipantTwice
from shared.contracts import tasks as said
from shared.contracts.text import Text


@dataclass(frozen=True, slots=True)
class Call:
    """What a meeting is called with; see `MeetingCalled`."""

    decree: str | None
    title: Text
    at: datetime
    calendar: str
    chair: said.Participant
    deputy: said.Participant | None
    invited: tuple[said.Participant, ...]
    agenda: tuple[said.AgendaItem, ...]
    follows: str | None


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, the tasks that carry it out, and its outcome where it has none and was settled."""

    decision: str
    tasks: tuple[str, ...]
    outcome: said.DecisionOutcome | None = None

    def settled_by(self, event: said.MeetingDecisionSettled) -> "Decision":
        """The decision with its outcome where the event is about it, otherwise itself."""
        return replace(self, outcome=event.outcome) if self.decision == event.decision else self


def check_each_once(participants: Iterable[said.Participant]) -> None:
    """Refuse somebody who is named twice."""
    for participant, times in Counter(participants).items():
        if times > 1:
            raise ParticipantTwice(participant=str(participant))
