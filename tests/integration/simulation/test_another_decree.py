"""Given another country's decree, without missions or staff, when it is played, then nothing is missing."""

from datetime import UTC, date, datetime
from pathlib import Path

from deploy.simulation.showing import Silent
from shared.calendar import CalendarDeclaration, Roll, Rule, WorkingCalendar
from shared.calendar.deadline import deadline_of
from shared.dossier import read_folder
from tests.integration.simulation.runs import played
from tests.product import REGISTERS

SCENARIO = REGISTERS / "scenario.yaml"
REPORT_MISSED = datetime(2031, 3, 3, 18, 15, tzinfo=UTC)
"""One month after 3 February, at midnight by the clocks of Kathmandu."""


def test_a_decree_of_articles_and_tasks_alone_is_played_to_its_end(tmp_path: Path) -> None:
    result = played(tmp_path / "data", Silent(), scenario=SCENARIO)
    told = result.as_json()
    assert (told["decree"], told["tasks"]) == ("12-2031", {"planned": 9, "accepted": 9, "open": 0})
    assert (told["deadlines"]["missed"], told["log"]) == (2, {"verified": True})
    missed = {
        event.id: event.recorded_at
        for event in result.streams["tasks"]
        if event.type == "tasks.deadline.missed"
    }
    assert missed.keys() == {"12-2031-t06", "12-2031-t09"}
    assert missed["12-2031-t09"] == REPORT_MISSED
    assert result.streams["registry"][-1].type == "registry.decree.removed-from-control"


def test_it_stops_where_it_is_told_to(tmp_path: Path) -> None:
    until = REPORT_MISSED.replace(minute=14)
    result = played(tmp_path / "data", Silent(), until, scenario=SCENARIO)
    told = result.as_json()
    assert (told["deadlines"]["missed"], told["tasks"]["accepted"], result.ended_at) == (0, 0, until)


def test_its_weeks_have_one_day_off() -> None:
    """Worked out by hand: Saturdays 15 and 22 February and 1 March, and 19 February, do not count."""
    declared = read_folder(REGISTERS).calendar
    assert declared is not None
    CalendarDeclaration.model_validate({name: held for name, held in declared.items() if name != "name"})
    calendar = WorkingCalendar.model_validate(declared | {"version": 1})
    rule = Rule.parse("20 working days after in_force_on")
    assert deadline_of(rule, date(2031, 2, 10), Roll.FORWARD, calendar).due_on == date(2031, 3, 6)
