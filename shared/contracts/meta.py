"""Everything about an event that is not its payload: the stored ``meta``, byte for byte."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from shared.contracts.event import CO_EXECUTORS
from shared.contracts.once import Once


def rfc3339(moment: datetime) -> str:
    """Render a moment in UTC with microseconds, always of the same width: ``2025-05-05T08:00:00.000000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Meta:
    """A reader of stored meta bytes; parsed only when asked.

    Keys: ``id`` (event), ``type`` and ``schema`` (its version), ``stream``, ``version``,
    ``recorded_at``, ``effective_at``, ``actor`` (``subject``, ``role``, and where known
    ``department``, ``on_behalf_of``), ``command``, ``correlation``, and where known ``causation``
    (the id of the event reacted to) and ``traceparent``; ``keys``: the query keys of the event; where there
    are any, ``co_executors``: the departments that take part beside the one among these.
    """

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    @Once
    def fields(self) -> dict[str, Any]:
        """The parsed object."""
        parsed = orjson.loads(self.raw)
        if not isinstance(parsed, dict):
            raise ValueError("meta is not a JSON object")
        return parsed

    @property
    def event_id(self) -> UUID:
        """The event's id."""
        return UUID(self.fields["id"])

    @property
    def correlation(self) -> UUID:
        """The id of the command with which the whole chain began."""
        return UUID(self.fields["correlation"])

    @property
    def actor(self) -> dict[str, str]:
        """Who did it: subject, role, and where known department and on_behalf_of."""
        actor: dict[str, str] = self.fields["actor"]
        return actor

    @property
    def keys(self) -> dict[str, str]:
        """The query keys: which decree, mission, task … the event is about."""
        keys: dict[str, str] = self.fields["keys"]
        return keys

    @property
    def co_executors(self) -> tuple[str, ...]:
        """The departments that it concerns beside the one among its keys; events of before name none."""
        return tuple(self.fields.get(CO_EXECUTORS, ()))

    @property
    def traceparent(self) -> str | None:
        """The W3C trace context of the command, where it had one."""
        value: str | None = self.fields.get("traceparent")
        return value
