"""Local mode: engines, schemas, streams and all services, on one port and one data folder."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette

from deploy.catalogue import SERVICES, build, settings_of
from deploy.local.engines import Engines
from deploy.local.folder import DataFolder
from deploy.local.running import Running
from deploy.mounting import Mounted
from deploy.preparing import migrate_all, provision_all
from shared.service import ServiceSettings


@asynccontextmanager
async def local_mode(folder: DataFolder, listener: socket.socket) -> AsyncIterator[Starlette]:
    """Start everything but the HTTP server on a folder that is locked; stop it all at the end.

    Raises LocalModeError, and what migrating and provisioning refuse.
    """
    async with await Engines.start_on(folder) as engines:
        Running.forget(folder.path)
        await migrate_all(engines.database_url)
        await provision_all(engines.database_url, [engines.nats_url])
        services = {service: build(service, settings(engines, service)) for service in SERVICES}
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        Running(url=url, database=engines.database_url, nats=engines.nats_url).write(folder.path)
        try:
            yield Mounted(services)
        finally:
            Running.forget(folder.path)


def settings(engines: Engines, service: str) -> ServiceSettings:
    """Return what a service on these engines is told."""
    kind = settings_of(service)
    told: dict[str, Any] = {name: engines.secrets.random_key(name) for name in kind.drawn}
    told |= {name: engines.secrets.folder_beside(name) for name in kind.folders}
    return kind(
        database_url=engines.database_url,
        nats_url=engines.nats_url,
        signing_key=engines.secrets.signing_key(service),
        jwks=engines.secrets.jwks(),
        **told,
    )
