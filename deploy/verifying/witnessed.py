"""What other services witnessed of a log, read from their own logs."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from deploy.verifying.keys import ServiceKey
from deploy.verifying.lost import judge_losses
from deploy.verifying.row import UNREADABLE
from shared.contracts import audit, registry
from shared.contracts.event import Event
from shared.contracts.witness import Inconsistent
from shared.contracts.witness import Witnessed as Told
from shared.eventstore.codec import UnknownEventType, decode
from shared.eventstore.lineage import Lineage
from shared.eventstore.log.note import Checkpoint, UnverifiableNote
from shared.witness.statement import Part

WITNESSES: Mapping[str, tuple[type[Event], type[Event]]] = {
    "audit": (audit.CheckpointWitnessed, audit.InconsistencyFound),
    "registry": (registry.CheckpointWitnessed, registry.InconsistencyFound),
}
"""Audit witnesses all others, and the registry audit; with the events of what each saw and what it found."""

_EVENTS = """
    SELECT position, type, schema, data FROM "{schema}".events
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
    for witness, events in WITNESSES.items():
        if witness == service or witness not in keys:
            continue
        if not await connection.fetchval("SELECT to_regclass($1) IS NOT NULL", f"{witness}.events"):
            continue
        query, types = _EVENTS.format(schema=witness), (event.event_type for event in events)
        for row in await connection.fetch(query, *types, f"witness.{service}"):
            try:
                event = decode(row["type"], row["schema"], row["data"])
            except (UnknownEventType, *UNREADABLE):
                testimony.faults.append(
                    f"what {witness} witnessed of it, at its position {row['position']}, cannot be read"
                )
                continue
            if isinstance(event, Inconsistent):
                testimony.notes.append(f"{witness} found on {event.found_at.date()}: {event.reason}")
            elif isinstance(event, Told):
                _take(testimony, keys[witness], event, ends)
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
