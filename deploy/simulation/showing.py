"""What is shown while a simulation runs: what happens, and how far the virtual date has come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from deploy.simulation.agenda import Request, Work
from deploy.simulation.reading import Scenario
from deploy.simulation.stage import Stage
from shared.contracts.text import Text as Note


class Silent:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    async def begun(self, stage: Stage) -> None:
        """Show nothing."""

    async def moved(self, now: datetime, events: Mapping[str, int]) -> None:
        """Show nothing."""

    async def asked(self, request: Request, status: int, now: datetime) -> None:
        """Show nothing."""

    async def planned(self, work: Work, now: datetime) -> None:
        """Show nothing."""


class Showing(Silent):
    """A line for each step that the scenario has a note on, and below them the date, which moves."""

    def __init__(self, scenario: Scenario, until: datetime | None, console: Console) -> None:
        self._zone = ZoneInfo(scenario.form.zone)
        self._begins = scenario.form.moment(scenario.form.begins)
        ends = until or scenario.form.moment(scenario.form.ends)
        self._told: set[int] = set()
        self._progress = Progress(
            TextColumn("[bold cyan]{task.fields[date]}"),
            BarColumn(bar_width=None, complete_style="cyan", finished_style="green"),
            TextColumn("{task.fields[events]:,} events"),
            TextColumn("[dim]{task.fields[requests]:,} requests"),
            console=console,
            transient=True,
        )
        total = (ends - self._begins).total_seconds()
        self._bar = self._progress.add_task("", total=total, date="engines start", events=0, requests=0)
        self._requests = 0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Take the bar away; the lines stay."""
        self._progress.stop()

    async def begun(self, stage: Stage) -> None:
        """Say what comes first."""
        self._progress.update(self._bar, date="the dossier is imported")

    async def moved(self, now: datetime, events: Mapping[str, int]) -> None:
        """Move the date."""
        self._progress.update(
            self._bar,
            completed=(now - self._begins).total_seconds(),
            date=f"{now.astimezone(self._zone):%a %d %b %Y %H:%M}",
            events=sum(events.values()),
        )

    async def asked(self, request: Request, status: int, now: datetime) -> None:
        """Count it, and tell the note of its step once."""
        self._requests += 1
        self._progress.update(self._bar, requests=self._requests)
        note = None if request.about is None else request.about.note
        if note is not None and request.step not in self._told:
            self._told.add(request.step)
            self._tell(note, now, "default" if status < 400 else "yellow")

    async def planned(self, work: Work, now: datetime) -> None:
        """Tell the note of its step."""
        if work.about.note is not None:
            self._tell(work.about.note, now, "default")

    def _tell(self, note: Note, now: datetime, style: str) -> None:
        line = Table.grid(padding=(0, 2))
        line.add_row(
            Text(f"{now.astimezone(self._zone):%-d %b %Y}".rjust(11), style="dim"),
            Text(note.in_language("en"), style=style),
        )
        self._progress.console.print(line)
