"""Given the example, when eleven months of it are played, then streams, stores and counts tell the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from deploy.local.engines import Engines
from deploy.simulation.playing import Played, verify
from deploy.simulation.reading import read_scenario
from deploy.simulation.showing import Silent
from deploy.simulation.streams import Streams, differences, read_streams
from deploy.simulation.summary import summary_of
from deploy.simulation.tally import Tally
from tests.integration.simulation.runs import SCENARIO, command, counts, on_engines, played, told_by
from tests.product import PLANNED, SERVICES, Product, eventually, tanfidh

DECIDED = 2
"""Tasks that the meeting of 5 May 2025 decided on."""
AMENDED = 39
"""Tasks of the plan for Burkina Faso, once an amendment has named its receiver."""
DROPPED = 2
"""Tasks of Namibia's closing that were still open when the mission was opened again."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the command keeps."""
    return tmp_path_factory.mktemp("kept") / "data"


@pytest.fixture(scope="module")
def told(kept: Path) -> dict[str, Any]:
    """What the command tells of the whole example."""
    completed = command("--json", "--keep", str(kept))
    assert completed.returncode == 0, completed.stderr
    return counts(completed)


@dataclass
class Found:
    """The streams of the kept folder; what differs from its stores, as they are and when they are spoiled."""

    streams: Streams
    differences: list[str]
    shortened: list[str]
    swapped: list[str]
    faults: list[str]


@pytest.fixture(scope="module")
def found(told: dict[str, Any], kept: Path) -> Found:
    """What is in the folder that was kept."""

    async def read(engines: Engines) -> Found:
        streams, url = await read_streams(engines.nats_url), engines.database_url
        first, second, *others = streams["tasks"]
        return Found(
            streams,
            await differences(streams, url),
            await differences({**streams, "tasks": streams["tasks"][:-1]}, url),
            await differences({**streams, "tasks": [second, first, *others]}, url),
            await verify(url, kept),
        )

    return on_engines(kept, read)


@pytest.fixture(scope="module")
def streams(found: Found) -> Streams:
    """The streams of the kept folder."""
    return found.streams


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Played]:
    """The same scenario, played once more on other engines."""
    yield played(tmp_path_factory.mktemp("again") / "data", Silent())


def test_the_command_tells_what_became_of_the_decree(told: dict[str, Any]) -> None:
    assert told["decree"] == "298-2025"
    assert told["measures"] == {"ordered": 18, "blocked": 5, "executed": 2}
    assert told["missions"] == {"closing": 18, "closed": 1}, "of two that were closed one is open again"
    planned = PLANNED + DECIDED + AMENDED
    assert told["tasks"]["planned"] == planned
    assert told["tasks"]["open"] == planned - told["tasks"]["accepted"] - DROPPED
    assert told["tasks"]["accepted"] > 2 * 30
    assert (told["deadlines"]["extended"], told["deadlines"]["refused"]) == (1, 1)
    assert told["deadlines"]["missed"] > 20
    assert told["staff"] == {"reassigned": 3, "recalled": 4}
    assert told["notifications"]["delivered"] > told["deadlines"]["missed"]
    assert tuple(told["events"]) == SERVICES
    assert all(told["events"].values())
    assert told["log"] == {"verified": True}
    assert list(told) == [
        *("decree", "measures", "missions", "tasks", "deadlines", "staff", "notifications", "events", "log")
    ]


def test_the_streams_are_what_the_stores_hold(found: Found) -> None:
    assert (found.differences, found.faults) == ([], [])


def test_a_stream_that_is_not_its_store_is_named(found: Found) -> None:
    length = len(found.streams["tasks"])
    assert found.shortened == [f"tasks: its stream holds {length - 1} events, its store {length}"]
    assert found.swapped == ["tasks: stream and store differ at position 1"]


def test_the_counts_are_those_of_the_streams_that_were_kept(told: dict[str, Any], streams: Streams) -> None:
    counted = Tally(streams, "298-2025").as_json()
    assert {name: told[name] for name in counted} == counted


def test_the_meeting_the_indicator_and_the_reports_are_in_it(streams: Streams) -> None:
    types = [event.type for event in streams["tasks"]]
    for expected in (
        *("tasks.meeting.held", "tasks.meeting.minuted", "tasks.meeting.closed"),
        *("tasks.indicator.target-met", "tasks.report.generated"),
    ):
        assert expected in types
    assert (types.count("tasks.meeting.decided"), types.count("tasks.report.generated")) == (3, 2)


def test_every_sort_of_episode_is_in_it(streams: Streams) -> None:
    types = [event.type for events in streams.values() for event in events]
    assert types.count("registry.decree.condition-fulfilled") == 6
    for expected in (
        *("registry.decree.condition-waived", "registry.decree.amended", "registry.measure.retargeted"),
        *("registry.mission.condition-waived", "registry.mission.reopened"),
        *("registry.staff.person-recorded", "registry.staff.erased"),
        *("tasks.escalation.raised", "tasks.escalation.acknowledged"),
    ):
        assert expected in types


def test_nothing_personal_is_in_the_streams(streams: Streams) -> None:
    assert not [event for events in streams.values() for event in events if b"FICT/000000" in event.data]


def test_misses_stay_and_are_qualified(streams: Streams) -> None:
    types = [event.type for events in streams.values() for event in events]
    for expected in ("tasks.deadline.miss-qualified", "tasks.deadline.suspended", "tasks.deadline.resumed"):
        assert expected in types


def test_nothing_is_recorded_by_the_clock_of_the_machine(streams: Streams) -> None:
    days = [event.recorded_at.date().isoformat() for events in streams.values() for event in events]
    assert (min(days), max(days) <= "2026-03-31") == ("2025-04-30", True)


def test_twice_the_same_scenario_gives_the_same_events(streams: Streams, again: Played) -> None:
    first, second = told_by(streams), told_by(again.streams)
    assert first.keys() == second.keys()
    for service, events in first.items():
        assert len(events) == len(second[service])
        differing = [pair for pair in zip(events, second[service], strict=True) if pair[0] != pair[1]]
        assert differing[:1] == [], f"{len(differing)} events of {service} differ"


def test_the_summary_tells_it_to_a_person(again: Played) -> None:
    console = Console(file=StringIO(), width=100, color_system=None)
    for part in summary_of(read_scenario(SCENARIO), again, None):
        console.print(part)
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    for expected in (
        "Decree 298 of 2025, its first eleven months",
        "made up",
        "Audit Bureau holds the decree, with 8 conditions",
        "(amended-under-hold)",
        "lifted: 7 conditions met with evidence, 1 waived",
        "Decree 298-2025 amended by 99001-2025: row 20 (Embassy to Burkina Faso)",
        "Embassy to South Africa, with 1 reservation",
        "Embassy to Namibia opened again by Decree 99002-2026",
        "The personal data of one person is erased",
        "Minister's office is told",
        "Extension refused for “Report to the Prime Minister”",
        "Embassy to Albania closed into Embassy to Italy",
        "(closing-conditions-unmet)",
        "Every log verified",
    ):
        assert expected in shown, shown
    assert max(map(len, shown.splitlines())) <= 100


def test_what_was_kept_can_be_started_and_goes_on(told: dict[str, Any], streams: Streams, kept: Path) -> None:
    with Product(kept).running() as product:
        person = product.who("follow-up-office", "follow-up-1")
        eventually(
            lambda: person.read("/registry/overview")["decrees"]["298-2025"]["missions"]["closed"],
            lambda closed: closed == told["missions"]["closed"],
        )
        status = tanfidh("status", "--json", data=kept)
        said = "\n".join(product.said)
    assert (
        "on a virtual clock: decree-298-2025, 2025-04-30 09:00 to 2026-03-31 18:00 (Africa/Tripoli)" in said
    )
    assert status.returncode == 0, status.stderr
