"""The services that there are, and who reads whose stream.

What it takes to run one is imported where one is run: most commands only need to know their names.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from shared.domain.clock import Time
    from shared.eventstore.migrate import Migration
    from shared.service import ServiceSettings

READS = {
    "registry": ("tasks",),
    "tasks": ("registry",),
    "notifier": ("registry", "tasks", "audit"),
    "audit": ("registry", "tasks", "notifier"),
}
"""Each service, and the services whose events it takes in."""

SERVICES = tuple(READS)


def settings_of(service: str) -> "type[ServiceSettings]":
    """The class of a service's settings: what its module calls SETTINGS, where it is told more."""
    from shared.service import ServiceSettings

    kind = getattr(import_module(f"services.{service}.service"), "SETTINGS", ServiceSettings)
    assert issubclass(kind, ServiceSettings), f"services.{service}.service.SETTINGS is {kind}"
    return kind


def build(service: str, settings: "ServiceSettings", time: "Time | None" = None) -> "FastAPI":
    """Compose a service, on the machine's time where it is given no other."""
    from fastapi import FastAPI

    from shared.service.timing import SYSTEM_TIME

    app = import_module(f"services.{service}.service").build(settings, time or SYSTEM_TIME)
    assert isinstance(app, FastAPI), f"services.{service}.service.build returned {type(app).__name__}"
    return app


def own_migrations(service: str) -> "list[Migration]":
    """What a service adds to the schema that all of them have."""
    from shared.eventstore.migrate import migrations_in

    return migrations_in(f"services.{service}")
