"""The verification of one service's log."""

from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Any

from deploy.verifying.copies import Copies
from deploy.verifying.keys import ServiceKey
from deploy.verifying.report import MOST, Report
from deploy.verifying.walk import Walk
from deploy.verifying.witnessed import Testimony, read_testimony
from shared.eventstore.fence import read_head
from shared.eventstore.lineage import Lineage, read_lineage
from shared.eventstore.log.tree import WIDTH, Tile
from shared.eventstore.record import Record
from shared.eventstore.statements import COLUMNS
from shared.witness.statement import Part

_ROWS = f"SELECT {COLUMNS} FROM events ORDER BY position"
_CHECKPOINTS = "SELECT size, note FROM checkpoints ORDER BY size"
_TILE = "SELECT hashes, root FROM log_tiles WHERE level = $1 AND index = $2"
_TILES = "SELECT count(*) FROM log_tiles"
_FETCH = 2_000
_TOLD_EVERY = 5_000

Tell = Callable[[str, int, int], None]
"""Is told how far a log is: the service, the position, the last one."""


async def verify_log(connection: Any, service: str, keys: Mapping[str, ServiceKey], tell: Tell) -> Report:
    """Verify the log of a service, on a connection whose transaction shows one moment of all schemas.

    Raises:
        UnusableStore: the schema holds no log.
    """
    await connection.execute(f'SET LOCAL search_path = "{service}", audit')
    head, lineage = await read_head(connection), await read_lineage(connection)
    parts = _parts(lineage)
    testimony = await read_testimony(connection, service, parts, keys)
    report = Report(service, str(lineage.current), witnessed=testimony.size, notes=testimony.notes)
    for fault in testimony.faults:
        report.find(fault)
    copies = await Copies(connection, service, parts).open()
    walk = Walk(report, lineage, keys[service], testimony)
    steps = _Steps(connection, copies, walk, report)
    async for row in connection.cursor(_ROWS, prefetch=_FETCH):
        await steps.take(Record(*row))
        if walk.edge.size % _TOLD_EVERY == 0:
            tell(service, walk.edge.size, head.position)
    await steps.end()
    await _check_ends(report, walk, copies, head.position, testimony)
    tell(service, head.position, head.position)
    return report


def _parts(lineage: Lineage) -> list[Part]:
    """The logs of a store, with what of each is in the log in force."""
    parts: list[Part] = []
    upto: int | None = None
    for span in reversed(lineage.spans):
        parts.insert(0, Part(span.log_id, upto))
        upto = span.common if upto is None else min(upto, span.common)
    return parts


class _Steps:
    """Leads the walk: brings to each row its tile, its copy and the checkpoint that ends with it."""

    def __init__(self, connection: Any, copies: Copies, walk: Walk, report: Report) -> None:
        self._connection = connection
        self._copies = copies
        self._walk = walk
        self._report = report
        self._tile: dict[int, bytes] = {}
        self._copied: dict[int, bytes] = {}
        self._read = 0
        self._tiles = 0
        self._checkpoints: AsyncIterator[Any] = aiter(connection.cursor(_CHECKPOINTS, prefetch=_FETCH))
        self._waiting: deque[Any] = deque()

    async def take(self, row: Record) -> None:
        """Take the next row, and whatever is missing before it."""
        if row.position <= self._walk.edge.size:
            self._report.find("is none that a log has", row.position)
            return
        while row.position > self._walk.edge.size + 1:
            await self._prepare()
            upto = min(row.position - 1, self._read)
            self._walk.missing(upto, self._tile, self._copied)
            await self._after()
        await self._prepare()
        position = row.position
        copy = self._copied.get(position)
        self._report.compared += copy is not None
        self._walk.row(row, self._tile.get(position), copy)
        await self._after()

    async def end(self) -> None:
        """Look at what is stored of sizes that there are no rows for."""
        events = self._walk.edge.size
        beyond = await self._next_checkpoint()
        while beyond is not None:
            self._report.checkpoint = beyond["size"]
            self._waiting.clear()
            beyond = await self._next_checkpoint()
        if self._report.checkpoint > events:
            self._report.find("they were signed and are missing", events + 1, self._report.checkpoint)
        stored = await self._connection.fetchval(_TILES)
        if stored > self._tiles:
            self._report.find(f"there are {stored} tiles, and {self._tiles} belong to {events} events")

    async def _prepare(self) -> None:
        """Read tile and copies of the next 256 positions."""
        if self._walk.edge.size < self._read:
            return
        index = self._read // WIDTH
        row = await self._connection.fetchrow(_TILE, 0, index)
        hashes = row["hashes"] if row is not None else b""
        self._tile = {self._read + n + 1: hashes[n * 32 : n * 32 + 32] for n in range(len(hashes) // 32)}
        self._copied = await self._copies.page(self._read, self._read + WIDTH)
        self._read += WIDTH

    async def _after(self) -> None:
        for tile in self._walk.tiles:
            self._tiles += 1
            await self._compare(tile)
        while (checkpoint := await self._next_checkpoint()) and checkpoint["size"] <= self._walk.edge.size:
            self._waiting.clear()
            self._report.checkpoint = checkpoint["size"]
            if checkpoint["size"] == self._walk.edge.size:
                self._walk.checkpoint(checkpoint["size"], checkpoint["note"])

    async def _next_checkpoint(self) -> Any:
        if not self._waiting:
            row = await anext(self._checkpoints, None)
            if row is None:
                return None
            self._waiting.append(row)
        return self._waiting[0]

    async def _compare(self, tile: Tile) -> None:
        if not self._walk.whole:
            return
        row = await self._connection.fetchrow(_TILE, tile.level, tile.index)
        width = WIDTH ** (tile.level + 1)
        first, last = tile.index * width + 1, (tile.index + 1) * width
        name = f"their tile {tile.index} at level {tile.level}"
        if row is None:
            self._report.find(f"{name} is missing", first, last)
        elif row["root"] != tile.root:
            self._report.find(f"{name} has another root than its hashes", first, last)
        elif row["hashes"] != tile.hashes and tile.level:
            self._report.find(f"{name} has other hashes than the tiles below it", first, last)


async def _check_ends(report: Report, walk: Walk, copies: Copies, head: int, testimony: Testimony) -> None:
    """Compare the end of the rows with everything that knows how far the log went."""
    events = walk.edge.size
    if report.checkpoint < events:
        report.find("no checkpoint signs them", report.checkpoint + 1, events)
    if head != events:
        report.find(f"the head says {head} events, and there are {events}")
    if (witnessed := testimony.size or 0) > events:
        report.find("they were witnessed and are missing: the end was cut off", events + 1, witnessed)
    if (received := await copies.received()) > events:
        report.find("audit received them and they are missing: the end was cut off", events + 1, received)
    found = {finding.position for finding in report.findings}
    for position in await copies.different(MOST + len(found)):
        if position not in found:
            report.find("is told differently by the copy that audit filed: the copy was changed", position)


def verified_in_order(services: Sequence[str]) -> list[str]:
    """Audit first: what it received and witnessed is evidence against the others."""
    return sorted(services, key=lambda service: service != "audit")
