"""The use cases of plans: approved, changed, moved to a newer procedure, and dated where nothing closes."""

from collections.abc import Callable
from datetime import date

from services.tasks.approving import approve_plan
from services.tasks.deadline import Deadline
from services.tasks.deciding import Answer
from services.tasks.drafting import Reads, likely_deadlines, likely_tasks
from services.tasks.moments import must_follow
from services.tasks.permissions import PERMITS
from services.tasks.plan import ClosingDates, Plan
from services.tasks.plan.amending import PlanProposal
from services.tasks.plan.refusals import DatesOfClosing
from services.tasks.plan.state import STANDING
from services.tasks.replanning import renew_plan, replan_plan
from services.tasks.scheduling import schedule_plan
from shared.eventstore.command import Command, Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Decision = Callable[[Turn], Answer]


class Planning:
    """The commands on a plan as a whole, each one transaction."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def set_date(self, by: Instruction, plan: str, official_on: date) -> Outcome[Answer]:
        """Set T of a measure that closes nothing; a closing's dates are set on its mission."""
        by = PERMITS.ask(by, "plan.set-date")

        def decide(turn: Turn) -> Answer:
            dated = turn.get(Plan, plan)
            dated.must_be(*STANDING)
            if dated.closes:
                raise DatesOfClosing(plan=plan, mission=dated.ordered.mission)
            deadlines = turn.get_all(Deadline, [listed.task for listed in dated.tasks])
            must_follow(turn.moment, dated.drafted_at, *(deadline.set_at for deadline in deadlines))
            return schedule_plan(turn, plan, ClosingDates(public_on=official_on, official_on=official_on))

        return await self._on_plan("set-plan-date", by, plan, decide)

    async def approve(self, by: Instruction, plan: str, reason: str | None) -> Outcome[Answer]:
        """Approve a plan: what stands now is the baseline."""
        by = PERMITS.ask(by, "plan.approve")
        return await self._on_plan("approve-plan", by, plan, lambda turn: approve_plan(turn, plan, reason))

    async def replan(self, by: Instruction, plan: str, proposal: PlanProposal) -> Outcome[Answer]:
        """Move windows, add tasks and give tasks up."""
        by = PERMITS.ask(by, "plan.replan")
        return await self._on_plan("replan-plan", by, plan, lambda turn: replan_plan(turn, plan, proposal))

    async def renew(self, by: Instruction, plan: str, version: int, reason: str) -> Outcome[Answer]:
        """Move a plan to the newest version of its procedure, which must be the one that is named."""
        by = PERMITS.ask(by, "plan.renew")
        return await self._on_plan(
            "renew-plan", by, plan, lambda turn: renew_plan(turn, plan, version, reason)
        )

    async def _on_plan(self, name: str, by: Instruction, plan: str, decide: Decision) -> Outcome[Answer]:
        reads: Reads = ((Plan, plan), *likely_tasks(plan), *likely_deadlines(plan))
        return await self._store.execute(Command(name, by, decide, reads))
