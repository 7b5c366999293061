"""A log in memory that may lie: what a witness asks, answered from leaves that a test may change."""

import base64
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.contracts.witness import Finding
from shared.eventstore.log.note import Checkpoint, Signer, origin_of
from shared.eventstore.log.proof import (
    consistency_ranges,
    inclusion_ranges,
    perfect_parts,
    root_of_parts,
)
from shared.eventstore.log.tree import EMPTY_ROOT, peaks_of
from shared.witness.statement import Contradiction, Part
from tests.sample import KEY


def leaf(number: int | str) -> bytes:
    return base64.b64encode(str(number).encode()).ljust(32, b"\0")[:32]


class MemoryLog:
    """The log of the service ``tasks``."""

    def __init__(self, *leaves: bytes, key: Ed25519PrivateKey = KEY) -> None:
        self.leaves = list(leaves)
        self.key = key
        self.logs: list[tuple[UUID, str | None]] = [(uuid4(), None)]
        self.signed: list[int] = []
        self.asked = 0
        if leaves:
            self.signed.append(len(leaves))

    @property
    def log_id(self) -> UUID:
        return self.logs[-1][0]

    def append(self, *leaves: bytes) -> None:
        """Append and sign."""
        self.leaves += leaves
        self.signed.append(len(self.leaves))

    def restore(self, common: int) -> None:
        """Go on under a new id from where `common` events were signed."""
        note = self.note(common) if common else None
        del self.leaves[common:]
        self.signed = [size for size in self.signed if size <= common]
        self.logs.append((uuid4(), note))

    def root(self, start: int, end: int) -> bytes:
        if start == end:
            return EMPTY_ROOT
        return root_of_parts([peaks_of(self.leaves[a:b])[0] for a, b in perfect_parts(start, end)])

    def note(self, size: int) -> str:
        signer = Signer(origin_of("tasks", str(self.log_id)), self.key)
        return signer.sign(Checkpoint(signer.name, size, self.root(0, size)).text())

    async def statement(self, upto: int | None = None) -> Any:
        sizes = [size for size in self.signed if upto is None or size <= upto]
        return {
            "log_id": str(self.log_id),
            "verifier_key": Signer(origin_of("tasks", str(self.log_id)), self.key).verifier_key,
            "size": sizes[-1] if sizes else 0,
            "note": self.note(sizes[-1]) if sizes else None,
            "logs": [{"log_id": str(id), "first": 1, "common": common} for id, common in self.logs],
        }

    async def consistency(self, earlier: int, later: int) -> list[bytes]:
        if earlier not in self.signed:
            raise Contradiction(Finding.NOT_PROVED, f"it refuses the proof: none of {earlier}")
        return [self.root(start, end) for start, end in consistency_ranges(earlier, later)]

    async def inclusion(self, position: int, size: int) -> tuple[bytes, list[bytes]]:
        self.asked += 1
        path = [self.root(start, end) for start, end in inclusion_ranges(position - 1, size)]
        return self.leaves[position - 1], path


class Copy:
    """What was received of it, by log."""

    def __init__(self) -> None:
        self.received_of: dict[UUID, dict[int, bytes]] = {}
        self.quiet: set[bytes] = set()
        self.unfitting: dict[int, bytes] = {}
        """Copies that do not fit themselves, with the leaves that follow from them."""
        self.reached = 0
        """Where the inbox stands, if not where the copies end."""

    def receive(self, log_id: UUID, *leaves: bytes, after: int = 0) -> None:
        """Take in leaves of a log after a position."""
        self.received_of.setdefault(log_id, {}).update(enumerate(leaves, after + 1))

    async def received(self, parts: Sequence[Part]) -> int:
        return max(self._all(parts), default=0)

    async def taken_in(self, parts: Sequence[Part]) -> int:
        return self.reached

    async def unbroken(self, parts: Sequence[Part], after: int) -> int:
        return after + len(self._run(parts, after, 10**9))

    async def unfit(self, parts: Sequence[Part], upto: int) -> dict[int, bytes]:
        return {position: leaf for position, leaf in self.unfitting.items() if position <= upto}

    async def page(self, parts: Sequence[Part], after: int, limit: int) -> list[bytes]:
        return self._run(parts, after, after + limit)

    async def news(self, parts: Sequence[Part], after: int, upto: int) -> bool:
        return any(leaf not in self.quiet for leaf in self._run(parts, after, upto))

    def _all(self, parts: Sequence[Part]) -> dict[int, bytes]:
        at: dict[int, bytes] = {}
        for part in parts:
            end = 10**9 if part.upto is None else part.upto
            at |= {n: hash for n, hash in self.received_of.get(part.log_id, {}).items() if n <= end}
        return at

    def _run(self, parts: Sequence[Part], after: int, upto: int) -> list[bytes]:
        at = self._all(parts)
        run: list[bytes] = []
        while after + len(run) < upto and (found := at.get(after + len(run) + 1)):
            run.append(found)
        return run
