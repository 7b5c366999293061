"""What a log lost in restores though others knew of it, and whether oversight has taken note of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from shared.contracts.witness import Acknowledged
from shared.witness.losses import Loss, losses

_THERE = "SELECT to_regclass($1) IS NOT NULL"
_RECEIVED = """
    SELECT log_id, last FROM audit.filed_logs AS logs CROSS JOIN LATERAL (
        SELECT max(position) AS last FROM audit.filed WHERE source = $1 AND log = number
    ) AS filed
    WHERE logs.source = $1 AND last IS NOT NULL"""
_ACKNOWLEDGED = 'SELECT data FROM "{schema}".events WHERE type = $1 AND stream = $2 ORDER BY position'


async def judge_losses(
    connection: Any, service: str, logs: Sequence[tuple[UUID, int]], witnessed: Mapping[UUID, int]
) -> tuple[list[str], list[str]]:
    """Tell what a log lost: what nobody has acknowledged, and what somebody has.

    An acknowledgement counts that names the log, what the next one has in common with it, and at least as
    many events as are known to have been there. It stands in the log of the service's witness.

    Args:
        connection: reads the schemas of all services.
        service: whose log it is.
        logs: the service's, the oldest first, each with how many events it has in common with the one before.
        witnessed: for each log, how many events of it were witnessed.
    """
    known = dict(witnessed)
    # Audit files its own events itself, so that they go and come back with its log.
    if service != "audit" and await connection.fetchval(_THERE, "audit.filed"):
        for row in await connection.fetch(_RECEIVED, service):
            known[row["log_id"]] = max(known.get(row["log_id"], 0), row["last"])
    faults: list[str] = []
    notes: list[str] = []
    lost = losses(logs, known)
    done = await _acknowledgements(connection, service) if lost else []
    for loss in lost:
        what = f"{loss.known_size - loss.common} events that were witnessed are gone after a restore"
        by = next((one.by for one in done if _covers(one, loss)), None)
        if by is None:
            where = f"positions {loss.common + 1} to {loss.known_size} of the log {loss.log_id}"
            faults.append(f"{what}; acknowledged by nobody ({where})")
        else:
            notes.append(f"{what}; acknowledged by the role {by}")
    return faults, notes


def _covers(done: Acknowledged, loss: Loss) -> bool:
    same = (done.log_id, done.common) == (loss.log_id, loss.common)
    return same and done.known_size >= loss.known_size


async def _acknowledgements(connection: Any, service: str) -> list[Acknowledged]:
    witness = "registry" if service == "audit" else "audit"
    if not await connection.fetchval(_THERE, f"{witness}.events"):
        return []
    names = (f"{witness}.witness.loss-acknowledged", f"witness.{service}")
    found: list[Acknowledged] = []
    for row in await connection.fetch(_ACKNOWLEDGED.format(schema=witness), *names):
        try:
            found.append(Acknowledged.model_validate_json(row["data"]))
        except ValidationError:
            continue  # its row was changed, and is found where the witness's own log is verified
    return found
