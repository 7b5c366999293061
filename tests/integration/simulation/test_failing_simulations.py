"""Given a simulation that runs, when something breaks under it, then it says so and does not pretend."""

import os
import signal
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from deploy.cli.failures import explain
from deploy.simulation.driver import StepFailed
from deploy.simulation.rest import NotAtRest
from deploy.simulation.showing import Silent
from deploy.simulation.stage import Stage
from tests.integration.simulation.runs import command, played
from tests.product import REGISTERS

SCENARIO = REGISTERS / "scenario.yaml"
IMPORTED = datetime(2031, 2, 4, tzinfo=UTC)
"""A moment after the import, before the first step."""
EARLY = datetime(2031, 2, 11, tzinfo=UTC)
PATIENCE = 8.0
"""Seconds in which so few tasks come to rest on a busy machine too."""

FLIP = """
    ALTER TABLE registry.events DISABLE TRIGGER ALL;
    UPDATE registry.events SET data = set_byte(data, 3, get_byte(data, 3) # 1) WHERE position = 9;
    ALTER TABLE registry.events ENABLE TRIGGER ALL;
"""

SMALL = """
name: small
title: {{en: A small one}}
provenance: fictitious
dossier: {dossier}
imported_by: office
zone: Africa/Tripoli
begins: 2031-02-03 09:00
ends: 2031-03-31 18:00
actors:
  office: {{role: follow-up-office, subject: office-1}}
steps:
  - at: 2031-02-04 10:00
    as: office
    do: PUT /registry/missions/emb-al/dates
    with: {{public_on: 2024-01-01, official_on: 2024-02-01}}
    expect: not-found
  - at: 2031-02-05 10:00
    as: office
    do: PUT /registry/missions/emb-al/dates
    with: {{public_on: 2024-01-01, official_on: 2024-02-01}}
    expect: decree-on-hold
"""


class Meddler(Silent):
    """Does something once, when the clock has passed a moment."""

    def __init__(self, after: datetime) -> None:
        self._after = after
        self._stage: Stage | None = None
        self.done = False

    async def begun(self, stage: Stage) -> None:
        self._stage = stage

    async def moved(self, now: datetime, events: Mapping[str, int]) -> None:
        if now > self._after and not self.done:
            assert self._stage is not None
            self.done = True
            await self.meddle(self._stage)

    async def meddle(self, stage: Stage) -> None:
        raise NotImplementedError


class StopsNats(Meddler):
    async def meddle(self, stage: Stage) -> None:
        await stage.engines.nats.stop()


class FreezesNats(Meddler):
    async def meddle(self, stage: Stage) -> None:
        os.kill(stage.engines.nats.pid, signal.SIGSTOP)


class FlipsOneByte(Meddler):
    async def meddle(self, stage: Stage) -> None:
        connection = await asyncpg.connect(stage.engines.database_url)
        await connection.execute(FLIP)
        await connection.close()


# The client of NATS leaves a connection behind on which it waited for the greeting of a server that hangs.
LEFT = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.mark.parametrize("kind", [StopsNats, pytest.param(FreezesNats, marks=LEFT)])
def test_a_simulation_fails_when_nats_does_not_answer_and_names_it_and_what_hangs(
    tmp_path: Path, kind: type[Meddler]
) -> None:
    nats = kind(IMPORTED)
    with pytest.raises(NotAtRest) as failed:
        played(tmp_path / "data", nats, datetime(2031, 2, 25, tzinfo=UTC), PATIENCE, SCENARIO)
    assert nats.done
    message = explain(failed.value)
    assert message is not None, "the command exits with 1 and tells it"
    assert "The simulation stopped at 2031-" in message
    assert "NATS does not answer" in message.splitlines()[1]
    assert len(message.splitlines()) > 2, "and what waits for it"


def test_one_flipped_byte_of_one_row_is_not_verified(tmp_path: Path) -> None:
    flips = FlipsOneByte(IMPORTED)
    result = played(tmp_path / "data", flips, EARLY, scenario=SCENARIO)
    assert flips.done
    assert (result.verified, result.as_json()["log"]) == (False, {"verified": False})
    assert any("registry: position 9" in fault for fault in result.faults), result.faults


def test_an_answer_that_the_scenario_does_not_expect_ends_it(tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(SMALL.format(dossier=REGISTERS), encoding="utf-8")
    with pytest.raises(StepFailed) as failed:
        played(tmp_path / "data", Silent(), scenario=scenario)
    message = explain(failed.value)
    assert message is not None
    assert message.startswith("line 18, step 2, at 2031-02-05 10:00 (Africa/Tripoli): PUT /registry/missions")
    assert "expected decree-on-hold, and was answered 404 not-found: " in message
    assert (tmp_path / "data" / "SIMULATED").exists(), "what broke off in the middle is no record either"


def test_values_that_a_service_refuses_are_named(tmp_path: Path) -> None:
    text = SMALL.format(dossier=REGISTERS).replace("public_on: 2024-01-01, ", "")
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(text, encoding="utf-8")
    with pytest.raises(StepFailed) as failed:
        played(tmp_path / "data", Silent(), scenario=scenario)
    first, *errors = str(failed.value).splitlines()
    assert first.startswith("line 13, step 1, at 2031-02-04 10:00 (Africa/Tripoli): PUT /registry/missions")
    assert errors == ["  body /public_on: Field required"]


def test_a_day_outside_the_scenario_is_refused_before_anything_starts() -> None:
    completed = command("--until", "2026-12-31")
    assert completed.returncode == 2
    assert "2026-12-31 is no day of this scenario" in completed.stderr


def test_a_folder_that_holds_something_is_refused(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine")
    completed = command("--keep", str(tmp_path))
    assert completed.returncode == 1
    assert "is not empty. A simulation begins in a new one." in completed.stderr
    assert (tmp_path / "letter.txt").read_text() == "mine"
