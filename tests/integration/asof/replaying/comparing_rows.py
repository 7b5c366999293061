"""Lists and items against the rows of a replay."""

import random
from collections.abc import Mapping, Sequence

import httpx

from shared.contracts.meta import rfc3339
from tests.integration.asof.replaying.asking import SEED, differing, every, filled, some
from tests.integration.asof.replaying.replay import Replay, Row, matching, said, values_of
from tests.integration.asof.replaying.routes import ITEMS, LISTS

FULL, SMALL = 200, 23
"""Rows in a page of a long and of a short list."""


class Rows:
    """Asks one service, and compares what it answers with what its log tells."""

    def __init__(self, reader: httpx.AsyncClient, replay: Replay) -> None:
        self._reader = reader
        self._replay = replay
        self.lists = {path: one for path, one in LISTS.items() if path.split("/")[1] == replay.service}
        self.items = {path: view for path, view in ITEMS.items() if path.split("/")[1] == replay.service}

    async def whole_lists(self, asked: str, end: int) -> None:
        """Every list that needs nothing in its path, to its end; the others for some values."""
        for path, listed in self.lists.items():
            rows, names = self._replay.rows(end)[listed.view], [*listed.path]
            every_row = self._replay.rows(self._replay.head)[listed.view].values()
            values = [
                {name: value} for name in names for value in values_of(every_row, listed.path[name])[:3]
            ]
            for named in values or [{}]:
                where = {listed.path[name]: value for name, value in named.items()}
                await self._compare(filled(path, named), asked, end, {}, matching(rows, where))

    def unmet(self, parameters: Mapping[str, list[str]]) -> list[str]:
        """The filters by which no row is ever found."""
        ever = self._replay.rows(self._replay.head)
        return [
            f"{path} {name}"
            for path, listed in self.lists.items()
            for name in parameters[path]
            if not values_of(ever[listed.view].values(), listed.renamed.get(name, name))
        ]

    async def filtered(self, parameters: Mapping[str, list[str]], asked: str, end: int) -> None:
        """Every filter of every list by some values that rows have at some time, and two at once."""
        for path, listed in self.lists.items():
            if listed.path:
                continue
            then, ever = (self._replay.rows(at)[listed.view] for at in (end, self._replay.head))
            fields = {name: listed.renamed.get(name, name) for name in parameters[path]}
            wanted = [
                {name: value}
                for name, field in fields.items()
                for value in some(values_of(ever.values(), field), 2, f"{path} {name} {end}")
            ]
            wanted += self._pairs(fields, [*ever.values()], f"{path} {end}")
            for name in fields:
                await self._nowhere(path, name, asked)
            for where in wanted:
                kept = matching(then, {fields[name]: value for name, value in where.items()})
                await self._compare(path, asked, end, where, kept)

    async def _nowhere(self, path: str, name: str, asked: str) -> None:
        """A filter by what no row says finds nothing; one of few words refuses what is none of them."""
        answer = await self._reader.get(path, params={name: "nowhere", "as_of": asked})
        found = answer.json().get("items") if answer.status_code == 200 else []
        assert (answer.status_code in (200, 422), found) == (True, []), f"{answer.url}: {answer.text}"

    def _pairs(self, fields: dict[str, str], rows: Sequence[Row], salt: str) -> list[dict[str, str]]:
        """Two filters at once, which a row meets at some time."""
        drawn = random.Random(f"{SEED} {salt}")
        row = drawn.choice(rows)
        told = {name: value for name, field in fields.items() if (value := said(row, field)) is not None}
        return [dict(drawn.sample(sorted(told.items()), 2))] if len(told) > 1 else []

    async def one(self, path: str, key: str, asked: str, end: int) -> None:
        """An item, its version, or that it is not there yet."""
        row = self._replay.row(self.items[path], key, end)
        address = filled(path, dict.fromkeys(names_in(path), key))
        answer = await self._reader.get(address, params={"as_of": asked})
        assert answer.status_code == (404 if row is None else 200), f"{address} as of {asked}"
        if row is not None:
            assert answer.json() == row, f"{address} as of {asked}"
            assert answer.headers["etag"] == f'"{row["version"]}"'
            recorded = rfc3339(self._replay.records[end - 1].recorded_at)
            told = (answer.headers["tanfidh-position"], answer.headers["tanfidh-as-of"])
            assert told == (str(end), recorded), f"{address} as of {asked}"

    async def _compare(
        self, path: str, asked: str, end: int, where: dict[str, str], rows: dict[str, Row]
    ) -> None:
        limit = FULL if len(rows) > FULL else SMALL
        found = await every(self._reader, path, asked, end, limit, where)
        assert differing([*rows.values()], found) == [], f"{path} {where} as of {asked}"


def names_in(path: str) -> list[str]:
    """The parameters of a path."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]
