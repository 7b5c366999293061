"""`tanfidh simulate`: a scenario on throwaway engines, under a virtual clock."""

import tempfile
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import orjson
import typer

from deploy.cli.options import Json, out
from deploy.hosting import run
from deploy.simulation.playing import Played, play
from deploy.simulation.reading import Scenario, read_scenario
from deploy.simulation.showing import Progress, Silent
from deploy.simulation.summary import summary_of
from shared.web.logging import configure_logging


def simulate(
    file: Annotated[Path, typer.Argument(help="A scenario, for example scenario.yaml of a dossier.")],
    json: Json = False,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Stop at the end of this day.")
    ] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keep everything in this new folder, for `tanfidh up --data`.")
    ] = None,
) -> None:
    """Play a scenario on throwaway engines, and count what became of it. Exit code 1 where it fails."""
    scenario = read_scenario(file)
    with _folder(keep) as name:
        played = _play(scenario, Path(name), _last(scenario, until), json)
    if json:
        print(orjson.dumps(played.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        for part in summary_of(scenario, played, keep):
            out.print(part)
    if not played.verified:
        raise typer.Exit(1)


def _play(scenario: Scenario, data: Path, until: datetime | None, json: bool) -> Played:
    data.mkdir(parents=True, exist_ok=True)
    with Silent() if json else Progress(scenario, out) as watcher:
        with (data.parent / f"{data.name}.log").open("w", encoding="utf-8") as log:
            configure_logging("simulation", to=log)
            return run(play(scenario, data, watcher, until))


def _folder(keep: Path | None) -> AbstractContextManager[str]:
    if keep is not None:
        return nullcontext(str(keep))
    return tempfile.TemporaryDirectory(prefix="tanfidh-simulation-", ignore_cleanup_errors=True)


def _last(scenario: Scenario, until: datetime | None) -> datetime | None:
    """The last moment of a day, in the scenario's zone."""
    if until is None:
        return None
    day = datetime.combine(until.date() + timedelta(days=1), time())
    return (scenario.form.moment(day) - timedelta(microseconds=1)).astimezone(UTC)
