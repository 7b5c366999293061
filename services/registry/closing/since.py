"""Since when each closing condition is true: no closing is effective before the last of these moments.

What was noted of a condition later than its closing would be the proof that it was not true then.
"""

from collections.abc import Iterable
from datetime import datetime

from services.registry.closing.facts import ClosingFacts
from services.registry.closing.judging import Finding
from services.registry.mission.conditions import STAFF_SETTLED, STATES_SUCCEEDED
from services.registry.mission.refusals import ClosesBeforeItsConditions
from shared.contracts.meta import rfc3339
from shared.contracts.registry import HOST_NOTIFIED
from shared.domain import Moment

SIGNED = 12


def must_not_precede_its_conditions(facts: ClosingFacts, findings: Iterable[Finding], moment: Moment) -> None:
    """Refuse a moment before a condition was true, or somebody answered for it that it is not.

    Of condition 1 the holds of the moment itself are asked.
    """
    since = {finding.condition: true_since(facts, finding) for finding in findings}
    # Older logs have what is effective ahead of its recording: that keeps nobody from going on now.
    late = {n: at for n, at in since.items() if at and moment.effective_at < min(at, moment.recorded_at)}
    if late:
        raise ClosesBeforeItsConditions(
            mission=facts.mission.id,
            at=rfc3339(moment.effective_at),
            last=rfc3339(max(late.values())),
            conditions=", ".join(f"{number} ({rfc3339(at)})" for number, at in late.items()),
        )


def true_since(facts: ClosingFacts, finding: Finding) -> datetime | None:
    """The effective moment of the last that made a condition true, of the waiver where it is not."""
    mission, number = facts.mission, finding.condition
    if not finding.holds:
        return mission.waived_at.get(number)
    moments = [mission.evidenced_at.get(number), facts.handover.entered_at.get(str(number))]
    if number == HOST_NOTIFIED:
        moments.append(mission.dated_at)
    if number == STATES_SUCCEEDED:
        moments += [mission.redirected_at, *(heir.stepped_at for heir in facts.heirs.values())]
    if number == STAFF_SETTLED:
        moments.append(mission.left_at)
    if number == SIGNED:
        moments.append(facts.handover.signed_at)
    return max((at for at in moments if at is not None), default=None)
