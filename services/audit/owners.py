"""The owners of aggregates: only they can replay them, so audit asks."""

from typing import Any

from shared.domain import NotFound
from shared.messaging.asking import NOT_CONNECTED, NotAnswered, ask_service

SOURCES = ("registry", "tasks", "notifier")
"""The other services whose events are filed, and whose logs are witnessed; the registry witnesses audit."""

FILED = (*SOURCES, "audit")
"""The services whose events the trail has, each the owner of its aggregates."""


class Owners:
    """Asks the services for states, over the connection that they are given once the service runs."""

    def __init__(self) -> None:
        self._nc: Any = None

    def connect(self, nc: Any) -> None:
        """Ask over this connection from now on."""
        self._nc = nc

    async def state(self, service: str, kind: str, id: str, as_of: str | None) -> Any:
        """Ask for an aggregate's state as of a moment or position, or as of now.

        Raises:
            NotFound: there is no such service.
            NotAnswered, RefusedThere: see `ask_service`.
        """
        if service not in FILED:
            raise NotFound(kind="service", id=service)
        if self._nc is None:
            raise NotAnswered(service=service, reason=NOT_CONNECTED)
        about = {"kind": kind, "id": id} | ({} if as_of is None else {"as_of": as_of})
        return await ask_service(self._nc, service, "state", about)
