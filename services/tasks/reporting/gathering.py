"""Gathers the facts of a report: asks the registry over NATS, and its own views (docs/decisions/0026)."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from services.tasks.reporting.facts import COUNTED, Facts, Row
from shared.contracts.meta import rfc3339
from shared.contracts.tasks import LogPosition
from shared.messaging.asking import Ask
from shared.projections import Views
from shared.service.asked_rows import ROWS
from shared.service.inquiries import FOLDED_WITHIN, ViewsBehind

PAGE = 500


class Log(Protocol):
    """What is needed of this service's own log."""

    @property
    def log_id(self) -> UUID:
        """Which log it is."""

    @property
    def head(self) -> int:
        """Its last position."""

    async def position_at(self, moment: datetime) -> int:
        """The last position that was recorded by a moment."""

    async def taken_in(self, inbox: str, position: int) -> None:
        """Wait until a source's events up to a position had their effects."""

    async def moment_of(self, position: int) -> datetime | None:
        """When the event at a position was recorded."""


@dataclass(frozen=True, slots=True)
class Places:
    """The positions of the two logs that a report is made from."""

    registry: LogPosition
    tasks: LogPosition

    @classmethod
    def of(cls, places: Mapping[str, LogPosition]) -> "Places":
        """Read what an event tells."""
        return cls(places["registry"], places["tasks"])

    def told(self) -> dict[str, LogPosition]:
        """The positions by service."""
        return {"registry": self.registry, "tasks": self.tasks}


class Gathering:
    """Reads what reports are made from; stores nothing."""

    def __init__(self, log: Log, views: Views, ask: Ask) -> None:
        self._log = log
        self._views = views
        self._ask = ask

    async def places(self, decree: str, moment: datetime | None) -> Places:
        """Find the positions as of a moment, or as of now; refuses a decree that the registry had not then.

        As of now, this service first takes in what the registry has, as far as that works.
        """
        about = {"view": "decrees", "id": decree}
        if moment is not None:
            about["as_of"] = rfc3339(moment)
        told = await self._ask("registry", ROWS, about)
        registry = LogPosition.model_validate({name: told[name] for name in LogPosition.model_fields})
        if moment is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(FOLDED_WITHIN):
                    await self._log.taken_in("registry", registry.position)
        position = self._log.head if moment is None else await self._log.position_at(moment)
        recorded_at = await self._log.moment_of(position)
        tasks = LogPosition(log=self._log.log_id, position=position, recorded_at=recorded_at)
        return Places(registry, tasks)

    async def facts(self, decree: str, places: Places, effective_at: datetime) -> Facts:
        """Read everything as of these positions."""
        own, theirs = places.tasks.position, places.registry.position
        if not await self._views.wait_for(own, FOLDED_WITHIN):
            raise ViewsBehind(position=own, folded=self._views.position)
        about = {"view": "decrees", "id": decree, "as_of": theirs, "effective_at": rfc3339(effective_at)}
        told = await self._ask("registry", ROWS, about)
        where = {"decree": decree}
        missions = [row for _, row in await self._registry_rows("missions", where, theirs)]
        merged_into = sorted({str(row["receiver"]) for row in missions if row["receiver"]})
        counts = {
            name: dict(await self._views.count(view, by, where, own)) for name, (view, by) in COUNTED.items()
        }
        return Facts(
            registry=theirs,
            tasks=own,
            decree=told["row"],
            departments=dict(await self._registry_rows("departments", {}, theirs)),
            measures=tuple(row for _, row in await self._registry_rows("measures", where, theirs)),
            missions=tuple(missions),
            receivers={id: await self._registry_row("missions", id, theirs) for id in merged_into},
            counts=counts,
            holds=await self._own_rows("holds", where, own),
            indicators=await self._own_rows("indicators", where, own),
            decisions=await self._own_rows("decisions", where, own),
        )

    async def _registry_row(self, view: str, id: str, position: int) -> Row:
        told = await self._ask("registry", ROWS, {"view": view, "id": id, "as_of": position})
        row: Row = told["row"]
        return row

    async def _registry_rows(
        self, view: str, where: Mapping[str, str], position: int
    ) -> list[tuple[str, Row]]:
        found: list[tuple[str, Row]] = []
        while True:
            about: dict[str, Any] = {"view": view, "where": dict(where), "as_of": position}
            told = await self._ask("registry", ROWS, about | ({"after": found[-1][0]} if found else {}))
            found += [(key, row) for key, row in told["rows"]]
            if not told["more"]:
                return found

    async def _own_rows(self, view: str, where: Mapping[str, str], position: int) -> tuple[Row, ...]:
        found: list[tuple[str, Row]] = []
        while True:
            after = found[-1][0] if found else None
            page = await self._views.list(view, where, after, PAGE, position)
            found += page
            if len(page) < PAGE:
                return tuple(row for _, row in found)
