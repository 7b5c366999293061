"""What other services witnessed of a log, read from their own logs."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from deploy.verifying.keys import ServiceKey
from deploy.verifying.lost import judge_losses
from shared.contracts.witness import Inconsistent
from shared.contracts.witness import Witnessed as Told
from shared.eventstore.lineage import Lineage
from shared.eventstore.log.note import Checkpoint, UnverifiableNote
from shared.witness.statement import Part

WITNESSES = ("audit", "registry")
"""Audit witnesses all others, and the registry audit."""

_EVENTS = """
    SELECT position, type, data FROM "{schema}".events
    WHERE type IN ($1, $2) AND stream = $3 ORDER BY position"""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint as a witness cosigned it."""

    witness: str
    size: int
    root: bytes


@dataclass(slots=True)
class Testimony:
    """All that was witnessed of one log, by size, and what is to be told of it besides.

    `received` is the largest size that a witness compared with the events that it had received itself.
    """

    at: dict[int, list[Witnessed]] = field(default_factory=dict)
    received: int = 0
    largest: dict[UUID, int] = field(default_factory=dict)
    """For each log, also one before a restore, how many events of it were witnessed."""
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def size(self) -> int | None:
        """The largest size that was witnessed."""
        return max(self.at, default=None)


async def read_testimony(
    connection: Any, service: str, lineage: Lineage, parts: Sequence[Part], keys: Mapping[str, ServiceKey]
) -> Testimony:
    """Read what was witnessed of a service's log in force, cosignatures verified.

    What was witnessed of a former log beyond what the log in force has in common with it was lost in a
    restore: a fault until oversight has acknowledged it, and a note afterwards.
    """
    testimony = Testimony()
    ends = {part.log_id: part.upto for part in parts}
    for witness in WITNESSES:
        if witness == service or witness not in keys:
            continue
        names = (f"{witness}.witness.checkpoint-witnessed", f"{witness}.witness.inconsistency-found")
        query = _EVENTS.format(schema=witness)
        if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{witness}.events"):
            continue
        for row in await connection.fetch(query, *names, f"witness.{service}"):
            try:
                if row["type"] == names[1]:
                    found = Inconsistent.model_validate_json(row["data"])
                    testimony.notes.append(f"{witness} found on {found.found_at.date()}: {found.reason}")
                else:
                    _take(testimony, keys[witness], Told.model_validate_json(row["data"]), ends)
            except ValidationError:
                testimony.faults.append(
                    f"what {witness} witnessed of it, at its position {row['position']}, cannot be read"
                )
    logs = [(span.log_id, span.common) for span in lineage.spans]
    faults, notes = await judge_losses(connection, service, logs, testimony.largest)
    testimony.faults += faults
    testimony.notes += notes
    return testimony


def _take(testimony: Testimony, key: ServiceKey, told: Told, ends: Mapping[UUID, int | None]) -> None:
    try:
        checkpoint = Checkpoint.parse(key.of_witness().open(told.cosigned).text)
        stated = (told.size, base64.b64decode(told.root))
    except (UnverifiableNote, ValueError) as error:
        testimony.faults.append(f"what {key.service} witnessed cannot be verified: {error}")
        return
    if stated != (checkpoint.size, checkpoint.root):
        testimony.faults.append(f"what {key.service} witnessed is not what it cosigned")
        return
    if told.log_id not in ends:
        testimony.faults.append(f"{key.service} witnessed the log {told.log_id}, which is none of its logs")
        return
    end = ends[told.log_id]
    testimony.largest[told.log_id] = max(testimony.largest.get(told.log_id, 0), checkpoint.size)
    if end is not None and checkpoint.size > end:
        testimony.notes.append(
            f"{key.service} witnessed {checkpoint.size} events before a restore, of which {end} are left"
        )
        return
    if told.compared:
        testimony.received = max(testimony.received, checkpoint.size)
    found = Witnessed(key.service, checkpoint.size, checkpoint.root)
    testimony.at.setdefault(checkpoint.size, []).append(found)
