"""`tanfidh simulate`: a scenario on throwaway engines, under a virtual clock."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Annotated

import orjson
import typer

from deploy.cli.options import Json, out
from deploy.looping import run
from deploy.simulation.playing import Played, play
from deploy.simulation.reading import Scenario, read_scenario
from deploy.simulation.showing import Showing, Silent
from deploy.simulation.stage import new_folder
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
    """Play a scenario on throwaway engines under a virtual clock, and count what became of it.

    Exits with 1 where a step is not answered as expected, something does not come to rest, streams,
    stores and views disagree, or a log does not verify.
    """
    scenario, last = read_scenario(file), None
    if until is not None:
        last = _last_moment(scenario, until)
    with _folder(keep) as data, Silent() if json else Showing(scenario, last, out) as watcher:
        played = run(_play(scenario, data, watcher, last))
    if json:
        print(orjson.dumps(played.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        for part in summary_of(scenario, played, keep):
            out.print(part)
    if not played.verified:
        raise typer.Exit(1)


async def _play(scenario: Scenario, data: Path, watcher: Silent, until: datetime | None) -> Played:
    folder = await new_folder(data)
    with (data / "services.log").open("a", encoding="utf-8") as log:
        configure_logging("simulation", to=log)
        return await play(scenario, folder, watcher, until)


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """The folder to keep, or one that is gone afterwards."""
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="tanfidh-simulation-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)  # the engines' account must reach what is in it
        yield Path(name) / "data"


def _last_moment(scenario: Scenario, day: datetime) -> datetime:
    """The last moment of a day in the scenario's zone, or of the scenario where it ends on that day."""
    form = scenario.form
    if not form.begins.date() <= day.date() <= form.ends.date():
        raise typer.BadParameter(
            f"{day:%Y-%m-%d} is no day of this scenario, which runs from {form.begins:%Y-%m-%d} "
            f"to {form.ends:%Y-%m-%d}",
            param_hint="--until",
        )
    midnight = form.moment(datetime.combine(day.date() + timedelta(days=1), time()))
    return min(midnight - timedelta(microseconds=1), form.moment(form.ends)).astimezone(UTC)
