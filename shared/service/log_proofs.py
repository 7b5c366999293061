"""What a service shows of its log: signed checkpoints, and proofs between sizes that were signed."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from shared.contracts.text import Text
from shared.domain.refusal import Invalid, NotFound, Refusal
from shared.eventstore.lineage import LogSpan, read_lineage
from shared.eventstore.log.nodes import consistency_path, inclusion_path
from shared.eventstore.store import EventStore
from shared.messaging.asking import Answer

_NEWEST = "SELECT size, note FROM checkpoints WHERE size <= $1 ORDER BY size DESC LIMIT 1"
_EXACTLY = "SELECT size, note FROM checkpoints WHERE size = $1"
_LEAF = "SELECT leaf FROM events WHERE position = $1"
_ANY_SIZE = 2**63 - 1


class NoSuchCheckpoint(NotFound):
    """The log has signed no checkpoint of that size; proofs are between signed sizes only."""

    slug = "no-such-checkpoint"
    title = Text(en="No checkpoint of that size", ar="لا توجد نقطة تحقق بهذا الحجم")
    detail = Text(
        en="This log has signed no checkpoint of {size} events.",
        ar="لم يوقّع هذا السجل نقطة تحقق تضم {size} حدثًا.",
    )


class NotInCheckpoint(Refusal):
    """The event is not among those that the checkpoint covers."""

    slug = "not-in-checkpoint"
    status = 409
    title = Text(en="Not in the checkpoint", ar="ليس ضمن نقطة التحقق")
    detail = Text(
        en="Position {position} is not among the {size} events of the checkpoint.",
        ar="الموضع {position} ليس ضمن {size} حدثًا في نقطة التحقق.",
    )


class ShrinkingSizes(Invalid):
    """A log is shown to have grown; the older size comes first."""

    slug = "shrinking-sizes"
    title = Text(en="The older size comes first", ar="الحجم الأقدم أولًا")
    detail = Text(
        en="A log of {later} events did not grow from one of {earlier}.",
        ar="سجل فيه {later} حدثًا لم ينمُ من سجل فيه {earlier}.",
    )


class LogProofs:
    """Answers about one service's log, as JSON. Hashes are in base64; nothing is verified here."""

    def __init__(self, store: EventStore) -> None:
        self._store = store

    async def standing(self) -> dict[str, Any]:
        """Tell which log this is, how far it is, its verifier key and its newest checkpoint."""
        return {
            "log_id": str(self._store.log_id),
            "position": self._store.head,
            "verifier_key": self._store.verifier_key,
            "checkpoint": await self._store.checkpoint(),
        }

    async def statement(self, upto: int = _ANY_SIZE) -> dict[str, Any]:
        """State the newest checkpoint of at most `upto` events (size 0 where there is none), for a witness.

        `logs` are the logs of the store, the oldest first: of each the first position recorded under it,
        and for one that goes on after a restore the signed checkpoint that it has in common with the one
        before.
        """
        async with (
            self._store.pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            row = await connection.fetchrow(_NEWEST, upto)
            lineage = await read_lineage(connection)
        return {
            "log_id": str(lineage.current),
            "verifier_key": self._store.verifier_key_of(lineage.current),
            "size": row["size"] if row is not None else 0,
            "note": row["note"] if row is not None else None,
            "logs": [self._told(span) for span in lineage.spans],
        }

    async def checkpoint(self, size: int) -> dict[str, Any]:
        """Return the signed checkpoint of a size."""
        return _told_checkpoint(await self._signed(size))

    async def inclusion(self, position: int, size: int | None = None) -> dict[str, Any]:
        """Prove that the event at a position is in the log, as of a signed size (the newest by default)."""
        row = await self._signed(size)
        if not 0 < position <= row["size"]:
            raise NotInCheckpoint(position=position, size=row["size"])
        pool = self._store.pool
        return {
            "position": position,
            "index": position - 1,
            "leaf": _base64(await pool.fetchval(_LEAF, position)),
            "path": _told_path(await inclusion_path(pool, position - 1, row["size"])),
            "checkpoint": _told_checkpoint(row),
        }

    async def consistency(self, earlier: int, later: int | None = None) -> dict[str, Any]:
        """Prove that the log of one signed size begins with that of an earlier one."""
        first, second = await self._signed(earlier), await self._signed(later)
        if first["size"] > second["size"]:
            raise ShrinkingSizes(earlier=first["size"], later=second["size"])
        path = await consistency_path(self._store.pool, first["size"], second["size"])
        return {
            "path": _told_path(path),
            "from": _told_checkpoint(first),
            "to": _told_checkpoint(second),
        }

    def answers(self) -> Mapping[str, Answer]:
        """Give the same to other services that ask: ``checkpoint``, ``inclusion``, ``consistency``."""

        async def checkpoint(about: dict[str, Any]) -> dict[str, Any]:
            return await self.statement(int(about.get("upto", _ANY_SIZE)))

        async def inclusion(about: dict[str, Any]) -> dict[str, Any]:
            return await self.inclusion(int(about["position"]), int(about["size"]))

        async def consistency(about: dict[str, Any]) -> dict[str, Any]:
            return await self.consistency(int(about["from"]), int(about["to"]))

        return {"checkpoint": checkpoint, "inclusion": inclusion, "consistency": consistency}

    def _told(self, span: LogSpan) -> dict[str, Any]:
        return {"log_id": str(span.log_id), "first": span.first, "common": span.note}

    async def _signed(self, size: int | None) -> Any:
        pool: asyncpg.Pool[Any] = self._store.pool
        if size is None:
            row = await pool.fetchrow(_NEWEST, _ANY_SIZE)
        else:
            row = await pool.fetchrow(_EXACTLY, size)
        if row is None:
            raise NoSuchCheckpoint(size=size or 0)
        return row


def _told_checkpoint(row: Any) -> dict[str, Any]:
    return {"size": row["size"], "note": row["note"]}


def _told_path(path: Sequence[bytes]) -> list[str]:
    return [_base64(node) for node in path]


def _base64(hash: bytes) -> str:
    return base64.b64encode(hash).decode()
