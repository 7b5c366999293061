"""Where a plan stands, and which events lead there."""

from enum import StrEnum

from shared.contracts import tasks as said
from shared.contracts.text import Text
from shared.domain import Lifecycle, Step


class PlanState(StrEnum):
    """draft → approved → completed; dropped with its measure. Work may begin before the approval."""

    NONE = "none"
    DRAFT = "draft"
    APPROVED = "approved"
    COMPLETED = "completed"
    DROPPED = "dropped"

    @property
    def told(self) -> Text:
        """The state in words."""
        return Text(en=self.value, ar=_ARABIC[self])


_ARABIC = {
    PlanState.NONE: "غير موجودة",
    PlanState.DRAFT: "مسودة",
    PlanState.APPROVED: "معتمدة",
    PlanState.COMPLETED: "مكتملة",
    PlanState.DROPPED: "متروكة",
}

RUNNING = (PlanState.DRAFT, PlanState.APPROVED)
"""States in which there is something to do."""

STANDING = (*RUNNING, PlanState.COMPLETED)
"""States of a plan whose measure is to be carried out, or was."""

LIFECYCLE = Lifecycle(
    PlanState.NONE,
    Step(said.PlanDrafted, (PlanState.NONE, PlanState.DROPPED), PlanState.DRAFT),
    Step(said.PlanApproved, RUNNING, PlanState.APPROVED),
    Step(said.PlanScheduled, STANDING),
    Step(said.PlanRetargeted, STANDING),
    Step(said.PlanReplanned, STANDING),
    Step(said.PlanReplanned, (PlanState.COMPLETED,), PlanState.DRAFT),
    Step(said.PlanReplanned, (PlanState.COMPLETED,), PlanState.APPROVED),
    Step(said.PlanTaskSettled, (*RUNNING, PlanState.DROPPED)),
    Step(said.PlanGateSatisfied, RUNNING),
    Step(said.PlanChecklistCompleted, RUNNING),
    Step(said.PlanCompleted, RUNNING, PlanState.COMPLETED),
    Step(said.PlanMeasureExecuted, STANDING),
    Step(said.PlanDropped, STANDING, PlanState.DROPPED),
)
"""A completed plan to which a re-plan adds tasks is again what it was: approved, or a draft. One of which the
measure is executed takes no tasks any more."""
