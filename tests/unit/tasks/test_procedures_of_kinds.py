"""Procedures for every kind of measure: those of the examples, what their flaws are, and their versions."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from services.tasks.drafting import draft_plan
from services.tasks.template import ProcedureForOtherKinds, Template, TemplateFlawed, TemplateProposal
from services.tasks.template.difference import difference
from shared.contracts.registry import MeasureKind
from shared.contracts.tasks import TemplateAdopted
from tests.unit.tasks.given import (
    EVIDENCE,
    MEASURE,
    NOW,
    MemoryStore,
    ordered,
    proposal,
    report,
    step,
    store_with_procedure,
)

EXAMPLES = Path(__file__).parents[3] / "examples"
FILES = sorted((EXAMPLES / "procedures").glob("*.yaml"))
CLOSING = EXAMPLES / "decree-298-2025" / "closing-procedure.yaml"
DEPARTMENTS = yaml.safe_load((EXAMPLES / "decree-298-2025" / "departments.yaml").read_text("utf-8"))
KNOWN = {one["key"] for one in DEPARTMENTS["departments"]}


def read(file: Path) -> tuple[str, TemplateProposal]:
    told = yaml.safe_load(file.read_text("utf-8"))
    return told.pop("template"), TemplateProposal.model_validate(told)


def adopted(*proposals: TemplateProposal) -> list[TemplateAdopted]:
    template = Template.blank("closing")
    for one in proposals:
        template.adopt(one, KNOWN, NOW)
    return [change.event for change in template.collect_events()]  # type: ignore[attr-defined]  # a Change


def flaws(*steps: dict[str, Any], **changes: object) -> list[tuple[str, str]]:
    with pytest.raises(TemplateFlawed) as refused:
        adopted(proposal(*steps, **changes))
    assert all(flaw["ar"] for flaw in refused.value.facts["flaws"])
    return [(flaw["code"], flaw["where"]) for flaw in refused.value.facts["flaws"]]


@pytest.mark.parametrize("file", [CLOSING, *FILES], ids=lambda file: file.stem)
def test_an_example_is_adopted_without_a_flaw(file: Path) -> None:
    key, proposed = read(file)
    Template.blank(key).adopt(proposed, KNOWN, NOW)
    texts = [proposed.title, *(task.title for task in proposed.tasks)]
    texts += [task.evidence for task in proposed.tasks if task.evidence is not None]
    assert all(text.ar and text.en for text in texts)
    assert [task.number for task in proposed.tasks] == list(range(1, len(proposed.tasks) + 1))


def test_the_examples_serve_every_kind_of_measure_once() -> None:
    kinds = [kind for file in (CLOSING, *FILES) for kind in read(file)[1].measure_kinds]
    assert sorted(kinds) == sorted(MeasureKind)


@pytest.mark.parametrize("kinds", [["open"], ["close", "relocate"]])
def test_only_a_closing_has_gates(kinds: list[str]) -> None:
    gated = step(2, gate=3, evidence=EVIDENCE)
    assert flaws(step(1), gated, measure_kinds=kinds) == [("gate-without-closing", "task 2, gate")]
    assert adopted(proposal(step(1), gated, measure_kinds=["merge", "close"]))
    assert adopted(proposal(step(1), measure_kinds=kinds))


@pytest.mark.parametrize("gate", [13, 999])
def test_a_gate_is_one_of_twelve(gate: int) -> None:
    assert flaws(step(1, gate=gate, evidence=EVIDENCE)) == [("no-such-condition", "task 1, gate")]


def test_a_task_is_completed_by_an_event_that_can() -> None:
    assert adopted(
        proposal(
            step(1, completed_by="mission.announced"),
            step(2, completed_by="handover.signed.inspection"),
            decree_tasks=[report(completed_by="decree.executed")],
        )
    )
    assert flaws(
        step(1, completed_by="mission.registered"),
        step(2, completed_by="decree.executed"),
        decree_tasks=[report(completed_by="mission.announced")],
    ) == [
        ("unknown-event", "task 1, completed_by"),
        ("unknown-event", "task 2, completed_by"),
        ("unknown-event", "task 40, completed_by"),
    ]


def test_a_measure_is_not_planned_by_a_procedure_for_others() -> None:
    store: MemoryStore = store_with_procedure(proposal(step(1), measure_kinds=["relocate"]))
    with pytest.raises(ProcedureForOtherKinds, match="for relocate, not for merge"):
        store.run(lambda turn: draft_plan(turn, MEASURE, ordered(), "closing"))
    moved = ordered(measure_kind=MeasureKind.RELOCATE, receiver=None)
    store.run(lambda turn: draft_plan(turn, MEASURE, moved, "closing"))


def test_the_difference_of_two_versions_names_tasks_and_fields() -> None:
    old, new = adopted(
        proposal(step(1), step(2), decree_tasks=[report()]),
        proposal(step(1, window="-10", lead="protocol"), step(3), label="2", roll="forward"),
    )
    found = difference(old, new)
    assert (found["from"], found["to"]) == (1, 2)
    assert found["changed"] == {
        "label": {"from": "1", "to": "2"},
        "roll": {"from": "back", "to": "forward"},
    }
    tasks = found["tasks"]
    assert [task["number"] for task in tasks["added"]] == [3]
    assert [task["number"] for task in tasks["dropped"]] == [2]
    assert tasks["changed"] == [
        {
            "number": 1,
            "fields": {
                "lead": {"from": "legal", "to": "protocol"},
                "window": {"from": "0", "to": "-10"},
            },
        }
    ]
    assert [task["number"] for task in found["decree_tasks"]["dropped"]] == [40]


def test_a_version_differs_from_itself_in_nothing() -> None:
    (version,) = adopted(proposal(step(1), decree_tasks=[report()]))
    nothing: dict[str, list[object]] = {"added": [], "dropped": [], "changed": []}
    found = difference(version, version)
    assert (found["changed"], found["tasks"], found["decree_tasks"]) == ({}, nothing, nothing)
