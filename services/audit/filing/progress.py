"""How much of each service is filed, and how much of its stream is not yet."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from shared.eventstore.store import EventStore
from shared.messaging.jetstream import JetStreamRefused
from shared.messaging.outage import BROKER_OUTAGE
from shared.messaging.provision import ProvisioningRefused, verify_consumer


class FilingProgress:
    """Counts by position, so that it costs nothing however much is filed."""

    def __init__(self, store: EventStore, sources: Sequence[str]) -> None:
        self._store = store
        self._sources = sources
        self._nc: Any = None

    def connect(self, nc: Any) -> None:
        """Ask over this connection from now on how much there is still to come."""
        self._nc = nc

    async def told(self) -> Mapping[str, Any]:
        """Tell for each service, audit too, how many events of its log in force are filed.

        `behind` are those published and not filed yet, None where NATS does not tell.
        """
        rows = await self._store.pool.fetch("SELECT name, position FROM inboxes")
        filed: dict[str, int] = {row["name"]: row["position"] for row in rows}
        own = filed.get(self._store.service, 0)
        behind = await asyncio.gather(*(self._behind(source) for source in self._sources))
        told = {
            source: {"events": filed.get(source, 0), "behind": number}
            for source, number in zip(self._sources, behind, strict=True)
        }
        told[self._store.service] = {"events": own, "behind": max(0, self._store.head - own)}
        return {"filed": told}

    async def _behind(self, source: str) -> int | None:
        if self._nc is None:
            return None
        try:
            info = await verify_consumer(self._nc, self._store.service, source)
        except (JetStreamRefused, ProvisioningRefused, *BROKER_OUTAGE):
            return None
        waiting: int = info["num_pending"] + info["num_ack_pending"]
        return waiting
