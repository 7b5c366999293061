"""A parked event as operators see it: what the log knows of it, and what the table has beside that."""

from typing import Any
from uuid import UUID

import orjson

from shared.contracts.inbox import Failure
from shared.contracts.meta import rfc3339
from shared.messaging.legible import can_be_told
from shared.messaging.parking.parked_events import ParkedEvents, Waiting
from shared.messaging.parking.taking_up import UNREADABLE, received_from, stored_as
from shared.messaging.received import Received


def tell(row: Any, parked: ParkedEvents | None) -> dict[str, Any]:
    """Tell where it waits: `behind` names the first of its queue, where that is another one.

    Where the row is not what was parked, or nobody can read it, `changed` says so, and stream and event are
    those that the log tells.
    """
    position, following = row["position"], row["next_attempt"]
    waiting = None if parked is None else parked.waiting.get(position)
    received, failure = _as_parked(row, waiting), _failure(row["failure"])
    return {
        "source": row["source"],
        "position": position,
        "stream": row["stream"] if waiting is None else waiting.stream,
        "type": row["type"],
        "event": _event(received, waiting),
        "recorded_at": None if received is None else rfc3339(received.recorded_at),
        "parked_at": rfc3339(row["parked_at"]),
        "behind": None if parked is None else parked.before(position),
        "attempts": row["attempts"],
        "next_attempt": rfc3339(following) if following is not None else None,
        "given_up": row["attempts"] > 0 and following is None,
        "code": failure["code"] if failure is not None else None,
        "reason": failure["reason"] if failure is not None else None,
        "changed": received is None,
    }


def tell_in_full(row: Any, parked: ParkedEvents | None) -> dict[str, Any]:
    """Tell everything, with meta and payload as they stand in the table."""
    return tell(row, parked) | {
        "log_id": str(row["log_id"]),
        "failure": _failure(row["failure"]),
        "meta": _as_json(row["meta"]),
        "data": _as_json(row["data"]),
    }


def _as_parked(row: Any, waiting: Waiting | None) -> Received | None:
    """Read the event that was parked; None where the row holds none, or another than the log tells.

    A row that was just taken in is not in the log's queue any more: it is told as it stands.
    """
    try:
        received = received_from(row)
        stored = stored_as(received)
    except UNREADABLE:
        return None
    return received if waiting is None or waiting.is_stored_as(stored) else None


def _event(received: Received | None, waiting: Waiting | None) -> str | None:
    known: UUID | None = waiting.event if waiting is not None else None
    known = received.event_id if received is not None else known
    return None if known is None else str(known)


def _failure(stored: str | None) -> dict[str, Any] | None:
    """Read why it failed; what somebody made of it tells nothing."""
    if stored is None:
        return None
    try:
        told = orjson.loads(stored)
        failure = Failure.model_validate(told).model_dump(mode="json")
        return failure | {"detail": str(told["detail"])}
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _as_json(stored: bytes) -> Any:
    """Read what is stored as JSON; what is none, or nests too deep to be told, is told as it stands."""
    try:
        told = orjson.loads(stored)
    except ValueError:
        return stored.decode("utf-8", "replace")
    return told if can_be_told(told) else stored.decode("utf-8", "replace")
