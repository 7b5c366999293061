"""What is shown while a simulation runs."""

from datetime import datetime
from typing import Self

from rich.console import Console

from deploy.simulation.agenda import Request
from deploy.simulation.reading import Scenario


class Silent:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind."""

    async def moved(self, now: datetime) -> None:
        """Show nothing."""

    async def asked(self, request: Request, status: int, now: datetime) -> None:
        """Show nothing."""


class Progress(Silent):
    """Shows the date moving."""

    def __init__(self, scenario: Scenario, console: Console) -> None:
        self._scenario = scenario
        self._console = console

    async def moved(self, now: datetime) -> None:
        self._console.print(now)
