"""What is asked as of which positions and moments."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

import httpx

from shared.contracts.meta import rfc3339
from tests.integration.asof.replaying.replay import Replay, Row

SEED = 298


def told_apart(replay: Replay, position: int) -> Iterator[tuple[str, int]]:
    """Ways to ask as of the end at a position, each with the position that it means."""
    yield str(position), position
    if position:
        moment = replay.records[position - 1].recorded_at
        yield rfc3339(moment), replay.by(moment)


def sampled(replay: Replay, count: int) -> list[int]:
    """The beginning, the first event, the head, and some positions between."""
    between = random.Random(SEED).sample(range(2, replay.head), min(count, replay.head - 2))
    return sorted({0, 1, replay.head, *between})


def around_firsts(replay: Replay) -> dict[str, int]:
    """The position of the first event of each type."""
    firsts: dict[str, int] = {}
    for record in replay.records:
        firsts.setdefault(record.type, record.position)
    return firsts


def some(keys: Iterable[str], count: int, salt: object) -> list[str]:
    """Some keys of many, others for each salt."""
    known = sorted(keys)
    return random.Random(f"{SEED} {salt}").sample(known, min(count, len(known)))


def filled(path: str, named: Mapping[str, str]) -> str:
    """A path with names in place of its parameters."""
    return path.format_map({name: quote(value, safe="") for name, value in named.items()})


async def every(
    reader: httpx.AsyncClient, path: str, as_of: str, position: int, limit: int, where: Mapping[str, str]
) -> list[Row]:
    """Read a list to its end; each page says which position it is as of."""
    items: list[Row] = []
    answer = await reader.get(path, params={**where, "as_of": as_of, "limit": limit})
    while True:
        assert answer.status_code == 200, f"{answer.url}: {answer.text}"
        assert answer.headers["tanfidh-position"] == str(position), answer.url
        items += answer.json()["items"]
        following = answer.links.get("next")
        if following is None:
            return items
        answer = await reader.get(httpx.URL(path).join(following["url"]))


def differing(expected: Sequence[Row], found: Sequence[Row]) -> list[tuple[Row | None, Row | None]]:
    """The first rows that differ, as they should be and as they are; nothing where none does."""
    if expected == found:
        return []
    longest = max(len(expected), len(found))
    pairs = [
        (expected[n] if n < len(expected) else None, found[n] if n < len(found) else None)
        for n in range(longest)
    ]
    return [pair for pair in pairs if pair[0] != pair[1]][:1]
