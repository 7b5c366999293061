"""Given a scenario file, when it is read, then every problem is named with its line and its step."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.simulation.agenda import Request, Work, agenda_of
from deploy.simulation.form import Manner, ScenarioForm
from deploy.simulation.reading import ScenarioRefused, read_scenario
from tests.product import EXAMPLE

HEAD = """\
name: sample
title: {en: A sample}
provenance: fictitious
dossier: .
imported_by: office
zone: Africa/Tripoli
begins: 2025-04-30 09:00
ends: 2025-12-31 18:00
actors:
  office: {role: follow-up-office, subject: office-1}
steps:
"""
STEP = """\
  - at: 2025-05-01 10:00
    as: office
    do: POST /registry/staff/{person}/recall
    each: [{person: p-1, n: A/1}, {person: p-2, n: A/2}]
    with: {by: cabinet, reference: "{n}", deep: [{who: "{person}"}]}
"""


def read(folder: Path, text: str) -> ScenarioForm:
    file = folder / "scenario.yaml"
    file.write_text(text, encoding="utf-8")
    return read_scenario(file).form


def problems(folder: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(ScenarioRefused) as refused:
        read(folder, text)
    return refused.value.problems


def test_the_example_can_be_read() -> None:
    scenario = read_scenario(EXAMPLE / "scenario.yaml")
    assert scenario.dossier == EXAMPLE
    assert len(scenario.form.steps) > 10


def test_a_step_is_repeated_for_each_with_its_values_filled_in(tmp_path: Path) -> None:
    agenda = agenda_of(read(tmp_path, HEAD + STEP))
    moment = agenda.next_moment
    assert moment == datetime(2025, 5, 1, 8, tzinfo=UTC)  # two hours behind the clocks of Tripoli
    first, second = agenda.due(moment)
    assert isinstance(first, Request) and isinstance(second, Request)
    assert (first.method, first.path, first.key) == ("POST", "/registry/staff/p-1/recall", "sample/1/0")
    assert second.body == {"by": "cabinet", "reference": "A/2", "deep": [{"who": "p-2"}]}
    assert (second.key, second.service) == ("sample/1/1", "registry")


def test_officers_act_for_their_departments_under_the_scenarios_pattern(tmp_path: Path) -> None:
    form = read(tmp_path, HEAD.replace("actors:", 'officers: "o-{department}"\nactors:') + STEP)
    officer = form.actor("department:legal")
    assert (officer.role, officer.subject, officer.department) == ("department", "o-legal", "legal")


def test_work_names_numbers_in_ranges_and_the_manner_of_some(tmp_path: Path) -> None:
    step = """\
  - at: 2025-05-01 10:00
    as: office
    work:
      plans: [a, b]
      numbers: "1-3, 7"
      done: on time
      but: {"2": late by 3 days, "3, 7": recorded 1 day late}
"""
    (work,) = agenda_of(read(tmp_path, HEAD + step)).due(datetime(2025, 6, 1, tzinfo=UTC))
    assert isinstance(work, Work)
    assert work.form.numbers == {1, 2, 3, 7}
    manners = [work.form.manner_of(number) for number in (1, 2, 3, 7)]
    backdated = Manner(days=1, backdated=True)
    assert manners == [Manner(), Manner(days=3), backdated, backdated]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD + STEP.replace("as: office", "as: nobody"), "line 13: step 1, as: there is no actor 'nobody'"),
        (
            HEAD + STEP.replace("POST /registry", "POST /registrar"),
            "line 14: step 1, do: there is no service 'registrar'; there are registry, tasks,",
        ),
        (HEAD + STEP + "    wait: 3\n", "line 17: step 1, wait: there is no such field"),
        (HEAD + STEP.replace("do: POST", "do: GET"), "line 14: step 1, do: String should match pattern"),
        (
            HEAD + STEP + STEP.replace("2025-05-01", "2025-04-30"),
            "line 17: step 2, at: it is before 2025-05-01 10:00: steps stand in the order of their time",
        ),
        (HEAD + STEP.replace("2025-05", "2026-05"), "line 12: step 1, at: it is after the end"),
        (HEAD + STEP.replace("    as: office\n", ""), "line 12: step 1, as is missing"),
        (
            HEAD + STEP + "    work: {plans: [a]}\n",
            "line 12: step 1, a step has either do or work",
        ),
        (
            HEAD + "  - at: 2025-05-01 10:00\n    as: office\n    work: {plans: [a], numbers: 5-x}\n",
            "line 14: step 1, work.numbers: '5-x' is no number or range; write for example 1-5, 7",
        ),
        (
            HEAD + "  - at: 2025-05-01 10:00\n    as: office\n    work: {tasks: [a], done: soon}\n",
            "line 14: step 1, work.done: 'soon': write on time, late by 3 days, or recorded 3 days late",
        ),
        (HEAD.replace("Africa/Tripoli", "Atlantis") + STEP, "line 6: zone: 'Atlantis' is not a time zone"),
        (
            HEAD.replace("follow-up-office,", "king,") + STEP,
            "line 10: actors.office.role: 'king' is no role",
        ),
        (
            HEAD.replace("office-1", "Jane Doe") + STEP,
            "line 10: actors.office.subject: 'Jane Doe' is no pseudonym",
        ),
        (HEAD.replace("imported_by: office", "imported_by: x") + STEP, "line 5: imported_by: there is no"),
        (HEAD.replace("2025-12-31", "2025-04-01") + STEP, "line 8: ends: it is not after the beginning"),
        ("- 1\n", "it does not hold `name: value` pairs"),
        ("name: *x\n", "it cannot be read:"),
    ],
)
def test_a_problem_is_named_with_its_line_and_step(tmp_path: Path, text: str, told: str) -> None:
    assert any(problem.startswith(told) for problem in problems(tmp_path, text)), problems(tmp_path, text)


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    text = HEAD + STEP.replace("as: office", "as: nobody").replace("2025-05-01", "2024-05-01")
    assert len(problems(tmp_path, text)) == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioRefused, match="cannot be opened"):
        read_scenario(tmp_path / "none.yaml")
