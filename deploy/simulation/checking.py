"""What is wrong between the parts of a scenario, as far as each of them can be read by itself."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError

from deploy.catalogue import SERVICES
from deploy.simulation.form import OFFICER, officer_of
from deploy.simulation.lines import Place
from deploy.simulation.values import listed, read_moment, read_numbers, read_request

SHOWN = "%Y-%m-%d %H:%M"

PLACEHOLDER = re.compile(r"\{([A-Za-z0-9_-]{1,64})\}")
"""What is filled in from `each`."""

_VALUES: TypeAdapter[tuple[dict[str, str], ...]] = TypeAdapter(tuple[dict[str, str], ...])


def contradictions(content: Mapping[Any, Any]) -> Iterator[tuple[Place, str]]:
    """Find what does not fit together; what has not its form is passed over, and told elsewhere."""
    begins, ends = _moment(content, "begins"), _moment(content, "ends")
    if begins is not None and ends is not None and ends <= begins:
        yield ("ends",), f"it is not after the beginning, {begins:{SHOWN}}"
    yield from _actor(content, content.get("imported_by"), ("imported_by",))
    before = begins
    steps = content.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if not isinstance(step, dict):
            continue
        place = ("steps", index)
        yield from _actor(content, step.get("as"), (*place, "as"))
        if (at := _moment(step, "at")) is not None:
            if before is not None and at < before:
                yield (*place, "at"), f"it is before {before:{SHOWN}}: steps stand in the order of their time"
            if ends is not None and at > ends:
                yield (*place, "at"), f"it is after the end, {ends:{SHOWN}}"
            before = at if before is None else max(before, at)
        if _is_request(step.get("do")):
            yield from _request(step, place)
        if isinstance(step.get("work"), dict):
            yield from _work(step["work"], (*place, "work"))


def _moment(part: Mapping[Any, Any], name: str) -> datetime | None:
    try:
        return read_moment(part.get(name))
    except ValueError:
        return None


def _is_request(value: object) -> bool:
    try:
        read_request(value)
    except ValueError:
        return False
    return True


def _actor(content: Mapping[Any, Any], name: object, place: Place) -> Iterator[tuple[Place, str]]:
    actors = content.get("actors")
    if not isinstance(name, str) or not isinstance(actors, dict):
        return
    if name.startswith(OFFICER):
        try:
            officer_of(name.removeprefix(OFFICER), str(content.get("officers", "{department}")))
        except ValidationError:
            yield place, f"there is no actor {name!r}: a department's key is 1 to 64 of A-Z a-z 0-9 _ -"
    elif name not in actors:
        yield place, f"there is no actor {name!r}"


def _request(step: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, str]]:
    """Check the service, and that each value has its place and each place its value."""
    service = step["do"].partition("/")[2].partition("/")[0]
    if service not in SERVICES:
        yield (*place, "do"), f"there is no service {service!r}; there are {', '.join(SERVICES)}"
    try:
        each = _VALUES.validate_python(step.get("each", [{}]))
    except ValidationError:
        return
    used = [*_placeholders(step["do"], (*place, "do")), *_placeholders(step.get("with"), (*place, "with"))]
    for where, name in used:
        if without := [str(number) for number, values in enumerate(each, 1) if name not in values]:
            which = "" if len(without) == len(each) else f", number {', '.join(without)} of it"
            yield where, f"nothing is given for {{{name}}} in each{which}"
    names = {name for _, name in used}
    for index, values in enumerate(each):
        for name in sorted(values.keys() - names):
            yield (*place, "each", index, name), f"{{{name}}} stands neither in the path nor in the body"


def _placeholders(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    if isinstance(value, str):
        yield from ((place, name) for name in dict.fromkeys(PLACEHOLDER.findall(value)))
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _placeholders(one, (*place, key))
    elif isinstance(value, list):
        for index, one in enumerate(value):
            yield from _placeholders(one, (*place, index))


def _work(work: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, str]]:
    """Check that exceptions are among the numbers, and each number has one at most."""
    but = work.get("but")
    if not isinstance(but, dict):
        return
    told: set[int] = set()
    for name in but:
        try:
            among = None if work.get("numbers") is None else read_numbers(work["numbers"])
            numbers = read_numbers(name)
        except ValueError:
            continue
        if among is not None and (others := numbers - among):
            yield (*place, "but", name), f"not among the numbers of this step: {listed(others)}"
        if twice := numbers & told:
            yield (*place, "but", name), f"an exception is made twice for {listed(twice)}"
        told |= numbers
