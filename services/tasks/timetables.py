"""The questions about the timetable of a plan, and about a move to another version of its procedure."""

from datetime import date
from typing import Any

from starlette.responses import Response

from services.tasks.inquiries import TaskInquiries
from services.tasks.plan.reaching import out_of_reach
from services.tasks.plan.refusals import NoBaseline
from services.tasks.plan.renewing import differences
from services.tasks.plan.slipping import slippage
from services.tasks.plan.timing import dated_path, undated_path
from services.tasks.reckoned_from import reckoned_from
from services.tasks.replanning import renewed, told
from shared.calendar import WorkingCalendar, day_of
from shared.contracts.tasks import TaskTerms
from shared.domain.clock import Clock
from shared.eventstore.store import EventStore
from shared.service.inquiries import standing
from shared.service.past import judged
from shared.web import AsOf, json_response

SHOWN = (
    "task",
    "number",
    "title",
    "department",
    "co_executors",
    "needs",
    "opens",
    "due",
    "days",
    "gate",
    "counts_by",
)


class Timetables:
    """Reads only. One plan is asked about at a time: its row, the rows of its tasks, and its calendar."""

    def __init__(self, store: EventStore, inquiries: TaskInquiries, clock: Clock) -> None:
        self._store = store
        self._inquiries = inquiries
        self._clock = clock

    async def critical_path(self, plan: str, when: AsOf | None, on: date | None) -> Response:
        """Answer with the timing of every task; `on` is today where nothing is said, or the day of `when`."""
        position = await self._inquiries.folded(when)
        row = await self._inquiries.plan(plan, when)
        calendar = await self._calendar(row)
        if calendar is None:
            answer = undated_path(row, row["tasks"])
        else:
            moment = self._clock() if when is None or when.recorded_at is None else when.recorded_at
            start = reckoned_from(on, day_of(moment, calendar))
            answer = dated_path(row, row["tasks"], calendar, start)
        return json_response(answer, headers=standing(position, when))

    async def slippage(self, plan: str, when: AsOf | None) -> Response:
        """Answer with what moved against the baseline; refuse where there is none."""
        position = await self._inquiries.folded(when)
        row = await self._inquiries.plan(plan, when)
        if row["baseline"] is None:
            raise NoBaseline(plan=plan)
        answer = slippage(row, row["baseline"], row["tasks"], await self._calendar(row))
        return json_response(answer, headers=standing(position, when))

    async def preview(self, plan: str, version: int, when: AsOf | None) -> Response:
        """Answer with what a move to a version of the procedure would change, in the words of the move."""
        position = self._store.head if when is None else when.position
        found, tasks, moved = await judged(self._store, position, lambda past: renewed(past, plan, version))
        change = moved.change
        answer = {
            "plan": plan,
            "from": tasks[next(iter(tasks))].planned.template_version if tasks else None,
            "to": version,
            **told(change, out_of_reach(found, change)),
            "added": [_shown(terms) for terms in change.added],
            "changed": [
                {"task": id, "number": terms.number, "fields": fields}
                for id, terms in change.changed.items()
                if (fields := differences(tasks[id], terms))
            ],
            "kept": list(moved.kept),
        }
        return json_response(answer, headers=standing(position, when))

    async def _calendar(self, plan: dict[str, Any]) -> WorkingCalendar | None:
        """The calendar under the version that the plan was dated by; None where it has no dates yet."""
        if plan["official_on"] is None:
            return None
        return await self._inquiries.calendars.calendar(plan["calendar"], plan["calendar_version"])


def _shown(terms: TaskTerms) -> dict[str, Any]:
    return terms.model_dump(mode="json", include=set(SHOWN))
