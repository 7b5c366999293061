import pytest

from benchmarks.__main__ import named_in
from benchmarks.figures import Figure, by_turns
from benchmarks.results import document, rows
from benchmarks.slowest import PROFILES

TAKEN = [
    Figure("met", "/s", 16, "ceiling", 10, 0.8, 1.5),
    Figure("nearly", "/s", 14, "ceiling", 10, 0.8, 1.5),
    Figure("missed", "ms", 42, "floor", 2, 15, 8),
    Figure("late", "ms", 31_000, "a minute", 60_000, 1, 0.5),
]


@pytest.mark.parametrize(
    ("unit", "value", "verdict"),
    [
        ("/s", 16, "aim"),
        ("/s", 8, "least"),
        ("/s", 7, "below"),
        ("ms", 12, "aim"),
        ("ms", 20, "least"),
        ("ms", 21, "below"),
    ],
)
def test_a_rate_must_reach_its_bounds_and_a_duration_stay_below_them(
    unit: str, value: float, verdict: str
) -> None:
    least, aim = (0.8, 1.5) if unit == "/s" else (2, 1.2)
    assert Figure("figure", unit, value, "ceiling", 10, least, aim).verdict == verdict


async def test_measures_take_turns_and_their_medians_count() -> None:
    values = {"a": iter([1.0, 9.0, 2.0]), "b": iter([5.0, 4.0, 50.0])}
    order: list[str] = []

    async def take(name: str) -> float:
        order.append(name)
        return next(values[name])

    assert await by_turns([lambda: take("a"), lambda: take("b")], 3) == [2.0, 5.0]
    assert order == ["a", "b"] * 3


def test_what_misses_its_bound_is_shown_in_the_table_and_named_first_below_it() -> None:
    shown = {cells[0]: cells[-1] for cells in rows(TAKEN)}
    assert shown == {"met": "aim", "nearly": "at least", "missed": "**no**", "late": "at least"}
    told = document(TAKEN, ["note"])
    assert "| missed | 42.00 ms | floor: 2.00 ms | 21.00 × | ≤ 15 × | ≤ 8 × | **no** |" in told
    named = [line for line in told.partition("Furthest")[2].splitlines() if line.startswith("- ")]
    assert [line.partition(": ")[0] for line in named] == [
        "- **Below what it must reach**",
        "- nearly",
        "- late",
    ]
    assert named[0].startswith("- **Below what it must reach**: missed: 21.00 ×, aim ≤ 8 ×")


def test_a_long_duration_is_shown_in_seconds() -> None:
    assert rows(TAKEN)[-1][1:3] == ("31.0 s", "a minute: 60.0 s")


def test_a_profile_stands_by_its_figure_and_nowhere_else() -> None:
    profile = PROFILES[0]
    told = document([Figure(f"{profile.figure} here", "/s", 4, "ceiling", 10, 0.3, 0.6)], [])
    assert f"- **{profile.figure} here** (0.40 ×). {profile.goes} *Next:* {profile.following}" in told
    assert PROFILES[1].goes not in told


def test_parts_can_be_named_and_unknown_ones_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert named_in([]) == []
    assert named_in(["draining", "local"]) == ["draining", "local"]
    with pytest.raises(SystemExit):
        named_in(["draning"])
    assert "draning: no such part; there are local, storing" in capsys.readouterr().err
