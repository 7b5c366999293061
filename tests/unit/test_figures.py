import pytest

from benchmarks.figures import Figure, by_turns


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
