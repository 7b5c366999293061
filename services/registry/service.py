"""The composition root of the registry."""

from fastapi import FastAPI

from services.registry.application import Registry
from services.registry.http import router
from services.registry.reactions import RegistryReactions
from services.registry.views import views
from shared.service import ServiceSettings
from shared.service.frame import Frame


def build(settings: ServiceSettings) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    frame = Frame("registry", settings, views(), {"tasks": RegistryReactions().react})
    registry = Registry(frame.store, frame.views)
    return frame.app("Tanfidh registry", router(registry), registry.inquiries.counts_by_decree)
