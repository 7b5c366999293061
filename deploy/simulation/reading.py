"""To read a scenario: every problem of the file is named with its line and its step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from deploy.catalogue import SERVICES
from deploy.simulation.form import ScenarioForm, StepForm
from shared.dossier.safe_yaml import UnreadableYaml, read_yaml

Place = Sequence[int | str]
"""Where something stands in a document: keys and indices from the top."""


_SHOWN = "%Y-%m-%d %H:%M"


class ScenarioRefused(Exception):
    """The scenario cannot be played; the message names every problem."""

    def __init__(self, file: Path, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"The scenario {file} has problems:\n{listed}")


@dataclass(frozen=True)
class Scenario:
    """A scenario that was read, and the file that it stands in."""

    file: Path
    form: ScenarioForm

    @property
    def dossier(self) -> Path:
        """The dossier that it begins with."""
        return self.file.parent / self.form.dossier


def read_scenario(file: Path) -> Scenario:
    """Read a scenario file. Raises ScenarioRefused."""
    try:
        content = read_yaml(file)
    except UnreadableYaml as error:
        raise ScenarioRefused(file, [f"it cannot be read: {error}"]) from error
    if not isinstance(content, dict):
        raise ScenarioRefused(file, ["it does not hold `name: value` pairs"])
    lines = _Lines(file.read_text(encoding="utf-8"))
    try:
        form = ScenarioForm.model_validate(content)
    except ValidationError as error:
        raise ScenarioRefused(file, [lines.told(*found) for found in _found(error)]) from error
    if problems := [lines.told(*found) for found in _contradictions(form)]:
        raise ScenarioRefused(file, problems)
    return Scenario(file, form)


class _Lines:
    """The lines of a document on which its parts stand."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, Loader=yaml.SafeLoader)

    def told(self, place: Place, what: str) -> str:
        """Put a problem in words: its line, its step counted from 1, where in it, and what."""
        inside = list(place)
        step = ""
        if len(inside) > 1 and inside[0] == "steps" and isinstance(inside[1], int):
            step, inside = f"step {inside[1] + 1}, ", inside[2:]
        path = ".".join(str(part) for part in inside)
        return f"line {self._line(place)}: {step}{f'{path}: ' if path else ''}{what}"

    def _line(self, place: Place) -> int:
        node: Any = self._root
        line: int = node.start_mark.line
        for part in place:
            node = _child(node, part)
            if node is None:
                break
            line = node.start_mark.line
        return line + 1


def _child(node: Any, part: int | str) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part]
    return None


def _found(error: ValidationError) -> Iterator[tuple[Place, str]]:
    for found in error.errors(include_url=False, include_context=False, include_input=False):
        match found["type"]:
            case "missing":
                yield found["loc"][:-1], f"{found['loc'][-1]} is missing"
            case "extra_forbidden":
                yield found["loc"], "there is no such field"
            case _:
                yield found["loc"], found["msg"].removeprefix("Value error, ")


def _contradictions(form: ScenarioForm) -> Iterator[tuple[Place, str]]:
    """Find what is wrong between the parts of a scenario."""
    if form.ends <= form.begins:
        yield ("ends",), f"it is not after the beginning, {form.begins:{_SHOWN}}"
    if not _is_known(form, form.imported_by):
        yield ("imported_by",), f"there is no actor {form.imported_by!r}"
    before = form.begins
    for index, step in enumerate(form.steps):
        if step.at < before:
            yield (
                ("steps", index, "at"),
                f"it is before {before:{_SHOWN}}: steps stand in the order of their time",
            )
        if step.at > form.ends:
            yield ("steps", index, "at"), f"it is after the end, {form.ends:{_SHOWN}}"
        before = max(before, step.at)
        if not _is_known(form, step.actor):
            yield ("steps", index, "as"), f"there is no actor {step.actor!r}"
        if (service := _service_of(step)) is not None and service not in SERVICES:
            yield ("steps", index, "do"), f"there is no service {service!r}; there are {', '.join(SERVICES)}"


def _is_known(form: ScenarioForm, actor: str) -> bool:
    try:
        form.actor(actor)
    except (KeyError, ValidationError):
        return False
    return True


def _service_of(step: StepForm) -> str | None:
    return None if step.do is None else step.do.split("/")[1]
