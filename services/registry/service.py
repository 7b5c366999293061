"""The composition root of the registry."""

from fastapi import FastAPI

from services.registry.aggregates import AGGREGATES
from services.registry.application import Registry
from services.registry.http import router
from services.registry.reactions import RegistryReactions
from services.registry.views import views
from shared.domain.clock import Time
from shared.messaging.reacting import reacting
from shared.service import ServiceSettings
from shared.service.frame import Frame
from shared.service.timing import SYSTEM_TIME


def build(settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    frame = Frame("registry", settings, views(), {"tasks": reacting(RegistryReactions().react)}, time)
    frame.knows(*AGGREGATES)
    registry = Registry(frame.store, frame.views)
    return frame.app("Tanfidh registry", router(registry), registry.inquiries.counts_by_decree)
