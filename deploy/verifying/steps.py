"""The steps of a walk: what is stored of each position is brought to its row."""

from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

from deploy.verifying.copies import Copies
from deploy.verifying.report import Report
from deploy.verifying.walk import Walk
from shared.eventstore.lineage import Lineage
from shared.eventstore.log.tree import HEIGHT, WIDTH, Tile
from shared.eventstore.record import Record

_CHECKPOINTS = "SELECT size, note FROM checkpoints WHERE size > 0 ORDER BY size"
_OF_NOTHING = "SELECT count(*) FROM checkpoints WHERE size <= 0"
_TILE = "SELECT hashes, root FROM log_tiles WHERE level = $1 AND index = $2"
_TILES = "SELECT count(*) FROM log_tiles"
_FETCH = 2_000


class Steps:
    """Leads the walk: brings to each row its tile, its copy and the checkpoint that ends with it."""

    def __init__(self, connection: Any, copies: Copies, walk: Walk, report: Report, lineage: Lineage) -> None:
        self._connection = connection
        self._copies = copies
        self._walk = walk
        self._report = report
        self._tile: dict[int, bytes] = {}
        self._copied: dict[int, bytes] = {}
        self._page = -1
        self._checkpoints: AsyncIterator[Any] = aiter(connection.cursor(_CHECKPOINTS, prefetch=_FETCH))
        self._waiting: Any = None
        self._commons: dict[int, list[str]] = defaultdict(list)
        for span in lineage.spans:
            if span.note is not None:
                self._commons[span.common].append(span.note)

    async def take(self, row: Record) -> None:
        """Take the next row, and whatever is missing before it."""
        if row.position <= self._walk.position:
            self._report.find("is none that a log has", row.position)
            return
        if row.position > self._walk.position + 1:
            await self._miss(row.position - 1)
        position = row.position
        await self._prepare(position)
        copy = self._copied.get(position)
        self._report.compared += copy is not None
        self._walk.row(row, self._tile.get(position), copy)
        await self._after()

    async def end(self) -> None:
        """Look at what is stored of sizes that there are no rows for."""
        events, signed = self._walk.position, 0
        self._walk.end()
        await self._compare_tiles()
        while (beyond := await self._next_checkpoint()) is not None:
            if self._walk.signed(beyond["size"], beyond["note"]) is not None:
                signed = beyond["size"]
            self._waiting = None
        if signed:
            self._report.checkpoint = signed
            one = "was signed and is missing"
            self._report.find("they were signed and are missing", events + 1, signed, one)
        if await self._connection.fetchval(_OF_NOTHING):
            self._report.find("there are checkpoints of no events or less")
        stored, own = await self._connection.fetchval(_TILES), 0
        while (width := events >> HEIGHT) > 0:
            own, events = own + width, width
        if stored > own:
            self._report.find(f"there are {stored} tiles, and {own} belong to {self._walk.position} events")

    async def _miss(self, upto: int) -> None:
        """Pass over positions without a row: one by one while their leaves are known, then at once."""
        first = self._walk.position + 1
        self._report.find("is missing" if first == upto else "they are missing", first, upto)
        while self._walk.position < upto and self._walk.tree.whole:
            position = self._walk.position + 1
            await self._prepare(position)
            self._walk.missing(self._tile.get(position), self._copied.get(position))
            await self._after()
        if self._walk.position < upto:
            self._walk.skip(upto)

    async def _prepare(self, position: int) -> None:
        """Read tile and copies of the 256 positions that one is among."""
        page = (position - 1) // WIDTH
        if page == self._page:
            return
        self._page, before = page, page * WIDTH
        row = await self._connection.fetchrow(_TILE, 0, page)
        hashes = row["hashes"] if row is not None else b""
        self._tile = {
            before + n + 1: hashes[n * 32 : n * 32 + 32] for n in range(min(len(hashes) // 32, WIDTH))
        }
        self._copied = await self._copies.page(before, before + WIDTH)

    async def _after(self) -> None:
        position = self._walk.position
        for note in self._commons.get(position, ()):
            self._walk.common(note)
        while (checkpoint := await self._next_checkpoint()) and checkpoint["size"] <= position:
            if checkpoint["size"] == position:
                self._walk.checkpoint(position, checkpoint["note"])
            self._waiting = None
        self._walk.witnessed()
        await self._compare_tiles()

    async def _next_checkpoint(self) -> Any:
        if self._waiting is None:
            self._waiting = await anext(self._checkpoints, None)
        return self._waiting

    async def _compare_tiles(self) -> None:
        for tile in self._walk.tree.drain():
            await self._compare(tile)

    async def _compare(self, tile: Tile) -> None:
        if not self._walk.tree.whole:
            return
        row = await self._connection.fetchrow(_TILE, tile.level, tile.index)
        width = WIDTH ** (tile.level + 1)
        first, last = tile.index * width + 1, (tile.index + 1) * width
        name = f"their tile {tile.index} at level {tile.level}"
        if row is None:
            self._report.find(f"{name} is missing", first, last)
        elif row["root"] != tile.root:
            self._report.find(f"{name} has another root than its hashes", first, last)
        elif len(row["hashes"]) != len(tile.hashes):
            self._report.find(f"{name} has {len(row['hashes'])} bytes", first, last)
        elif row["hashes"] != tile.hashes and tile.level:
            self._report.find(f"{name} has other hashes than the tiles below it", first, last)
