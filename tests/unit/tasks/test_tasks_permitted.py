"""Who may do what with plans, tasks, deadlines and calendars: every action by every role."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.tasks.application import Tasks
from services.tasks.calendar import Grounds
from services.tasks.deadline import Deadline
from services.tasks.drafting import draft_plan
from services.tasks.permissions import PERMISSIONS
from services.tasks.plan.amending import MovedTask, PlanProposal
from services.tasks.scheduling import schedule_plan
from services.tasks.sweeping import missing
from shared.calendar import Basis, Holiday
from shared.contracts.registry import MeasureKind
from shared.contracts.text import Text
from shared.domain import Actor
from shared.domain.permission import NotPermitted
from shared.eventstore.command import Instruction, Outcome
from tests.unit.tasks.applied import ARCHIVES, CONTROLLER, FIRST, HEAD, ISSUER, LATER, store, tasks
from tests.unit.tasks.escalated import LADDER
from tests.unit.tasks.given import (
    ADMIN,
    ALONE,
    AUDITOR,
    DATES,
    LEGAL,
    LETTER,
    MEASURE,
    OFFICE,
    ORDERED,
    PROTOCOL,
    MemoryStore,
    by,
    declaration,
    proposal,
    step,
)

__all__ = ["store", "tasks"]
MOVE = PlanProposal(reason="The host is slow", move=(MovedTask(task=FIRST, window="-40"),))
RELOCATION = ORDERED.model_copy(update={"measure_kind": MeasureKind.RELOCATE, "receiver": None})
HOLIDAY = Holiday(day=LATER, name=Text(en="Day of mourning"), basis=Basis.ANNOUNCED)
GROUNDS = Grounds("Cabinet decision 120/2025", "National mourning")
ACTORS = {
    "admin": ADMIN,
    "follow-up-office": OFFICE,
    "lead": LEGAL,
    "co-executor": PROTOCOL,
    "another department": ARCHIVES,
    "head-of-mission": HEAD,
    "issuer": ISSUER,
    "controller": CONTROLLER,
    "auditor": AUDITOR,
    "service": Actor(subject="service:registry", role="service"),
}
OFFICES = {"admin", "follow-up-office"}
MAY = {
    "declare": OFFICES,
    "change": OFFICES,
    "adopt": OFFICES,
    "approve": OFFICES,
    "replan": OFFICES,
    "renew": OFFICES,
    "set-date": OFFICES,
    "apply": OFFICES,
    "set": OFFICES,
    "acknowledge": OFFICES | {"lead"},
    "accept": OFFICES,
    "return": OFFICES,
    "cancel": OFFICES,
    "assign": OFFICES | {"lead"},
    "hand-over": OFFICES,
    "start": OFFICES | {"lead"},
    "attach": OFFICES | {"lead", "co-executor"},
    "submit": OFFICES | {"lead"},
    "report-part": OFFICES | {"co-executor"},
    "comment": OFFICES | {"lead", "co-executor", "controller"},
    "block": OFFICES | {"lead", "co-executor"},
    "unblock": OFFICES | {"lead", "co-executor"},
    "request": OFFICES | {"lead"},
    "decide": {"issuer", "controller"},
    "refuse": {"issuer", "controller"},
}


Act = Callable[[Tasks, Instruction], Awaitable[Outcome[Any]]]
ACTS: dict[str, tuple[str, Act]] = {
    "declare": ("planned", lambda tasks, i: tasks.declare_calendar(i, "ly", declaration(label="2"))),
    "change": ("planned", lambda tasks, i: tasks.calendars.declare_holiday(i, "ly", HOLIDAY, GROUNDS)),
    "adopt": ("planned", lambda tasks, i: tasks.adopt_template(i, "closing", proposal(step(1), label="2"))),
    "approve": ("planned", lambda tasks, i: tasks.planning.approve(i, MEASURE, None)),
    "replan": ("planned", lambda tasks, i: tasks.planning.replan(i, MEASURE, MOVE)),
    "renew": ("planned", lambda tasks, i: tasks.planning.renew(i, MEASURE, 1, "A better procedure")),
    "set-date": ("relocating", lambda tasks, i: tasks.planning.set_date(i, "298-2025-a1-r09", LATER)),
    "apply": ("scheduled", lambda tasks, i: tasks.calendars.apply(i, "ly", 1, MEASURE, None)),
    "set": ("planned", lambda tasks, i: tasks.escalations.declare(i, "default", LADDER)),
    "acknowledge": ("escalated", lambda tasks, i: tasks.escalations.acknowledge(i, FIRST, None, "At it")),
    "assign": ("planned", lambda tasks, i: tasks.assign_task(i, FIRST)),
    "hand-over": ("planned", lambda tasks, i: tasks.assign_task(i, FIRST, lead="archives")),
    "start": ("assigned", lambda tasks, i: tasks.start_task(i, FIRST)),
    "attach": ("started", lambda tasks, i: tasks.attach_evidence(i, FIRST, (LETTER,))),
    "submit": ("started", lambda tasks, i: tasks.submit_task(i, FIRST, (LETTER,))),
    "accept": ("submitted", lambda tasks, i: tasks.accept_task(i, FIRST, ALONE)),
    "return": ("submitted", lambda tasks, i: tasks.return_task(i, FIRST, "Unsigned")),
    "cancel": ("planned", lambda tasks, i: tasks.cancel_task(i, FIRST, "Not needed")),
    "report-part": ("assigned", lambda tasks, i: tasks.participating.report_part(i, FIRST, True, "protocol")),
    "comment": ("planned", lambda tasks, i: tasks.participating.comment(i, FIRST, "The host asks for more")),
    "block": ("assigned", lambda tasks, i: tasks.participating.block(i, FIRST, "The host is silent")),
    "unblock": ("blocked", lambda tasks, i: tasks.participating.unblock(i, FIRST)),
    "request": ("scheduled", lambda tasks, i: tasks.extensions.request(i, FIRST, LATER, "The host is slow")),
    "decide": ("requested", lambda tasks, i: tasks.extensions.grant(i, f"{FIRST}-x1", None, "Agreed")),
    "refuse": ("requested", lambda tasks, i: tasks.extensions.refuse(i, f"{FIRST}-x1", "No")),
}


async def bring_to(state: str, store: MemoryStore, tasks: Tasks) -> None:
    nobody = by(Actor(subject="another", role="admin"))
    if state == "relocating":
        store.run(lambda turn: draft_plan(turn, "298-2025-a1-r09", RELOCATION, "closing"))
    if state in ("scheduled", "requested", "escalated"):
        store.run(lambda turn: schedule_plan(turn, MEASURE, DATES))
    if state == "escalated":
        await tasks.escalations.declare(nobody, "default", LADDER)
        store.now = store.find(Deadline, FIRST).due_at or store.now
        store.run(missing(FIRST, store.now).decide)
    if state == "requested":
        await tasks.extensions.request(nobody, FIRST, LATER, "The host is slow")
    if state == "blocked":
        await tasks.participating.block(nobody, FIRST, "The host is silent")
    if state in ("assigned", "started", "submitted"):
        await tasks.assign_task(nobody, FIRST)
    if state in ("started", "submitted"):
        await tasks.start_task(nobody, FIRST)
    if state == "submitted":
        await tasks.submit_task(nobody, FIRST, (LETTER,))


@pytest.mark.parametrize("role", ACTORS)
@pytest.mark.parametrize("act", ACTS)
async def test_who_may_do_what(act: str, role: str, store: MemoryStore, tasks: Tasks) -> None:
    state, do = ACTS[act]
    await bring_to(state, store, tasks)
    before = len(store.log)
    if role in MAY[act]:
        await do(tasks, by(ACTORS[role]))
    else:
        with pytest.raises(NotPermitted):
            await do(tasks, by(ACTORS[role]))
        assert len(store.log) == before


def test_the_matrix_knows_every_action_of_the_table() -> None:
    # Meetings, indicators, reports and documents have a matrix of their own.
    own = ("meeting.", "indicator.", "report.", "document.")
    actions = {action for action in PERMISSIONS.table if not action.startswith(own)}
    assert {action.partition(".")[2] for action in actions} == set(ACTS) - {"refuse"}
