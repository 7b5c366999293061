"""Who may do what: every role, scope, action and delegation, against a table by hand for each service."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from services.registry.permissions import PERMITS as REGISTRY
from services.tasks.extension import DecidedByOwnDepartment, Extension
from services.tasks.permissions import PERMITS as TASKS
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.meta import rfc3339
from shared.domain import Actor, Moment
from shared.domain.delegation import NotDelegated, NotDelegatedThen
from shared.domain.leadership import Leadership
from shared.domain.naming import ACTIONS
from shared.eventstore.command import Instruction
from shared.service.permitting import Permitting
from tests.unit.permissions.cells import (
    AT_ONCE,
    BEARERS,
    DAY,
    MISSION,
    NOW,
    OWN,
    Facts,
    FakeTurn,
    wrong_cells,
)
from tests.unit.tasks.dated import DUE_ON, Dated

LEAD, OTHER_THAN_LEAD = "legal", "protocol"

WHO = {
    "a": {"admin"},
    "o": {"office"},
    "d": {"own department"},
    "D": {"own department", "other department"},
    "m": {"own mission"},
    "M": {"own mission", "other mission", "no mission"},
    "i": {"issuer"},
    "c": {"controller"},
    "u": {"auditor"},
}
"""The marks of the tables; `D` is any department, where `d` and `m` are those concerned."""

IN_REGISTRY = """
dossier.import              a o
decree.amend                a o
decree.repeal               a o
decree.hold                         c
decree.fulfil-condition     a o     c
decree.waive-condition              c
decree.resume               a       c
decree.execute              a o
decree.report               a o
decree.approve-report             i c
decree.remove-from-control        i c
measure.order               a o
measure.identify            a o
measure.assess              a o
measure.execute             a o
mission.set-dates           a o
mission.announce            a o
mission.stop-services       a o m
mission.close               a o
mission.waive-condition           i
mission.settle              a o
mission.archive             a o
handover.enter              a o D m
handover.release-archive            c u
handover.sign-outgoing            m
handover.sign-receiving         D m
handover.sign-inspection        D   c u
staff.post                  a o d
staff.reassign              a o d
staff.recall                a o d
staff.separate              a o d
staff.extend                a o d
staff.record-person         a   d
staff.read-person           a   d
staff.erase                 a   d
document.upload             a o D M i c u
document.download           a o D M i c u
document.register           a o D M   c
document.withdraw           a o
department.place            a o
department.declare-signing  a o
department.appoint-head     a o
department.name-acting-head a o
department.delegate         a o d m i c u
department.end-delegation   a o
"""

IN_TASKS = """
calendar.declare            a o
calendar.change             a o
calendar.apply              a o
template.adopt              a o
plan.set-date               a o
plan.approve                a o
plan.replan                 a o
plan.renew                  a o
task.assign                 a o d
task.hand-over              a o
task.start                  a o d
task.attach                 a o d
task.submit                 a o d
task.accept                 a o
task.return                 a o
task.cancel                 a o
task.report-part            a o d
task.comment                a o d   c
task.block                  a o d
task.unblock                a o d
extension.request           a o d
extension.decide                  i c
escalation-policy.set       a o
escalation.acknowledge      a o d
meeting.call                a o
meeting.change              a o
meeting.hold                a o
meeting.decide              a o
meeting.settle-decision     a o
meeting.close               a o
meeting.write-minutes       a o D
meeting.approve-minutes       o D M i
indicator.define            a o
indicator.withdraw          a o
indicator.measure           a o D M
report.generate             a o     i c u
document.upload             a o D M i c u
document.download           a o D M i c u
"""

ON_MORE_TIME = """
             office  lead  other
controller   -       -     -      of the lead department
controller   may     may   -      of another department
controller   may     may   may    of no department
issuer       -       -     -      of the lead department
issuer       may     may   -      of another department
issuer       may     may   may    of no department
"""
"""`extension.decide`, by who asked: the follow-up office, the lead department, an assignee of another one."""


def rows(table: str) -> dict[str, set[str]]:
    lines = [line.split() for line in table.strip().splitlines()]
    return {action: set[str]().union(*(WHO[mark] for mark in marks)) for action, *marks in lines}


CELLS = [
    *((REGISTRY, action, may) for action, may in rows(IN_REGISTRY).items()),
    *((TASKS, action, may) for action, may in rows(IN_TASKS).items()),
]


@pytest.mark.parametrize(("permits", "action", "may"), CELLS, ids=[action for _, action, _ in CELLS])
def test_every_cell(permits: Permitting, action: str, may: set[str]) -> None:
    assert wrong_cells(permits, action, may) == []


def test_the_tables_name_every_action_and_every_action_has_a_name_in_arabic() -> None:
    assert set(rows(IN_REGISTRY)) == set(REGISTRY.table.table)
    assert set(rows(IN_TASKS)) == set(TASKS.table.table)
    assert set(ACTIONS) >= {*rows(IN_REGISTRY), *rows(IN_TASKS)}


ASKED_BY = {
    "office": Actor(subject="asks", role="follow-up-office"),
    "lead": Actor(subject="asks", role="department", department=LEAD),
    "other": Actor(subject="asks", role="department", department=OTHER_THAN_LEAD),
}
OF = {"the lead department": LEAD, "another department": OTHER_THAN_LEAD, "no department": None}


def scopes() -> Iterator[tuple[str, str, str, bool]]:
    """The cells of `ON_MORE_TIME`: who decides, of which department, who asked, and whether they may."""
    names, *lines = ON_MORE_TIME.strip().splitlines()
    for line in lines:
        cells, of = line.split(" of ")
        role, *marks = cells.split()
        for asked_by, mark in zip(names.split(), marks, strict=True):
            yield role, of, asked_by, mark == "may"


@pytest.mark.parametrize(("role", "of", "asked_by", "may"), list(scopes()))
def test_more_time_is_decided_outside_of_who_leads_and_who_asked(
    role: str, of: str, asked_by: str, may: bool
) -> None:
    task, extension = Dated().task, Extension.blank("x-1")
    assert task.lead == LEAD
    extension.request(task, DUE_ON, DUE_ON + DAY, "Why", ASKED_BY[asked_by], AT_ONCE)
    decides = Actor(subject="decides", role=role, department=OF[of])
    assert TASKS.table.allows(decides, "extension.decide")
    if may:
        extension.check_decision(task, decides)
        return
    with pytest.raises(DecidedByOwnDepartment):
        extension.check_decision(task, decides)


def test_what_asks_no_delegation_lets_nobody_act_for_a_head() -> None:
    stand_in = BEARERS["admin"].model_copy(update={"on_behalf_of": "head"})
    with pytest.raises(NotDelegated) as refused:
        REGISTRY.table.check(stand_in, "mission.close", (OWN,), (MISSION,))
    told = refused.value.told()
    assert told.en is not None and "s do mission.close on behalf of head" in told.en
    assert told.ar is not None and "إقفال البعثة" in told.ar


def test_a_department_or_head_of_mission_without_a_key_owns_nothing() -> None:
    for role in ("department", "head-of-mission"):
        nobody = Actor(subject="s", role=role)
        assert not REGISTRY.table.allows(nobody, "department.delegate", (OWN,), (MISSION,))


HEADSHIPS = tuple(
    Headship(head=head, role="admin", since=NOW + days * DAY)
    for head, days in (("head", -90), ("b", -60), ("head", -30))
)
AS_OF = [
    (-91, False),  # nobody was head
    (-90, True),
    (-61, True),
    (-60, False),  # somebody else was
    (-30, False),  # what stood under the first headship does not come back
    (-11, False),
    (-10, True),
    (0, True),
]


def led() -> Leadership:
    """Somebody heads a department for a month, another after them, and they again; deputies stand in."""
    first, other, again = HEADSHIPS
    leadership = Leadership().led_by(first)
    parts = {"head": "head", "deputy": "s", "until": NOW + DAY}
    early = StandIn(key="early", since=NOW - 100 * DAY, **parts)
    leadership = leadership.with_stand_in(early, first.since).led_by(other).led_by(again)
    late = StandIn(key="late", since=NOW - 10 * DAY, **parts)
    return leadership.with_stand_in(late, NOW - 20 * DAY)


@pytest.mark.parametrize(("days", "enough"), AS_OF)
def test_a_stand_in_is_one_now_and_was_one_at_the_moment_that_they_name(days: int, enough: bool) -> None:
    actor = Actor(subject="s", role="admin", department=OWN, on_behalf_of="head")
    as_of = NOW + days * DAY
    turn = FakeTurn(actor, Facts(), Moment(NOW, as_of))
    turn.leadership = led()
    by = Instruction(id=UUID(int=1), actor=actor, effective_at=as_of)

    def before() -> None:
        asked = REGISTRY.ask(by, "mission.close").condition
        assert asked is not None
        asked(turn)

    for ask in (before, lambda: REGISTRY.check(turn, "mission.close")):
        if enough:
            ask()
            continue
        with pytest.raises(NotDelegatedThen) as refused:
            ask()
        told = refused.value.told()
        assert told.en and rfc3339(as_of) in told.en and told.ar and rfc3339(as_of) in told.ar


def test_a_stand_in_of_then_is_none_now() -> None:
    actor = Actor(subject="s", role="admin", department=OWN, on_behalf_of="head")
    turn = FakeTurn(actor, Facts(), Moment(NOW + 2 * DAY, NOW))
    turn.leadership = led()
    with pytest.raises(NotDelegated):
        REGISTRY.check(turn, "mission.close")


def test_the_days_that_an_import_tells_are_no_acts_of_whoever_imports_it() -> None:
    actor = Actor(subject="s", role="admin", department=OWN, on_behalf_of="head")
    turn = FakeTurn(actor, Facts(), Moment(NOW, NOW - 400 * DAY))
    turn.leadership = led()
    asked = REGISTRY.ask(Instruction(id=UUID(int=1), actor=actor), "dossier.import").condition
    assert asked is not None
    asked(turn)


@pytest.mark.parametrize("head", [None, "head"])
def test_whoever_is_asked_keeps_the_condition_of_the_instruction(head: str | None) -> None:
    class Ahead(Exception):
        """What the instruction's own condition refuses."""

    def refuse(turn: Any) -> None:
        raise Ahead

    actor = BEARERS["admin"].model_copy(update={"on_behalf_of": head})
    by = Instruction(id=UUID(int=1), actor=actor, condition=refuse)
    asked = REGISTRY.ask(by, "mission.close").condition
    assert asked is not None
    with pytest.raises(Ahead):
        asked(FakeTurn(actor, Facts()))
