"""What a simulation came to, for a person to read in a terminal."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich import box
from rich.columns import Columns
from rich.console import RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from deploy.simulation.chronicle import Happening, chronicle
from deploy.simulation.misses import records_of
from deploy.simulation.names import Names
from deploy.simulation.playing import Played
from deploy.simulation.reading import Scenario
from shared.messaging.received import Received

MARKS = {
    "decree": ("§", "bold"),
    "hold": ("■", "bold red"),
    "resumed": ("▶", "bold green"),
    "dates": ("◷", "cyan"),
    "staff": ("⇄", "blue"),
    "asked": ("?", "yellow"),
    "granted": ("+", "green"),
    "refused": ("✕", "red"),
    "missed": ("!", "red"),
    "qualified": ("~", "yellow"),
    "closed": ("●", "bold green"),
    "reopened": ("○", "bold yellow"),
    "waived": ("~", "yellow"),
    "erased": ("∅", "blue"),
    "climbed": ("▲", "red"),
    "answered": ("+", "yellow"),
    "meeting": ("◇", "cyan"),
    "report": ("≡", "cyan"),
}
"""How each sort of happening is marked, and its style."""

_WIDTH = 26
_LEFT = (0, 0, 0, 1)


def summary_of(scenario: Scenario, played: Played, kept: Path | None) -> Iterator[RenderableType]:
    """Render the parts of the summary, from the top."""
    zone = ZoneInfo(scenario.form.zone)
    events = [event for stream in played.streams.values() for event in stream]
    names = Names(events)
    yield _title(scenario, played, zone)
    yield Padding(_figures(played), _LEFT)
    told = chronicle(events, names, zone)
    refused = [Happening(one.at.astimezone(zone).date(), "refused", one.told) for one in played.refused]
    yield _timeline(sorted([*told, *refused]))
    yield from _departments(events, names)
    yield _logs(played, kept)


def _title(scenario: Scenario, played: Played, zone: ZoneInfo) -> RenderableType:
    begins, ends = scenario.form.begins, played.ended_at.astimezone(zone)
    text = Text(scenario.form.title.in_language("en"), style="bold", justify="center")
    text.append(f"\n{_long(begins)} to {_long(ends)}, played in {played.seconds:.0f} seconds", style="dim")
    if scenario.form.provenance == "fictitious":
        text.append("\nWhat no source tells is made up: a rehearsal, not a record.", style="italic dim")
    return Panel(text, box=box.ROUNDED, border_style="cyan", padding=(0, 2))


def _long(moment: datetime) -> str:
    return f"{moment:%-d %B %Y}"


def _figures(played: Played) -> RenderableType:
    counts = played.tally.as_json()
    tables = []
    for name, style in (
        ("measures", "green"),
        ("missions", "green"),
        ("tasks", "cyan"),
        ("deadlines", "yellow"),
        ("staff", "blue"),
        ("notifications", "magenta"),
    ):
        table = Table(
            title=name.capitalize(), box=None, show_header=False, title_justify="left", width=_WIDTH
        )
        table.title_style = "bold"
        shown = counts[name] | ({"cancelled": played.tally.cancelled} if name == "tasks" else {})
        for state, number in shown.items():
            table.add_row(state, Text(f"{number:,}", style=style if number else "dim"))
        table.columns[1].justify = "right"
        tables.append(table)
    return Columns(tables, padding=(0, 2))


def _timeline(told: list[Happening]) -> RenderableType:
    table = Table(title="What happened", box=box.SIMPLE, show_header=False, title_justify="left")
    table.title_style = "bold"
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    before = None
    for one in told:
        sign, style = MARKS[one.mark]
        day = "" if one.on == before else f"{one.on:%-d %b %Y}"
        table.add_row(day, Text(sign, style=style), Text(one.text, style=style.removeprefix("bold ")))
        before = one.on
    return table


def _departments(events: Sequence[Received], names: Names) -> Iterator[RenderableType]:
    records = records_of(events)
    if not records:
        return
    table = Table(title="Who kept and who missed deadlines", box=box.SIMPLE_HEAD, title_justify="left")
    table.title_style = "bold"
    table.add_column("department")
    for name in ("kept", "missed", "qualified", "still open"):
        table.add_column(name, justify="right")
    for department, one in records.items():
        missed = Text(str(one.missed), style="red" if one.missed else "dim")
        rest = (str(one.qualified or "·"), str(one.open or "·"))
        table.add_row(names.department(department), Text(str(one.kept), style="green"), missed, *rest)
    yield table


def _logs(played: Played, kept: Path | None) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    for service, number in played.tally.events.items():
        table.add_row(service, Text(f"{number:,} events", justify="right"))
    if played.verified:
        verdict = Text("✔ Every log verified: each leaf, each chain, each signed root.", style="bold green")
    else:
        verdict = Text("\n".join(["✘ Not verified:", *played.faults]), style="bold red")
    text = Table.grid()
    text.add_row(table)
    text.add_row(verdict)
    if kept is not None:
        text.add_row(Text(f"Kept in {kept}: tanfidh up --data {kept}", style="dim"))
    style = "green" if played.verified else "red"
    return Panel(text, title="The record", title_align="left", box=box.ROUNDED, border_style=style)
