"""Comparing two generations of a view as of a position: every state of every row byte for byte, every tally.

Questions about the present take states that have not ended, whatever their positions are. So states that
begin or end after the position up to which the generation is folded count too: no fold can have made them.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple

from shared.projections.pace import Pace

PAGE = 2_000
TOLD = 10
"""Differing states that are told one by one; the others are counted."""

STATES = (files("shared.projections") / "sql" / "states.sql").read_text(encoding="utf-8")
BEYOND = (files("shared.projections") / "sql" / "beyond.sql").read_text(encoding="utf-8")
MOST_BEYOND = 100_000
"""States beyond the position that are counted; more are not looked at."""

TALLIES = (files("shared.projections") / "sql" / "tallies.sql").read_text(encoding="utf-8")
PARTS = (files("shared.projections") / "sql" / "parts.sql").read_text(encoding="utf-8")

Place = tuple[str, int]
"""A state's key and the position from which it holds: by these they are ordered."""

BEGINNING: Place = ("", -(2**63))
"""Before every state that there can be."""


class Fingerprint(NamedTuple):
    """What a state of a row is compared by: SHA-256 over all of it, as `sql/states.sql` writes it."""

    key: str
    valid_from: int
    digest: bytes

    @property
    def place(self) -> Place:
        """Where it stands in the order."""
        return self.key, self.valid_from


@dataclass
class Digest:
    """SHA-256 over the digests of all states in order, and how many there are."""

    states: int = 0
    _sha: Any = field(default_factory=sha256)

    def add(self, states: Sequence[Fingerprint]) -> None:
        """Take in the next states."""
        self.states += len(states)
        self._sha.update(b"".join(state.digest for state in states))

    def told(self) -> dict[str, Any]:
        """Tell it as JSON."""
        return {"states": self.states, "digest": self._sha.hexdigest()}


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a generation stood at a moment, and its states that were beyond that: place and end."""

    position: int
    beyond: dict[Place, int | None]


async def stands(connection: Any, generation: int) -> Stands:
    """Look where a generation stands. Raises LookupError where it is gone."""
    rows = await connection.fetch(BEYOND, generation, MOST_BEYOND)
    if not rows:
        raise LookupError(f"generation {generation} is gone")
    beyond = {(row["key"], row["valid_from"]): row["valid_to"] for row in rows if row["key"] is not None}
    return Stands(rows[0]["position"], beyond)


Told = Callable[[int], Awaitable[None]]
"""Told how many states were compared so far."""


class Comparison:
    """Compares page by page, each in a statement of its own: no snapshot is held, and no row locked.

    What is folded after the live one's position as of `then` does not count, so it may go on meanwhile.
    `differing` counts states and tallies, `tallies` these alone; the digests are over states.

    Args:
        connection: to ask on.
        live: the generation that is read.
        copy: its rebuild, which has come as far at least.
        then: where the live one stood.
    """

    def __init__(self, connection: Any, live: int, copy: int, then: Stands) -> None:
        self.as_of = then.position
        self._beyond = then.beyond
        self.differing = 0
        self.tallies = 0
        self.first: list[dict[str, Any]] = []
        self.live = Digest()
        self.copy = Digest()
        self._connection = connection
        self._generations = (live, copy)

    async def run(self, pace: Pace, tell: Told) -> None:
        """Compare everything."""
        after: Place | None = BEGINNING
        while after is not None:
            live, copy = [await self._page(generation, after) for generation in self._generations]
            live = [self._ended_beyond(state) for state in live]
            # Both pages are cut where the first of them ends: beyond that the other may have more to come.
            after = min((page[-1].place for page in (live, copy) if len(page) == PAGE), default=None)
            if after is not None and live != copy:
                live, copy = ([state for state in page if state.place <= after] for page in (live, copy))
            self.live.add(live)
            self.copy.add(copy)
            if live != copy:
                await self._find(live, copy)
            await tell(max(self.live.states, self.copy.states))
            await pace.breathe()
        ghosts = [place for place in self._beyond if place[1] > self.as_of]
        live = [self._marked(Fingerprint(*place, b"")) for place in ghosts]
        self.live.add(live)
        await self._find(live, [])
        await self._find_tallies()

    def _ended_beyond(self, state: Fingerprint) -> Fingerprint:
        return self._marked(state) if state.place in self._beyond else state

    def _marked(self, state: Fingerprint) -> Fingerprint:
        """Let a state that no fold can have made differ from whatever a fold makes."""
        told = repr((*state, self._beyond[state.place]))
        return state._replace(digest=sha256(told.encode()).digest())

    def told(self) -> dict[str, Any]:
        """Tell what was found, as JSON."""
        return {
            "as_of": self.as_of,
            "live": self.live.told(),
            "rebuilt": self.copy.told(),
            "differing": self.differing,
            "differing_tallies": self.tallies,
            "first": self.first,
        }

    async def _page(self, generation: int, after: Place) -> list[Fingerprint]:
        rows = await self._connection.fetch(STATES, generation, self.as_of, *after, PAGE)
        return [Fingerprint(*row) for row in rows]

    async def _find(self, live: Sequence[Fingerprint], copy: Sequence[Fingerprint]) -> None:
        ours, theirs = ({state.place: state.digest for state in page} for page in (live, copy))
        for place in sorted(ours.keys() | theirs.keys()):
            if ours.get(place) != theirs.get(place):
                self.differing += 1
                if len(self.first) < TOLD:
                    self.first.append(await self._tell(place, ours.get(place), theirs.get(place)))

    async def _find_tallies(self) -> None:
        for row in await self._connection.fetch(TALLIES, *self._generations, self.as_of):
            self.differing += 1
            self.tallies += 1
            if len(self.first) < TOLD:
                live, copy = (None if row[side] is None else str(row[side]) for side in ("live", "copy"))
                told = {"key": row["facets"], "from": row["position"], "live": live, "rebuilt": copy}
                self.first.append(told | {"parts": ["count"]})

    async def _tell(self, place: Place, live: bytes | None, copy: bytes | None) -> dict[str, Any]:
        key, valid_from = place
        parts: list[str] = []
        if live is not None and copy is not None:
            parts = await self._connection.fetchval(PARTS, *self._generations, self.as_of, key, valid_from)
            if place in self._beyond:
                parts = ["end", *parts]
        return {
            "key": key,
            "from": valid_from,
            "live": None if live is None else live.hex(),
            "rebuilt": None if copy is None else copy.hex(),
            "parts": parts,
        }
