"""The states of an aggregate and the events that lead from one to another, declared once and held to."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from shared.contracts.event import Event

NOTHING = frozenset({"unknown", "none"})
"""What a state is called in which there is nothing yet."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event that leads to a state, from any of some states. Without `to` it leaves the state as it is."""

    event: type[Event]
    before: tuple[StrEnum, ...]
    to: StrEnum | None = None

    def ways(self) -> Iterator[tuple[StrEnum, StrEnum]]:
        """Every pair of a state before and the state after."""
        for state in self.before:
            yield state, state if self.to is None else self.to


class IllegalStep(RuntimeError):
    """A rule recorded an event that its aggregate's lifecycle does not know there: an error of the code."""


class Lifecycle:
    """Which events may follow in which state; drawn for people in docs/reference/lifecycles.md.

    An event that no step names leaves the state alone. Several steps may name one event.

    Args:
        start: the state before anything has happened.
        steps: the events that change the state, and those that are allowed in some states only.

    Raises:
        ValueError: a state is declared that no step reaches.
    """

    def __init__(self, start: StrEnum, *steps: Step) -> None:
        self.start = start
        self.steps = steps
        self.states = tuple(type(start))
        self._ways: dict[type[Event], set[tuple[StrEnum, StrEnum]]] = {}
        for step in steps:
            self._ways.setdefault(step.event, set()).update(step.ways())
        reached = {start} | {after for ways in self._ways.values() for _, after in ways}
        if unreached := [state.value for state in self.states if state not in reached]:
            raise ValueError(f"nothing leads to {', '.join(unreached)}")

    def check(self, event: Event, before: StrEnum, after: StrEnum) -> None:
        """Hold an event that was recorded to the declaration.

        Raises:
            IllegalStep: it does not lead from `before` to `after` there.
        """
        ways = self._ways.get(type(event))
        if before == after if ways is None else (before, after) in ways:
            return
        raise IllegalStep(f"{type(event).__name__} leads from {before.value} to {after.value} nowhere")

    def diagram(self) -> str:
        """Draw it, as a state diagram of Mermaid. What an event leaves as it is has an arrow to itself."""
        names = {state: state.value.replace("-", "_") for state in self.states}
        lines = [f"    {name} : {state.value}" for state, name in names.items() if name != state.value]
        if self.start.value in NOTHING:
            names[self.start] = "[*]"
        else:
            lines.append(f"    [*] --> {names[self.start]}")
        arrows: dict[tuple[StrEnum, StrEnum], list[str]] = {}
        for step in self.steps:
            for way in step.ways():
                arrows.setdefault(way, []).append(step.event.event_type.rpartition(".")[2])
        for (before, after), events in arrows.items():
            lines.append(f"    {names[before]} --> {names[after]} : {', '.join(dict.fromkeys(events))}")
        left = {before for before, after in arrows if before != after}
        lines += [f"    {names[state]} --> [*]" for state in self.states if state not in left]
        return "\n".join(["stateDiagram-v2", *lines])
