"""To play a scenario from the first to the last: set up, play, count, compare, verify."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from deploy.catalogue import SERVICES
from deploy.local.folder import SIMULATED, DataFolder
from deploy.simulation.clock import VirtualTime
from deploy.simulation.driver import Driver, Refused, Watcher
from deploy.simulation.reading import Scenario
from deploy.simulation.rest import PATIENCE
from deploy.simulation.stage import stage
from deploy.simulation.streams import Streams, differences, read_streams
from deploy.simulation.tally import Tally
from deploy.verifying.keys import keys_of_folder
from deploy.verifying.run import verify_all

IMPORTED = "imported"
"""The file with which local mode notes that it need not import its example any more."""


COMPARED = {
    "measure": ("ordered", "blocked", "executed"),
    "mission": ("closing", "closed"),
    "task": ("accepted", "cancelled"),
}
"""The states by which counts from streams and from views are compared."""


class Contradicted(Exception):
    """Streams, stores and views do not tell the same; the message says where."""

    def __init__(self, found: list[str]) -> None:
        super().__init__("\n".join(["The counts do not agree:", *(f"  {one}" for one in found)]))


@dataclass(frozen=True)
class Played:
    """What a simulation came to.

    `faults` are what is wrong with the logs: nothing where they verify. `seconds` are the machine's.
    """

    decree: str
    ended_at: datetime
    tally: Tally
    streams: Streams
    refused: tuple[Refused, ...]
    faults: tuple[str, ...]
    seconds: float

    @property
    def verified(self) -> bool:
        """Whether every log is what its signed checkpoint says."""
        return not self.faults

    def as_json(self) -> dict[str, Any]:
        """The answer of `tanfidh simulate --json`."""
        return {"decree": self.decree, **self.tally.as_json(), "log": {"verified": self.verified}}


async def play(
    scenario: Scenario,
    folder: DataFolder,
    watcher: Watcher,
    until: datetime | None = None,
    patience: float = PATIENCE,
) -> Played:
    """Play a scenario on a folder of `new_folder`, up to a moment of it or to its end.

    The folder is marked as simulated before anything else is in it.

    Raises:
        LocalModeError: an engine fails.
        NotAtRest, NotAnswered, StepFailed, Contradicted: see their texts.
    """
    begins, ends = (
        scenario.form.moment(at).astimezone(UTC) for at in (scenario.form.begins, scenario.form.ends)
    )
    last = ends if until is None else until
    (folder.path / SIMULATED).write_text(f"{scenario.played(last)}\n", encoding="utf-8")
    since, time = perf_counter(), VirtualTime(begins)
    async with stage(folder, scenario.form.name, time) as staged:
        await watcher.begun(staged)
        ended = await Driver(scenario, staged, time, watcher, patience).play(last)
        (folder.path / IMPORTED).write_text(f"{scenario.dossier}\n", encoding="utf-8")
        streams = await read_streams(staged.engines.nats_url)
        tally = Tally(streams, ended.decree)
        found = await differences(streams, staged.engines.database_url)
        if found := found + miscounts(tally, ended.views):
            raise Contradicted(found)
        faults = await verify(staged.engines.database_url, folder.path)
    seconds = perf_counter() - since
    return Played(ended.decree, last, tally, streams, ended.refused, tuple(faults), seconds)


async def verify(database_url: str, data: Path) -> list[str]:
    """Say what of the logs in a database does not fit what was signed; nothing where all of it does.

    The keys are those of a data folder, where no administrator of the database changes them.
    """
    keys = keys_of_folder(data, SERVICES)
    reports = await verify_all(database_url, SERVICES, keys, lambda *_: None)
    return [f"{report.service}: {finding.text}" for report in reports for finding in report.findings]


def miscounts(tally: Tally, views: Mapping[str, Any]) -> list[str]:
    """Compare the counts with those that the services' own views give."""
    found = []
    for kind, name in (("measure", "measures"), ("mission", "missions"), ("task", "tasks")):
        for state in COMPARED[kind]:
            streamed, viewed = tally.states(kind)[state], views.get(name, {}).get(state, 0)
            if streamed != viewed:
                found.append(f"{name} {state}: {streamed} by the streams, {viewed} by the views")
    return found
