"""Given what happened in a simulation, when it is told to people, then what they read is so."""

from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import typer
from rich.console import Console

from deploy.cli.simulating import _last_moment as last_moment
from deploy.simulation.agenda import Work, agenda_of
from deploy.simulation.chronicle import chronicle
from deploy.simulation.form import ScenarioForm
from deploy.simulation.misses import Record, records_of
from deploy.simulation.names import Names
from deploy.simulation.reading import Scenario
from deploy.simulation.showing import Showing
from shared.contracts import registry, tasks
from shared.contracts.event import Event
from shared.contracts.tasks import deadline
from shared.contracts.text import Text

TRIPOLI = ZoneInfo("Africa/Tripoli")
FORM = ScenarioForm.model_validate(
    {
        "name": "sample",
        "title": {"en": "A sample"},
        "provenance": "fictitious",
        "dossier": ".",
        "imported_by": "office",
        "zone": "Africa/Tripoli",
        "begins": "2025-04-30 09:00",
        "ends": "2025-12-31 18:00",
        "actors": {"office": {"role": "follow-up-office", "subject": "office-1"}},
        "steps": [
            {
                "at": "2025-05-01 10:00",
                "as": "office",
                "note": {"en": "The report is written."},
                "work": {"tasks": ["298-2025-t40"]},
            }
        ],
    }
)
SCENARIO = Scenario(Path("scenario.yaml"), FORM)


def happened(event: type[Event], at: datetime, id: str = "x", **said: Any) -> Any:
    return SimpleNamespace(id=id, recorded_at=at, event=event.model_construct(**said))


def told(*events: Any) -> list[tuple[date, str]]:
    return [(one.on, one.text) for one in chronicle(events, Names(events), TRIPOLI)]


HELD = datetime(2025, 6, 22, 7, 30, tzinfo=UTC)
BUREAU: dict[str, Any] = {"by": "audit-bureau", "conditions": (), "article": None, "measure": None}
MET = registry.MetCondition(key="a", evidence=("1/2025",))
WAIVED = registry.MetCondition(key="b", evidence=(), waived=True)
ROW = happened(registry.MeasureListed, HELD, "298-2025-a2-r02", row=2, mission="emb-al")


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "audit-bureau holds the decree"),
        ({"conditions": (1,)}, "audit-bureau holds the decree, with 1 condition"),
        ({"conditions": (1, 2)}, "audit-bureau holds the decree, with 2 conditions"),
        ({"article": "2"}, "audit-bureau holds Article 2"),
        ({"measure": "298-2025-a2-r02"}, "audit-bureau holds row 2 (emb-al)"),
        ({"measure": "298-2025-a2-r09"}, "audit-bureau holds the measure 298-2025-a2-r09"),
    ],
)
def test_a_hold_covers_what_it_says(said: dict[str, Any], expected: str) -> None:
    assert told(ROW, happened(registry.DecreeHeld, HELD, **BUREAU | said)) == [(HELD.date(), expected)]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"met": ()}, "The hold on the decree is lifted"),
        ({"met": (MET,)}, "The hold on the decree is lifted: 1 condition met with evidence"),
        (
            {"met": (MET, WAIVED, MET)},
            "The hold on the decree is lifted: 2 conditions met with evidence, 1 waived",
        ),
        ({"met": (WAIVED,)}, "The hold on the decree is lifted, 1 waived"),
        ({"met": (), "article": "2"}, "The hold on Article 2 is lifted"),
    ],
)
def test_what_a_lifted_hold_covered_is_told(said: dict[str, Any], expected: str) -> None:
    event = happened(registry.DecreeResumed, HELD, **{"article": None, "measure": None} | said)
    assert told(event) == [(HELD.date(), expected)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (
            happened(
                registry.DecreeAmended, HELD, "298-2025", by="9-2026", rows_changed=("298-2025-a2-r02",)
            ),
            "Decree 298-2025 amended by 9-2026: row 2 (emb-al)",
        ),
        (
            happened(registry.DecreeAmended, HELD, "298-2025", by="9-2026", rows_changed=()),
            "Decree 298-2025 amended by 9-2026",
        ),
        (
            happened(registry.MissionClosed, HELD, "emb-al", successor="emb-it", reservations=(1,)),
            "emb-al closed into emb-it, with 1 reservation",
        ),
        (
            happened(registry.MissionClosed, HELD, "emb-al", successor=None, reservations=()),
            "emb-al closed",
        ),
        (
            happened(registry.MissionReopened, HELD, "emb-al", decree="9-2026"),
            "emb-al opened again by Decree 9-2026",
        ),
        (happened(registry.StaffErased, HELD, "p-1"), "The personal data of one person is erased"),
    ],
)
def test_what_became_of_missions_people_and_the_decree_is_told(event: Any, expected: str) -> None:
    assert told(ROW, event) == [(HELD.date(), expected)]


def test_of_escalations_those_that_reached_the_last_step_are_told_by_month() -> None:
    def raised(step: int, on: date) -> Any:
        title = Text(en="Minister's office")
        return happened(tasks.EscalationRaised, HELD, step=step, steps=2, on=on, title=title)

    first, second, later = date(2025, 10, 2), date(2025, 10, 9), date(2025, 11, 4)
    assert told(raised(1, first), raised(2, first), raised(2, second), raised(2, later)) == [
        (second, "Nobody answered for 2 of them: Minister's office is told"),
        (later, "Nobody answered for 1 of them: Minister's office is told"),
    ]


def test_misses_belong_to_the_month_of_their_day() -> None:
    """The deadline of 31 December passes with it: recorded as 1 January begins in Tripoli."""
    passed = datetime(2025, 12, 31, 22, tzinfo=UTC)
    later = datetime(2026, 1, 5, 22, tzinfo=UTC)
    assert told(
        happened(deadline.DeadlineMissed, passed, due_on=date(2025, 12, 31), department="legal"),
        happened(deadline.DeadlineMissed, later, due_on=date(2026, 1, 5), department="media"),
    ) == [
        (date(2025, 12, 31), "1 deadline missed in December (legal)"),
        (date(2026, 1, 5), "1 deadline missed in January (media)"),
    ]


def test_a_missed_task_that_was_cancelled_is_open_no_more() -> None:
    missed = [
        happened(deadline.DeadlineMissed, HELD, department="legal", task=task) for task in ("t1", "t2", "t3")
    ]
    settled = [
        happened(tasks.TaskCancelled, HELD, task="t1"),
        happened(tasks.TaskAccepted, HELD, task="t2"),
    ]
    assert records_of([*missed, *settled]) == {"legal": Record(missed=3, open=1)}


def test_a_day_that_the_scenario_has_ends_at_its_midnight_or_with_the_scenario() -> None:
    assert last_moment(SCENARIO, datetime(2025, 5, 1)) == datetime(2025, 5, 1, 21, 59, 59, 999_999, UTC)
    assert last_moment(SCENARIO, datetime(2025, 12, 31)) == datetime(2025, 12, 31, 16, tzinfo=UTC)


@pytest.mark.parametrize("day", [datetime(2025, 4, 29), datetime(2026, 1, 1)])
def test_a_day_that_the_scenario_has_not_is_refused(day: datetime) -> None:
    with pytest.raises(typer.BadParameter, match="which runs from 2025-04-30 to 2025-12-31"):
        last_moment(SCENARIO, day)


async def test_the_note_on_work_is_told() -> None:
    assert FORM.steps[0].note == Text(en="The report is written.")
    console = Console(file=StringIO(), width=80, color_system=None)
    (work,) = agenda_of(FORM).due(datetime(2025, 5, 1, 8, tzinfo=UTC))
    assert isinstance(work, Work) and isinstance(console.file, StringIO)
    with Showing(SCENARIO, None, console) as showing:
        await showing.planned(work, datetime(2025, 5, 1, 8, tzinfo=UTC))
    assert " 1 May 2025  The report is written." in console.file.getvalue()
