"""To read a scenario: every problem of the file is named with its line and its step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from deploy.simulation.checking import SHOWN, contradictions
from deploy.simulation.form import ScenarioForm
from deploy.simulation.lines import Lines, Place
from deploy.simulation.words import problems_of
from shared.dossier.safe_yaml import UnreadableYaml, read_yaml


class ScenarioRefused(Exception):
    """The scenario cannot be played; the message names every problem."""

    def __init__(self, file: Path, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The scenario {file} has problems:\n{listed}")


@dataclass(frozen=True)
class Scenario:
    """A scenario that was read, the file that it stands in, and the line of each of its steps."""

    file: Path
    form: ScenarioForm
    lines: tuple[int, ...] = ()

    @property
    def dossier(self) -> Path:
        """The dossier that it begins with."""
        return self.file.parent / self.form.dossier

    def played(self, last: datetime) -> str:
        """Its name, and the moments from its beginning to the last one that was played, in one line."""
        zone = self.form.zone
        until = last.astimezone(ZoneInfo(zone))
        return f"{self.form.name}, {self.form.begins:{SHOWN}} to {until:{SHOWN}} ({zone})"

    def step(self, number: int) -> str:
        """Name a step, counted from 1, by its line."""
        line = f"line {self.lines[number - 1]}, " if number <= len(self.lines) else ""
        return f"{line}step {number}"


def read_scenario(file: Path) -> Scenario:
    """Read a scenario file. Raises ScenarioRefused."""
    try:
        content = read_yaml(file)
    except UnreadableYaml as error:
        raise ScenarioRefused(file, [f"it cannot be read: {error}"]) from error
    if not isinstance(content, dict):
        raise ScenarioRefused(file, ["it does not hold `name: value` pairs"])
    lines = Lines(file.read_text(encoding="utf-8"))
    found: list[tuple[Place, str]] = list(contradictions(content))
    form: ScenarioForm | None = None
    try:
        form = ScenarioForm.model_validate(content)
    except ValidationError as error:
        found += problems_of(error)
    if found or form is None:
        found.sort(key=lambda one: lines.line(one[0]))
        raise ScenarioRefused(file, [lines.told(*one) for one in found])
    return Scenario(file, form, lines.each("steps"))
