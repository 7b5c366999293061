"""What tasks puts together, as it is answered where the log ends."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from shared.calendar import Roll
from tests.integration.asof.replaying.afterwards_tasks import DATED, DRAFT
from tests.integration.asof.replaying.composing import EVERY, Composed, Names, among
from tests.integration.asof.replaying.shortened import Shortened
from tests.product import DECREE


def _on(named: Names) -> date | None:
    return date.fromisoformat(named["on"]) if "on" in named else None


async def _follow_up(log: Shortened, named: Names) -> Any:
    return {"items": await log.tasks.inquiries.followed_up(named["meeting"])}


SPAN = {"from": "2026-06-20", "to": "2026-07-20"}
RULE = {"rule": "10 working days after x", "anchor": "2026-06-20"}

TASKS: Mapping[str, Composed] = {
    "/tasks/counts/departments": Composed(
        lambda log, named: log.tasks.inquiries.counts_by_department(named.get("decree")),
        queries=({}, {"decree": DECREE}),
    ),
    "/tasks/counts/decrees": Composed(lambda log, _: log.tasks.inquiries.counts_by_decree()),
    "/tasks/counts/late": Composed(
        lambda log, named: log.tasks.standstills.late_departments(named.get("decree"), None),
        queries=({}, {"decree": DECREE}),
    ),
    "/tasks/late": Composed(
        lambda log, named: log.tasks.standstills.late(
            EVERY, among(named, "decree", "department", "mission", "plan"), None, _on(named)
        ),
        queries=({}, {"on": "2026-03-01", "department": "legal"}, {"plan": DATED}),
        paged=True,
    ),
    "/tasks/plans/{plan}": Composed(lambda log, named: log.tasks.inquiries.plan(named["plan"]), "plans"),
    "/tasks/plans/{plan}/critical-path": Composed(
        lambda log, named: log.tasks.timetables.critical_path(named["plan"], None, _on(named)),
        "plans",
        (DATED,),
        queries=({}, {"on": "2026-02-01"}),
    ),
    "/tasks/plans/{plan}/slippage": Composed(
        lambda log, named: log.tasks.timetables.slippage(named["plan"], None), "plans", (DATED,)
    ),
    "/tasks/plans/{plan}/versions/{version}/preview": Composed(
        lambda log, named: log.tasks.timetables.preview(named["plan"], int(named["version"]), None),
        "plans",
        (DATED, DRAFT),
        {"version": "2"},
    ),
    "/tasks/tasks/{task}/evidence": Composed(
        lambda log, named: log.tasks.inquiries.evidence(named["task"]), "tasks", (f"{DATED}-t01",)
    ),
    "/tasks/tasks/{task}/blocked-by": Composed(
        lambda log, named: log.tasks.standstills.blocked_by(named["task"], None), "tasks", (f"{DATED}-t01",)
    ),
    "/tasks/deadlines/{task}/reckoning": Composed(
        lambda log, named: log.tasks.inquiries.calendars.reckoning(named["task"]),
        "deadlines",
        (f"{DATED}-t01",),
    ),
    "/tasks/meetings/{meeting}": Composed(
        lambda log, named: log.tasks.inquiries.meeting(named["meeting"]), "meetings"
    ),
    "/tasks/meetings/{meeting}/follow-up": Composed(_follow_up, "meetings", ("follow-up-2026",)),
    "/tasks/templates/{template}/versions/{version}": Composed(
        lambda log, named: log.tasks.inquiries.declared_version(
            "template", named["template"], int(named["version"])
        ),
        "templates",
        more={"version": "2"},
    ),
    "/tasks/templates/{template}/versions/{version}/difference": Composed(
        lambda log, named: log.tasks.inquiries.template_difference(
            named["template"], None, int(named["version"])
        ),
        "templates",
        more={"version": "2"},
    ),
    "/tasks/escalation-policies/{policy}/versions/{version}": Composed(
        lambda log, named: log.tasks.inquiries.declared_version(
            "escalation-policy", named["policy"], int(named["version"])
        ),
        "escalation-policies",
        more={"version": "2"},
    ),
    "/tasks/calendars/{calendar}/versions/{version}": Composed(
        lambda log, named: log.tasks.inquiries.calendars.version(named["calendar"], int(named["version"])),
        "calendars",
        more={"version": "3"},
    ),
    "/tasks/calendars/{calendar}/days": Composed(
        lambda log, named: log.tasks.inquiries.calendars.days(
            named["calendar"], date.fromisoformat(named["from"]), date.fromisoformat(named["to"]), None
        ),
        "calendars",
        queries=(SPAN,),
    ),
    "/tasks/calendars/{calendar}/reckon": Composed(
        lambda log, named: log.tasks.inquiries.calendars.reckon(
            named["calendar"], named["rule"], date.fromisoformat(named["anchor"]), Roll.FORWARD, (), None
        ),
        "calendars",
        queries=(RULE,),
    ),
    "/tasks/calendars/{calendar}/affected": Composed(
        lambda log, named: log.tasks.inquiries.affected.affected(
            named["calendar"], EVERY, among(named, "plan", "decree", "meeting"), None, None
        ),
        "calendars",
        queries=({}, {"plan": DATED}, {"meeting": "follow-up-2025-05-05"}),
        paged=True,
    ),
}
