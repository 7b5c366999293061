"""The composition root of audit."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI

from services.audit.filing.filing import Filing
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
    return frame.app("Tanfidh audit", APIRouter(), _counts)


async def _counts() -> Mapping[str, Mapping[str, Any]]:
    return {}
