"""Items asked by the clock of law and fact against the events that were so by a moment."""

import random
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

import httpx

from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from tests.integration.asof.replaying.asking import SEED, filled, some
from tests.integration.asof.replaying.comparing_rows import names_in
from tests.integration.asof.replaying.in_law_and_fact import SAID, SO, since
from tests.integration.asof.replaying.replay import Replay, Row
from tests.integration.asof.replaying.routes import ITEMS

Present = Callable[[Row, datetime], Row]
"""What a row tells as present, of that about which it can be asked by the clock of law and fact."""


def _open(spans: Iterable[Row], now: datetime) -> list[Row]:
    return [
        span
        for span in spans
        if span["until"] is None
        or datetime.fromisoformat(span["since"]) <= now < datetime.fromisoformat(span["until"])
    ]


LIFE = ("state", "blocked_by", "explanation", "amended_by", "amendments")
"""What a measure's row tells of its life, beside what it says."""

PRESENT: Mapping[str, Present] = {
    "/registry/decrees/{decree}": lambda row, _: {
        **{name: row[name] for name in ("state", "articles", "amendments")},
        "holds": [hold["hold"] for hold in row["holds"]],
    },
    "/registry/measures/{measure}": lambda row, _: {name: row[name] for name in (*SAID, *LIFE)},
    "/registry/missions/{mission}": lambda row, _: {
        "state": row["state"],
        "accredited": [span for span in row["accredited"] if span["until"] is None],
    },
    "/registry/staff/{person}": lambda row, _: {"mission": row["mission"]},
    "/registry/departments/{department}": lambda row, now: {
        "head": row["head"],
        "stand_ins": _open(row["stand_ins"], now),
    },
    "/tasks/deadlines/{task}": lambda row, _: row,
}

MOMENTS, RANDOM = 30, 8
"""Moments that are asked about of one thing, near its events and anywhere."""
NEAR = (timedelta(microseconds=-1), timedelta(0), timedelta(microseconds=1))


class InLaw:
    """Asks one path of one service for one thing."""

    def __init__(self, reader: httpx.AsyncClient, replay: Replay, path: str, key: str) -> None:
        self._reader = reader
        self._replay = replay
        self._path = path
        self._key = key
        self._so, kinds = SO[path]
        streams = (replay.stream(f"{kind}.{key}", replay.head) for kind in kinds)
        self.records = sorted((one for stream in streams for one in stream), key=lambda one: one.position)

    @property
    def ends(self) -> list[int | None]:
        """As of which positions it is asked about: now, at some of its events and just before them."""
        positions = [record.position for record in self.records]
        drawn = random.Random(f"{SEED} {self._key}").sample(positions, min(len(positions), 3))
        return [None, *sorted({end for position in drawn for end in (position - 1, position)})]

    @property
    def every_end(self) -> list[int]:
        """As of each of its events."""
        return [record.position for record in self.records]

    def moments(self) -> list[datetime]:
        """About which moments: around those of its events by each clock, and others."""
        drawn = random.Random(f"{SEED} {self._key}")
        near = sorted({moment + step for moment in _of(self.records) for step in NEAR})
        first, last = near[0], near[-1]
        anywhere = [first + (last - first) * drawn.uniform(-0.1, 1.1) for _ in range(RANDOM)]
        return [*drawn.sample(near, min(MOMENTS, len(near))), *anywhere]

    def row(self, end: int | None) -> Row | None:
        """The thing as it is recorded by a position."""
        return self._replay.row(ITEMS[self._path], self._key, self._replay.head if end is None else end)

    async def compare(self, moment: datetime, end: int | None, row: Row | None) -> bool:
        """Compare the whole answer; return whether it tells of that moment what the row does not tell."""
        upto = self._replay.head if end is None else end
        path = filled(self._path, dict.fromkeys(names_in(self._path), self._key))
        asked = {"effective_at": rfc3339(moment)} | ({} if end is None else {"as_of": str(end)})
        answer = await self._reader.get(path, params=asked)
        if row is None:
            assert answer.status_code == 404, answer.url
            return False
        so = self._so([record for record in self.records if record.position <= upto], moment)
        expected = {**row, **so, "effective_at": rfc3339(moment)}
        assert answer.status_code == 200, answer.text
        assert answer.json() == expected, answer.url
        return any(row[name] != value for name, value in so.items())

    async def is_now(self, end: int | None) -> None:
        """Compare what was so at that very moment, as known then, with what the row tells as present."""
        row, last = self.row(end), self._replay.records[(self._replay.head if end is None else end) - 1]
        if row is None or end == 0:
            return
        path = filled(self._path, dict.fromkeys(names_in(self._path), self._key))
        asked = {"effective_at": rfc3339(last.recorded_at)} | ({} if end is None else {"as_of": str(end)})
        answer = (await self._reader.get(path, params=asked)).json()
        for name, value in PRESENT[self._path](row, last.recorded_at).items():
            told = answer[name]
            if name == "holds":
                told = [hold["hold"] for hold in told]
            assert told == value, f"{path} {name} {asked}"


def _of(records: Iterable[Record]) -> Iterable[datetime]:
    for record in records:
        yield from (record.effective_at, record.recorded_at, since(record))


def things(replay: Replay, path: str) -> list[str]:
    """Keys of some things of which something counts from another day or was recorded late, and of others."""
    _, kinds = SO[path]
    known = replay.rows(replay.head)[ITEMS[path]]
    records = [one for one in replay.records if one.kind in kinds]
    other_day = {one.id for one in records if since(one) != one.effective_at} & known.keys()
    late = {one.id for one in records if one.effective_at != one.recorded_at} & known.keys()
    drawn = (*some(other_day, 6, path), *some(late, 6, path), *some(known, 4, path))
    return [*dict.fromkeys(drawn)]
