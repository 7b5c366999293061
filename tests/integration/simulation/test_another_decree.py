"""Given another country's decree, without missions or staff, when it is played, then nothing is missing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from deploy.simulation.showing import Silent
from tests.integration.simulation.runs import played

FILES = {
    "dossier.yaml": """\
decree:
  number: 7
  year: 2030
  uri: /akn/xx/act/decree/2030/7
  title: {en: School meals}
  issuer: {en: Cabinet}
  announced_on: 2030-01-07
  signed_on: unknown
  in_force_on: 2030-01-08
  obligations:
    - key: report
      article: "1"
      title: {en: Report on meals}
      rule: 10 working days of announced_on
      roll: forward
      task: 1
  articles:
    - {article: "1", text: {en: Every school serves a meal}}
procedure: procedure.yaml
calendar: calendar.yaml
departments: departments.yaml
""",
    "departments.yaml": """\
departments:
  - {key: schools, name: {en: Department of Schools}}
""",
    "calendar.yaml": """\
name: xx
label: "1"
zone: Europe/Paris
weekend: [saturday, sunday]
covers_from: 2030-01-01
covers_to: 2030-12-31
source: made up
holidays: []
""",
    "procedure.yaml": """\
template: meals
label: "1"
title: {en: Meals}
calendar: xx
roll: forward
tasks: []
decree_tasks:
  - number: 1
    workstream: report
    title: {en: Report on meals}
    lead: schools
    due: 10 working days of announced_on
    roll: forward
""",
    "scenario.yaml": """\
name: meals
title: {en: School meals}
provenance: fictitious
dossier: .
imported_by: office
zone: Europe/Paris
begins: 2030-01-07 09:00
ends: 2030-02-28 18:00
actors:
  office: {role: follow-up-office, subject: office-1}
steps:
  - at: 2030-01-08 09:00
    as: office
    work: {tasks: [7-2030-t01], done: late by 2 days}
""",
}


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    folder = tmp_path / "dossier"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "scenario.yaml"


def test_a_decree_of_articles_and_tasks_alone_is_played(tmp_path: Path, scenario: Path) -> None:
    result = played(tmp_path / "data", Silent(), scenario=scenario)
    told = result.as_json()
    assert (told["decree"], told["tasks"]) == ("7-2030", {"planned": 1, "accepted": 1, "open": 0})
    assert (told["deadlines"]["missed"], told["log"]) == (1, {"verified": True})
    (missed,) = (event for event in result.streams["tasks"] if event.type == "tasks.deadline.missed")
    # Ten working days after Monday 7 January end on Monday 21st, at midnight by the clocks of Paris.
    assert missed.recorded_at == datetime(2030, 1, 21, 23, tzinfo=UTC)


def test_it_stops_where_it_is_told_to(tmp_path: Path, scenario: Path) -> None:
    until = datetime(2030, 1, 21, 22, 59, tzinfo=UTC)
    result = played(tmp_path / "data", Silent(), until, scenario=scenario)
    told = result.as_json()
    assert (told["deadlines"]["missed"], told["tasks"]["open"], result.ended_at) == (0, 1, until)
