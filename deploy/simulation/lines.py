"""The lines of a scenario file: where each of its parts stands."""

from collections.abc import Sequence
from typing import Any

import yaml

Place = Sequence[int | str]
"""Where something stands in a document: keys and indices from the top."""

KEY = "[key]"
"""Last in a place: not the value that stands there is meant, but its name."""


class Lines:
    """The lines of a document that could be read, counted from 1."""

    def __init__(self, text: str) -> None:
        self._root = yaml.compose(text, Loader=yaml.SafeLoader)

    def told(self, place: Place, what: str) -> str:
        """Put a problem in words: its line, its step counted from 1, where in it, and what."""
        inside = [part for part in place if part != KEY]
        step = ""
        if len(inside) > 1 and inside[0] == "steps" and isinstance(inside[1], int):
            step, inside = f"step {inside[1] + 1}, ", inside[2:]
        path = ".".join(str(part) for part in inside)
        return f"line {self.line(place)}: {step}{f'{path}: ' if path else ''}{what}"

    def line(self, place: Place) -> int:
        """The line of a place, or of the innermost part around it that is there."""
        node: Any = self._root
        line: int = node.start_mark.line
        for part in place:
            found = _child(node, part)
            if found is None:
                break
            line, node = found
        return line + 1

    def each(self, name: str) -> tuple[int, ...]:
        """The lines of the members of a list at the top; nothing where there is none."""
        found = _child(self._root, name)
        members = found[1].value if found is not None and isinstance(found[1], yaml.SequenceNode) else ()
        return tuple(member.start_mark.line + 1 for member in members)


def _child(node: Any, part: int | str) -> tuple[int, Any] | None:
    """The line and the node of a part; what has a name begins with that."""
    if isinstance(node, yaml.MappingNode):
        found = ((key, value) for key, value in node.value if key.value == str(part))
        return next(((key.start_mark.line, value) for key, value in found), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line, node.value[part]
    return None
