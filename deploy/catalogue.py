"""The services that there are, and who reads whose stream."""

from importlib import import_module

from fastapi import FastAPI

from shared.domain.clock import Time
from shared.eventstore.migrate import Migration, migrations_in
from shared.service import ServiceSettings
from shared.service.timing import SYSTEM_TIME

READS = {
    "registry": ("tasks",),
    "tasks": ("registry",),
    "notifier": ("registry", "tasks", "audit"),
    "audit": ("registry", "tasks", "notifier"),
}
"""Each service, and the services whose events it takes in."""

SERVICES = tuple(READS)


def settings_of(service: str) -> type[ServiceSettings]:
    """The class of a service's settings: what its module calls SETTINGS, where it is told more."""
    kind = getattr(import_module(f"services.{service}.service"), "SETTINGS", ServiceSettings)
    assert issubclass(kind, ServiceSettings), f"services.{service}.service.SETTINGS is {kind}"
    return kind


def build(service: str, settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose a service. It is imported here and now, so that one that is not run costs nothing."""
    app = import_module(f"services.{service}.service").build(settings, time)
    assert isinstance(app, FastAPI), f"services.{service}.service.build returned {type(app).__name__}"
    return app


def own_migrations(service: str) -> list[Migration]:
    """What a service adds to the schema that all of them have."""
    return migrations_in(f"services.{service}")
