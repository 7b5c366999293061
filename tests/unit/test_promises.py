"""The table of promises names tests that exist."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "reference" / "promises.md"
ROW = re.compile(r"^\| (\d+) \| .+ \| (.+) \|$", re.MULTILINE)
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z_0-9]+)`")


def declared_in(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_names_tests_that_exist() -> None:
    rows = ROW.findall(TABLE.read_text(encoding="utf-8"))
    numbers = [int(number) for number, _ in rows]
    assert numbers == sorted(set(numbers)) and set(numbers) == set(range(1, 17))
    for number, shown in rows:
        named = NAMED.findall(shown)
        assert named, f"promise {number} names no test"
        for file, test in named:
            assert test in declared_in(ROOT / file), f"promise {number}: there is no {file}::{test}"
