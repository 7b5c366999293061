"""The reference of log lines is complete, and no line has a fact that may be secret or personal."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference" / "log-lines.md"
LEVELS = ("debug", "info", "warning", "error", "exception", "critical")
NAME = re.compile(r"[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)+")
SECRET = {
    "token",
    "authorization",
    "password",
    "secret",
    "key_material",
    "url",
    "body",
    "data",
    "subject_name",
}
"""Names of facts that a line never has: a URL may hold a password or a receiver's token."""


class Line(NamedTuple):
    name: str
    level: str
    facts: frozenset[str]
    place: str


@cache
def lines() -> list[Line]:
    return list(lines_in("services", "shared", "deploy"))


def lines_in(*folders: str) -> Iterator[Line]:
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and is_logging(node.func):
                    (name,) = node.args
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    assert isinstance(name, ast.Constant) and isinstance(name.value, str), place
                    facts = frozenset(keyword.arg or "**" for keyword in node.keywords)
                    level = {"exception": "error"}.get(node.func.attr, node.func.attr)
                    yield Line(name.value, level, facts, place)


def is_logging(called: ast.expr) -> bool:
    """Whether it is ``log.info``, ``_log.info``, ``self._log.info`` or their like."""
    if not isinstance(called, ast.Attribute) or called.attr not in LEVELS:
        return False
    of = called.value
    return (isinstance(of, ast.Name) and of.id in ("log", "_log")) or (
        isinstance(of, ast.Attribute) and of.attr == "_log"
    )


def test_every_line_is_in_the_reference_under_its_level() -> None:
    written = {(line.name, line.level) for line in lines()}
    listed = re.findall(r"^\| `([\w.-]+)` \| (\w+) \|", REFERENCE.read_text(encoding="utf-8"), re.M)
    assert len(written) > 30
    assert set(listed) == written
    assert listed == sorted(listed), "the table is in order"


def test_names_of_lines_say_who_speaks() -> None:
    assert not [line for line in lines() if NAME.fullmatch(line.name) is None]


def test_no_line_has_a_fact_that_may_be_secret() -> None:
    # `notification.logged` is the delivery itself: its `subject` is the stream of the event, never a person.
    assert not [line for line in lines() if line.facts & SECRET]


def test_nothing_is_printed_past_the_log() -> None:
    for folder in ("services", "shared"):
        for path in (ROOT / folder).rglob("*.py"):
            assert not re.search(r"^\s*print\(", path.read_text(encoding="utf-8"), re.M), path
