"""The composition root of notifier."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI

from shared.domain.clock import Time
from shared.service import ServiceSettings
from shared.service.frame import Frame
from shared.service.timing import SYSTEM_TIME


def build(settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    frame = Frame("notifier", settings, (), {}, time)
    return frame.app("Tanfidh notifier", APIRouter(), _counts)


async def _counts() -> Mapping[str, Mapping[str, Any]]:
    return {}
