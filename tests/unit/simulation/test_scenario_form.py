"""Given a scenario file, when it is read, then every problem is named with its line and its step."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.simulation.agenda import Request, Work, agenda_of
from deploy.simulation.form import ScenarioForm
from deploy.simulation.reading import ScenarioRefused, read_scenario
from deploy.simulation.values import Manner
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
WORK = """\
  - at: 2025-05-01 10:00
    as: office
    work:
      plans: [a, b]
      numbers: "1-3, 7"
      done: on time
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
        (
            HEAD + STEP.replace("do: POST", "do: GET"),
            "line 14: step 1, do: write POST or PUT and a path, as POST /reg",
        ),
        (
            HEAD + STEP + STEP.replace("2025-05-01", "2025-04-30"),
            "line 17: step 2, at: it is before 2025-05-01 10:00: steps stand in the order of their time",
        ),
        (
            HEAD + STEP.replace("/{person}/", "/{persn}/"),
            "line 14: step 1, do: nothing is given for {persn} in each",
        ),
        (
            HEAD + STEP.replace('who: "{person}"', 'who: "{whom}"'),
            "line 16: step 1, with.deep.0.who: nothing is given for {whom} in each",
        ),
        (
            HEAD + STEP.replace("n: A/2", "m: A/2"),
            "line 16: step 1, with.reference: nothing is given for {n} in each, number 2 of it",
        ),
        (
            HEAD + STEP.replace("n: A/2", "n: A/2, nn: A/3"),
            "line 15: step 1, each.1.nn: {nn} stands neither in the path nor in the body",
        ),
        (
            HEAD + STEP.replace("    each: [{person: p-1, n: A/1}, {person: p-2, n: A/2}]\n", ""),
            "line 14: step 1, do: nothing is given for {person} in each",
        ),
        (
            HEAD + STEP.replace("n: A/2", "n: 2"),
            "line 15: step 1, each.1.n: write a text; a number or a date needs quotes to be one",
        ),
        (HEAD + STEP + "    expect: [1]\n", "line 17: step 1, expect: '[1]': write a status, as 201, or"),
        (
            HEAD + WORK.replace("done: on time", 'but: {"2": late by 3 days, "99": on time}'),
            "line 17: step 1, work.but.99: not among the numbers of this step: 99",
        ),
        (
            HEAD + WORK.replace("done: on time", 'but: {"1-2": late by 3 days, "2": on time}'),
            "line 17: step 1, work.but.2: an exception is made twice for 2",
        ),
        (HEAD + WORK.replace("plans: [a, b]", "plans: a"), "line 15: step 1, work.plans: write a list"),
        (HEAD + "  - 1\n", "line 12: step 1, write `name: value` pairs"),
        (
            HEAD.replace("  office:", "  1:") + STEP,
            "line 10: actors.1: '1' cannot be a name here: a name is 1 to 64 of A-Z a-z 0-9 _ -; a number",
        ),
        (HEAD.replace("fictitious", "rumour") + STEP, "line 3: provenance: write 'fictitious' or 'sourced'"),
        (HEAD.replace("dossier: .", "dossier: a b") + STEP, "line 4: dossier: write a path beside this file"),
        (HEAD.replace("2025-04-30 09:00", "1800") + STEP, "line 7: begins: '1800': write a day and a time"),
        (
            HEAD.replace("2025-04-30 09:00", "2025-04-31 09:00") + STEP,
            "line 7: begins: there is no 2025-04-31",
        ),
        (
            HEAD.replace("2025-04-30 09:00", "1800-04-30 09:00") + STEP,
            "line 7: begins: the year 1800 cannot be played; 1971 to 2199 can",
        ),
        (HEAD.replace("name: sample", "name: a b") + STEP, "line 1: name: a name is 1 to 64 of A-Z a-z 0-9"),
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


def test_all_problems_are_named_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    text = HEAD.replace("fictitious", "rumour").replace("imported_by: office", "imported_by: somebody")
    nobody = (
        STEP.replace("as: office", "as: nobody").replace("n: A/1", "m: A/1").replace("do: POST", "do: GET")
    )
    found = problems(tmp_path, text + STEP.replace("as: office", "as: whoever") + nobody + "    wait: 3\n")
    assert [problem.split(":")[0] for problem in found] == [f"line {n}" for n in (3, 5, 13, 18, 19, 22)]
    assert [problem for problem in found if "no actor" in problem] == [
        "line 5: imported_by: there is no actor 'somebody'",
        "line 13: step 1, as: there is no actor 'whoever'",
        "line 18: step 2, as: there is no actor 'nobody'",
    ]


def test_steps_are_known_by_their_lines(tmp_path: Path) -> None:
    file = tmp_path / "scenario.yaml"
    file.write_text(HEAD + STEP + STEP, encoding="utf-8")
    scenario = read_scenario(file)
    assert [scenario.step(1), scenario.step(2)] == ["line 12, step 1", "line 17, step 2"]


def test_problems_of_two_parts_of_a_step_are_both_named(tmp_path: Path) -> None:
    text = HEAD + STEP.replace("as: office", "as: nobody").replace("2025-05-01", "2024-05-01")
    assert len(problems(tmp_path, text)) == 2


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScenarioRefused, match="cannot be opened"):
        read_scenario(tmp_path / "none.yaml")
