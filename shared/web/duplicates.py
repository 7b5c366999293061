"""Names that a JSON object holds twice: each reader takes another of the values (RFC 8259, 4).

pydantic takes the last one in silence, so the text is read once more only for its names. That costs some
microseconds for the body of a command.
"""

from collections.abc import Iterable, Iterator
from json import JSONDecoder
from typing import Any

Pairs = list[tuple[str, Any]]


class _Twice(Exception):
    """Ends the reading."""


class _Object(list[tuple[str, Any]]):
    """An object with all its pairs; a list in JSON is a plain list."""


def duplicate_in(text: str) -> tuple[object, ...] | None:
    """Find a name that stands twice in one object: the path to it, or None. The text is known to be JSON."""
    try:
        _QUICK.decode(text)
    except _Twice:
        return next(_places(_WHOLE.decode(text), ()))
    return None


def _refuse_twice(pairs: Pairs) -> None:
    if len(pairs) > 1 and len(dict(pairs)) != len(pairs):
        raise _Twice


def _places(value: Any, path: tuple[object, ...]) -> Iterator[tuple[object, ...]]:
    steps: Iterable[tuple[object, Any]] = ()
    if isinstance(value, _Object):
        seen: set[str] = set()
        for name, _ in value:
            if name in seen:
                yield (*path, name)
            seen.add(name)
        steps = value
    elif isinstance(value, list):
        steps = enumerate(value)
    for step, inner in steps:
        yield from _places(inner, (*path, step))


# Numbers stay text: they do not matter here, and Python refuses to convert very long ones.
_QUICK = JSONDecoder(object_pairs_hook=_refuse_twice, parse_int=str, parse_float=str)
_WHOLE = JSONDecoder(object_pairs_hook=_Object, parse_int=str, parse_float=str)
