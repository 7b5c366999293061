"""The tasks that a decree owes: by its obligations first, else by the procedure."""

from datetime import date
from typing import Any

import pytest

from services.tasks.calendar import CalendarNotDeclared
from services.tasks.reactions import RegistryReactions
from services.tasks.template import UnknownProcedureTask
from shared.calendar import Roll
from shared.contracts import registry
from shared.contracts import tasks as said
from shared.contracts.text import Text
from tests.unit.tasks.given import (
    ISSUED,
    REPORT,
    SMALL,
    proposal,
    received,
    step,
    store_with_procedure,
)
from tests.unit.tasks.reacting import looked_up_besides, react, reaction


def test_the_tasks_that_a_decree_owes_are_named_by_the_command() -> None:
    store = store_with_procedure()
    assert looked_up_besides(store, reaction(ISSUED, "298-2025")) == {"calendar.ly"}


def test_a_decree_without_a_procedure_is_noted_with_its_objectives() -> None:
    store = store_with_procedure()
    objective = registry.Objective(key="spending", text=Text(en="Spend less"))
    issued = ISSUED.model_copy(update={"procedure": None, "objectives": (objective,)})
    for _ in range(2):
        command = RegistryReactions().react(received(issued, "298-2025"))
        assert command is not None
        store.run(command.decide)
    assert store.said(said.DecreeNoted)[0].objectives == (objective,)
    assert len(store.said(said.DecreeNoted)) == 1 and not store.said(said.TaskPlanned)


def test_the_report_of_the_decree_is_due_on_thursday_29_may_2025() -> None:
    store = store_with_procedure()
    react(store, ISSUED, "298-2025")
    (planned,) = store.said(said.TaskPlanned)
    (scheduled,) = store.said(said.DeadlineSet)
    assert (planned.task, planned.decree, planned.article, planned.plan) == (
        "298-2025-t40",
        "298-2025",
        "3",
        None,
    )
    assert (scheduled.deadline.raw, scheduled.deadline.due_on) == (date(2025, 5, 30), date(2025, 5, 29))
    assert scheduled.deadline.rule == "1 month after announced_on"


def test_a_decree_issued_again_keeps_its_tasks() -> None:
    store = store_with_procedure()
    react(store, ISSUED, "298-2025")
    before = len(store.log)
    react(store, ISSUED, "298-2025")
    assert len(store.log) == before


def test_the_decree_itself_goes_before_the_rule_of_the_procedure() -> None:
    store = store_with_procedure()
    owed = REPORT.model_copy(update={"rule": "10 working days after announced_on", "roll": Roll.FORWARD})
    react(store, ISSUED.model_copy(update={"obligations": (owed,)}), "298-2025")
    (scheduled,) = store.said(said.DeadlineSet)
    assert (scheduled.deadline.due_on, scheduled.deadline.roll) == (date(2025, 5, 14), Roll.FORWARD)


def test_a_decree_that_owes_nothing_is_bound_by_the_procedure_alone() -> None:
    store = store_with_procedure()
    react(store, ISSUED.model_copy(update={"obligations": ()}), "298-2025")
    (scheduled,) = store.said(said.DeadlineSet)
    assert (scheduled.deadline.due_on, scheduled.article) == (date(2025, 5, 29), None)


def test_a_decree_task_whose_anchor_is_unknown_waits_without_a_deadline() -> None:
    unsigned = proposal(
        step(1),
        decree_tasks=[{**SMALL.decree_tasks[0].model_dump(mode="json"), "due": "1 month of signed_on"}],
    )
    store = store_with_procedure(unsigned)
    react(store, ISSUED.model_copy(update={"obligations": ()}), "298-2025")
    assert len(store.said(said.TaskPlanned)) == 1
    assert store.said(said.DeadlineSet) == []


def test_an_obligation_to_do_a_task_that_the_procedure_lacks_is_refused() -> None:
    store = store_with_procedure(proposal(step(1)))
    with pytest.raises(UnknownProcedureTask, match="no decree task 40"):
        react(store, ISSUED, "298-2025")


def test_a_decree_task_needs_its_calendar() -> None:
    store = store_with_procedure(proposal(step(1), calendar="tn", decree_tasks=[report_of_sample()]))
    with pytest.raises(CalendarNotDeclared, match="calendar tn"):
        react(store, ISSUED, "298-2025")


def report_of_sample() -> dict[str, Any]:
    return SMALL.decree_tasks[0].model_dump(mode="json")
