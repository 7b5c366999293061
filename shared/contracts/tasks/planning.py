"""Plans that are approved, changed and dropped."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from shared.calendar import Roll
from shared.contracts.identity import Token
from shared.contracts.tasks.plan import PlanFact, PlannedTask


class BaselineTask(BaseModel):
    """A task as it stood when its plan was approved: its rules, and its day where that was known."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: Token
    number: int
    opens: str | None
    due: str
    due_on: date | None


class PlanApproved(PlanFact, type="plan.approved"):
    """The plan was approved: what stood then is the baseline against which slippage is measured.

    `baseline` counts them: a plan that was changed may be approved again, with a `reason`.
    """

    baseline: int
    official_on: date | None
    tasks: tuple[BaselineTask, ...]
    reason: str | None
    by: tuple[str, ...]


class PlanReplanned(PlanFact, type="plan.replanned"):
    """The tasks of the plan changed, for a reason; what each of them is now, its own events tell.

    `dropped` are given up: a condition that one of them gates stays unmet. `superseded` count no longer,
    since others stand for them or the procedure does without. `void` are the conditions that were satisfied
    and are to be evidenced anew. The version of the procedure and what follows from it are those of now.
    """

    reason: str
    template_version: int
    calendar: Token
    roll: Roll
    warn_days: int
    added: tuple[PlannedTask, ...] = ()
    changed: tuple[PlannedTask, ...] = ()
    dropped: tuple[Token, ...] = ()
    superseded: tuple[Token, ...] = ()
    void: tuple[int, ...] = ()
    by: tuple[str, ...]


class PlanRetargeted(PlanFact, type="plan.retargeted"):
    """The measure of the plan has another receiver now, by the decree `amended_by`."""

    receiver: Token | None
    former_receiver: Token | None
    amended_by: Token


class PlanDropped(PlanFact, type="plan.dropped"):
    """The plan is not carried out any more, for a reason; what was open of it is cancelled."""

    reason: str
    by: tuple[str, ...]
