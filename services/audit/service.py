"""The composition root of audit."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from nats.aio.client import Client

from services.audit.filing.filing import Filing
from services.audit.filing.own import OwnEvents
from services.audit.filing.progress import FilingProgress
from services.audit.http import router
from services.audit.owners import Owners
from services.audit.trail.reading import Trail
from shared.domain.clock import Time
from shared.eventstore.migrate import migrations_in
from shared.service import ServiceSettings
from shared.service.frame import Frame
from shared.service.timing import SYSTEM_TIME

SOURCES = ("registry", "tasks", "notifier")
"""The other services whose events are filed."""


def build(settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    own = migrations_in("services.audit")
    frame = Frame("audit", settings, (), dict.fromkeys(SOURCES, Filing), time, own)
    owners, progress = Owners(SOURCES), FilingProgress(frame.store, SOURCES)

    async def follow(nc: Client) -> None:
        owners.connect(nc)
        progress.connect(nc)
        await OwnEvents(frame.store).run()

    frame.run("filing of own events", follow)
    return frame.app("Tanfidh audit", router(Trail(frame.store), owners), _counts, progress.told)


async def _counts() -> Mapping[str, Mapping[str, Any]]:
    return {}
