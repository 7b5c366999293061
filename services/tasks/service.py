"""The composition root of tasks."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from services.tasks.application import Tasks
from services.tasks.http import router
from services.tasks.reactions import RegistryReactions
from services.tasks.views import every_view
from shared.service import ServiceSettings
from shared.service.frame import Frame


def build(settings: ServiceSettings) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    frame = Frame("tasks", settings, every_view(), {"registry": RegistryReactions().react})
    tasks = Tasks(frame.store, frame.views)

    async def counts() -> Mapping[str, Mapping[str, Any]]:
        return {
            decree: {"tasks": states, "departments": await tasks.inquiries.counts_by_department(decree)}
            for decree, states in (await tasks.inquiries.counts_by_decree()).items()
        }

    return frame.app("Tanfidh tasks", router(tasks), counts)
