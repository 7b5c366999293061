"""The services that there are, and who reads whose stream."""

from importlib import import_module

from fastapi import FastAPI

from shared.service import ServiceSettings

READS = {
    "registry": ("tasks",),
    "tasks": ("registry",),
}
"""Each service, and the services whose events it reacts to."""

SERVICES = tuple(READS)


def build(service: str, settings: ServiceSettings) -> FastAPI:
    """Compose a service. It is imported here and now, so that one that is not run costs nothing."""
    app = import_module(f"services.{service}.service").build(settings)
    assert isinstance(app, FastAPI), f"services.{service}.service.build returned {type(app).__name__}"
    return app
