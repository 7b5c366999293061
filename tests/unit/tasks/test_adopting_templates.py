import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from services.tasks.calendar import LabelTaken
from services.tasks.template import (
    ProcedureNotAdopted,
    Template,
    TemplateFlawed,
    TemplateProposal,
    UnknownProcedureTask,
)
from shared.calendar import Window
from shared.contracts.tasks import DecreeTask, ProcedureTask, TemplateAdopted
from tests.unit.tasks.given import EVIDENCE, NOW, SMALL, proposal, report, step

KNOWN = {"legal", "protocol"}
EXAMPLE = Path(__file__).parents[3] / "examples" / "decree-298-2025" / "closing-procedure.yaml"


def adopted(proposed: TemplateProposal, known: set[str] = KNOWN) -> TemplateAdopted:
    template = Template.blank("closing")
    template.adopt(proposed, known, NOW)
    (change,) = template.collect_events()
    event = change.event  # type: ignore[attr-defined]  # the library's base does not know our Change
    assert isinstance(event, TemplateAdopted)
    return event


def flaws(*steps: dict[str, Any], **changes: object) -> list[tuple[str, str]]:
    """The codes and places of what is wrong with these tasks."""
    template = Template.blank("closing")
    with pytest.raises(TemplateFlawed) as refused:
        template.adopt(proposal(*steps, **changes), KNOWN, NOW)
    assert not template.pending_events
    return [(flaw["code"], flaw["where"]) for flaw in refused.value.facts["flaws"]]


def test_adopting_makes_version_1_with_windows_read() -> None:
    event = adopted(SMALL)
    assert (event.version, event.template, event.calendar) == (1, "closing", "ly")
    assert event.tasks[1].window == Window(opens=-20, due=-10)
    assert event.decree_tasks[0].due == "1 month after announced_on"


@pytest.mark.parametrize("window", ["-30..0", "-165", {"opens": -30, "due": 0}])
def test_a_window_is_told_as_it_is_written(window: object) -> None:
    facts = step(1, window=window)
    read = ProcedureTask.model_validate_json(json.dumps(facts))
    assert read.model_dump(mode="json")["window"] == ("-165" if window == "-165" else "-30..0")
    assert ProcedureTask.model_validate_json(read.model_dump_json()) == read


def test_gates_becomes_every_task_with_a_gate() -> None:
    assert adopted(SMALL).tasks[3].needs == (1, 2, 3)


def test_gates_leaves_out_the_task_that_says_it() -> None:
    event = adopted(
        proposal(step(1, gate=1, evidence=EVIDENCE), step(2, needs=["gates"], gate=12, evidence=EVIDENCE))
    )
    assert event.tasks[1].needs == (1,)


def test_gates_beside_numbers_names_each_task_once() -> None:
    event = adopted(proposal(step(1, gate=1, evidence=EVIDENCE), step(2), step(3, needs=[2, 1, "gates"])))
    assert event.tasks[2].needs == (2, 1)


def test_the_next_adoption_is_version_2_and_replaces_the_tasks() -> None:
    template = Template.blank("closing")
    template.adopt(SMALL, KNOWN, NOW)
    template.adopt(proposal(step(1), label="2"), KNOWN, NOW)
    assert (template.version, [task.number for task in template.tasks]) == (2, [1])


def test_a_label_is_taken_once_and_for_all() -> None:
    template = Template.blank("closing")
    template.adopt(SMALL, KNOWN, NOW)
    with pytest.raises(LabelTaken, match="template closing already has a version labelled 1"):
        template.adopt(SMALL, KNOWN, NOW)


def test_a_circle_of_needs_is_named_task_by_task() -> None:
    with pytest.raises(TemplateFlawed, match="the needs run in a circle: ") as refused:
        adopted(proposal(step(1, needs=[3]), step(2, needs=[1]), step(3, needs=[2]), step(4, needs=[1])))
    (flaw,) = refused.value.facts["flaws"]
    numbers = flaw["en"].removeprefix("the needs run in a circle: ").split(" → ")
    assert numbers[0] == numbers[-1] and sorted(numbers[1:]) == ["1", "2", "3"]
    needs = {"1": "3", "2": "1", "3": "2"}
    assert all(needs[task] == needed for task, needed in pairwise(numbers))
    assert flaw["where"] == f"task {numbers[0]}, needs"


def test_a_circle_through_gates_is_found() -> None:
    found = flaws(step(1, gate=1, evidence=EVIDENCE, needs=[2]), step(2, needs=["gates"]))
    assert [code for code, _ in found] == ["cycle"]


def test_a_task_that_needs_itself_is_refused() -> None:
    assert flaws(step(1, needs=[1])) == [("needs-itself", "task 1, needs")]


def test_a_need_that_does_not_exist_is_refused() -> None:
    assert flaws(step(1), step(2, needs=[1, 9])) == [("unknown-need", "task 2, needs")]


def test_a_decree_task_cannot_be_needed() -> None:
    assert flaws(step(1, needs=[40]), decree_tasks=[report()]) == [("unknown-need", "task 1, needs")]


def test_an_unknown_lead_is_refused() -> None:
    assert flaws(step(1, lead="fisheries")) == [("unknown-department", "task 1, lead")]


def test_an_unknown_co_executor_is_refused() -> None:
    assert flaws(step(1, co_executors=["protocol", "fisheries"])) == [
        ("unknown-department", "task 1, co_executors")
    ]


def test_an_unknown_lead_of_a_decree_task_is_refused() -> None:
    assert flaws(step(1), decree_tasks=[report(lead="fisheries")]) == [
        ("unknown-department", "task 40, lead")
    ]


@pytest.mark.parametrize("co_executors", [["legal"], ["protocol", "protocol"]])
def test_a_department_named_twice_is_refused(co_executors: list[str]) -> None:
    assert flaws(step(1, co_executors=co_executors)) == [("department-twice", "task 1, co_executors")]


def test_a_number_given_twice_is_refused() -> None:
    assert flaws(step(1), step(2), step(2)) == [("duplicate-number", "task 2, number")]


def test_a_number_shared_with_a_decree_task_is_refused() -> None:
    assert flaws(step(40), decree_tasks=[report(40)]) == [("duplicate-number", "task 40, number")]


@pytest.mark.parametrize("window", ["soon", "0..-30", "-30..", "9999"])
def test_a_bad_window_is_refused(window: str) -> None:
    assert flaws(step(1), step(2, window=window)) == [("bad-window", "task 2, window")]


def test_a_window_that_ends_before_that_of_a_need_is_refused() -> None:
    assert flaws(step(1, window="-10"), step(2, window="-30..-11", needs=[1])) == [
        ("window-before-need", "task 2, window")
    ]


def test_a_gate_without_evidence_is_refused() -> None:
    assert flaws(step(1, gate=1)) == [("gate-without-evidence", "task 1, evidence")]


def test_a_bad_rule_of_a_decree_task_is_refused() -> None:
    assert flaws(step(1), decree_tasks=[{**report(), "due": "soon"}]) == [("bad-rule", "task 40, due")]


def test_a_procedure_without_tasks_is_refused() -> None:
    assert flaws() == [("no-tasks", "tasks")]


def test_every_flaw_is_told_at_once_in_both_languages() -> None:
    template = Template.blank("closing")
    with pytest.raises(TemplateFlawed) as refused:
        template.adopt(proposal(step(1, lead="x"), step(2, window="?"), step(3, needs=[7])), KNOWN, NOW)
    told = refused.value.told()
    for words in ("3 flaw(s)", "task 1, lead: there is no department x", "task 2, window", "no task 7"):
        assert words in told.in_language("en")
    assert "لا توجد إدارة بالمفتاح x" in told.in_language("ar")
    assert refused.value.status == 422


@pytest.mark.parametrize(
    "wrong",
    [{"number": 0}, {"number": 1000}, {"lead": "a.b"}, {"needs": ["all"]}, {"gate": 0}, {"surprise": 1}],
)
def test_what_cannot_be_read_never_becomes_a_proposal(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        proposal(step(1, **wrong) if "number" not in wrong else {**step(1), **wrong})


def test_a_procedure_that_nobody_adopted_is_refused() -> None:
    with pytest.raises(ProcedureNotAdopted, match="The procedure closing is not adopted"):
        Template.blank("closing").must_be_adopted()


def test_a_decree_task_that_the_procedure_lacks_is_refused() -> None:
    template = Template.blank("closing")
    template.adopt(SMALL, KNOWN, NOW)
    assert template.decree_task(40).number == 40
    with pytest.raises(UnknownProcedureTask, match="no decree task 41"):
        template.decree_task(41)


def test_the_closing_procedure_of_the_example_is_adopted() -> None:
    facts = yaml.safe_load(EXAMPLE.read_text())
    assert facts.pop("template") == "closing"
    proposed = TemplateProposal.model_validate(facts)
    event = adopted(proposed, set(proposed.departments()))
    gates = [task.number for task in event.tasks if task.gate]
    assert [task.number for task in event.tasks] == list(range(1, 40))
    assert {task.gate for task in event.tasks if task.gate} == set(range(1, 13))
    assert set(event.tasks[37].needs) == set(gates) - {38}
    assert [(task.number, task.due, task.roll.value) for task in event.decree_tasks] == [
        (40, "1 month after announced_on", "back")
    ]
    assert [task.number for task in event.tasks if task.needs_dates] == [5]
    every: tuple[ProcedureTask | DecreeTask, ...] = (*event.tasks, *event.decree_tasks)
    assert all(task.title.ar and task.title.en for task in every)
    assert all(task.evidence and task.evidence.ar and task.evidence.en for task in every)
