"""What `tanfidh rebuild` says of states and of tallies that differ."""

from typing import Any

import pytest

from deploy.cli.rebuilding import describe

STATE = {"key": "emb-it", "from": 219, "live": "a", "rebuilt": "b", "parts": ["row"]}
TALLY = {"key": '["blocked"]', "from": 214, "live": "8", "rebuilt": "1", "parts": ["count"]}
MISSING = TALLY | {"live": None}


def ended(
    tallies: int | None, *first: dict[str, Any], live: str = "5127", check: bool = True
) -> dict[str, Any]:
    sides = {"live": {"states": 67, "digest": live}, "rebuilt": {"states": 67, "digest": "5127"}}
    found = {"as_of": 276, "differing": len(first), "differing_tallies": tallies, "first": first}
    return {"view": "measures", "outcome": "checked", "check": check, "comparison": found | sides}


def test_where_only_tallies_differ_the_states_are_told_to_be_the_same() -> None:
    assert describe(ended(2, TALLY, MISSING)) == [
        "measures: compared as of position 276: 2 tallies differ",
        "  no state differs: 67 states, SHA-256 5127",
        '  ["blocked"] from 214: counted 8 rows, and there were 1',
        '  ["blocked"] from 214: was missing',
    ]


@pytest.mark.parametrize(("check", "becomes"), [(True, "would be"), (False, "is  ")])
def test_states_and_tallies_are_counted_apart(check: bool, becomes: str) -> None:
    first, *sides, state, _ = describe(ended(1, STATE, TALLY, live="0000", check=check))
    assert first.endswith(": 1 states and 1 tallies differ")
    assert sides == ["  was 67 states, SHA-256 0000", f"  {becomes} 67 states, SHA-256 5127"]
    assert state == "  emb-it from 219: another row"


def test_states_alone_are_told_alone() -> None:
    assert describe(ended(0, STATE, live="0000"))[0].endswith("276: 1 states differ")
    assert describe(ended(None, STATE, live="0000"))[0].endswith("276: 1 states differ")
