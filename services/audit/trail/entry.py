"""An entry of the trail: a filed event as it is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from services.audit.trail.asked import Place
from shared.contracts.meta import Meta, rfc3339


@dataclass(frozen=True, slots=True)
class FiledLog:
    """A log of a source, and the position from which on its events were filed."""

    number: int
    source: str
    log_id: UUID
    after: int


class FiledLogs:
    """The logs of all sources: more than one of a source that was restored."""

    def __init__(self, logs: Iterable[FiledLog]) -> None:
        self._logs = list(logs)
        self._ids = {log.number: log.log_id for log in self._logs}

    def id_of(self, number: int) -> UUID:
        """The id of a log."""
        return self._ids[number]

    def superseded(self, source: str, number: int, position: int) -> bool:
        """Whether a later log of the source has, or will have, something else at this position."""
        return any(
            log.source == source and log.number > number and log.after < position for log in self._logs
        )


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the trail, and whether its service still has it."""

    row: Mapping[str, Any]
    log_id: UUID
    superseded: bool

    @classmethod
    def of(cls, row: Mapping[str, Any], logs: FiledLogs) -> "Entry":
        """Read a row with the columns of the trail."""
        superseded = logs.superseded(row["source"], row["log"], row["position"])
        return cls(row, logs.id_of(row["log"]), superseded)

    @property
    def id(self) -> UUID:
        """The event's id."""
        found: UUID = self.row["event_id"]
        return found

    @property
    def causation(self) -> UUID | None:
        """The id of the event that it was a reaction to."""
        found: UUID | None = self.row["causation"]
        return found

    @property
    def place(self) -> Place:
        """Where it stands in the order of the trail."""
        return Place(*(self.row[name] for name in Place._fields))

    @property
    def meta(self) -> Meta:
        """What is known about it."""
        return Meta(self.row["meta"])

    @property
    def keys(self) -> Mapping[str, str]:
        """Its query keys."""
        keys = self.meta.fields.get("keys")
        return keys if isinstance(keys, dict) else {}

    def data(self) -> Any:
        """Its payload, parsed."""
        return orjson.loads(self.row["data"])

    def told(self) -> dict[str, Any]:
        """Tell it: what, when, by whom, because of what, its payload as it was stored."""
        row, fields = self.row, self.meta.fields
        return {
            "id": str(self.id),
            "service": row["source"],
            "position": row["position"],
            "log_id": str(self.log_id),
            "stream": row["stream"],
            "version": row["version"],
            "type": row["type"],
            "schema": row["schema"],
            "recorded_at": rfc3339(row["recorded_at"]),
            "effective_at": rfc3339(row["effective_at"]),
            "actor": fields.get("actor"),
            "command": fields.get("command"),
            "correlation": fields.get("correlation"),
            "causation": fields.get("causation"),
            "keys": dict(self.keys),
            "data": orjson.Fragment(row["data"]),
            "superseded": self.superseded,
        }

    def evidence(self) -> dict[str, Any]:
        """Tell its leaf, and what that is computed from besides the payload and what is told already."""
        row = self.row
        return {
            "leaf": row["leaf"].hex(),
            "leaf_log": str(row["leaf_log"] or self.log_id),
            "previous": row["previous"].hex(),
            "sealed_digest": row["sealed_digest"].hex(),
            "meta": row["meta"].decode(),
        }
