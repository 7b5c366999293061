"""The log that is witnessed, as it answers questions about itself."""

import base64
from collections.abc import Callable, Mapping
from typing import Any, Protocol, TypeVar

from nats.aio.client import Client

from shared.contracts.witness import Finding
from shared.messaging.asking import RefusedThere, ask_service
from shared.witness.statement import Contradiction

T = TypeVar("T")


class Source(Protocol):
    """Answers what a witness asks; nothing of it is believed.

    Every question raises `NotAnswered` where there is nobody to answer, and `Contradiction` where what
    should be there is refused.
    """

    async def statement(self, upto: int | None = None) -> Any:
        """Tell the newest checkpoint, of at most `upto` events."""

    async def consistency(self, earlier: int, later: int) -> list[bytes]:
        """Give the proof that the log of one signed size begins with that of an earlier one."""

    async def inclusion(self, position: int, size: int) -> tuple[bytes, list[bytes]]:
        """Give the leaf at a position, and the proof that it is in the log of a signed size."""


class AskedSource:
    """Asks another service over NATS."""

    def __init__(self, nc: Client, service: str) -> None:
        self._nc = nc
        self._service = service

    async def statement(self, upto: int | None = None) -> Any:
        """Tell the newest checkpoint; see `Source`."""
        return await self._ask("checkpoint", {} if upto is None else {"upto": upto})

    async def consistency(self, earlier: int, later: int) -> list[bytes]:
        """Give a consistency proof; see `Source`."""
        told = await self._ask("consistency", {"from": earlier, "to": later})
        return _read(lambda: [_hash(node) for node in told["path"]])

    async def inclusion(self, position: int, size: int) -> tuple[bytes, list[bytes]]:
        """Give an inclusion proof; see `Source`."""
        told = await self._ask("inclusion", {"position": position, "size": size})
        return _read(lambda: (_hash(told["leaf"]), [_hash(node) for node in told["path"]]))

    async def _ask(self, question: str, about: Mapping[str, Any]) -> Any:
        try:
            return await ask_service(self._nc, self._service, question, about)
        except RefusedThere as refusal:
            raise Contradiction(Finding.NOT_PROVED, f"it refuses the proof: {refusal}") from refusal


def _hash(encoded: str) -> bytes:
    hash = base64.b64decode(encoded, validate=True)
    if len(hash) != 32:
        raise ValueError("not a SHA-256 hash")
    return hash


def _read(read: Callable[[], T]) -> T:
    try:
        return read()
    except (KeyError, TypeError, ValueError) as error:
        raise Contradiction(Finding.MALFORMED, f"its proof cannot be read: {error!r}") from error
