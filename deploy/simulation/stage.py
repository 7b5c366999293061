"""The stage of a simulation: real engines on an empty folder, and all services in this process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import httpx

from deploy.catalogue import SERVICES, build
from deploy.local.engines import Engines
from deploy.local.errors import FolderUnknown
from deploy.local.folder import DataFolder
from deploy.local.mode import settings
from deploy.mounting import Mounted
from deploy.preparing import migrate_all, provision_all
from deploy.simulation.clock import VirtualTime
from shared.service.frame import Frame

WITNESS_EVERY = 2_419_211.0
"""Seconds between rounds of the witness: four weeks, and some seconds so that nothing else is due then.

With the interval of real time the clock would stop at every minute.
"""


@dataclass(frozen=True)
class Stage:
    """What a simulation plays on. `transport` takes requests as the port of local mode does."""

    engines: Engines
    frames: Mapping[str, Frame]
    transport: httpx.ASGITransport


def log_ids(scenario: str) -> dict[str, UUID]:
    """The ids of all logs in a simulation: they follow from the scenario's name, and so do event ids."""
    return {
        service: uuid5(NAMESPACE_URL, f"https://tanfidh.org/simulation/{scenario}/{service}")
        for service in SERVICES
    }


async def new_folder(data: Path) -> DataFolder:
    """Make and lock the data folder of a simulation. Raises LocalModeError where there is data already."""
    if data.is_dir() and any(data.iterdir()):
        raise FolderUnknown(f"The folder {data} is not empty. A simulation begins in a new one.")
    return await DataFolder.open(data)


@asynccontextmanager
async def stage(folder: DataFolder, scenario: str, time: VirtualTime) -> AsyncIterator[Stage]:
    """Set everything up on a locked folder as local mode does, but for the clock; take it down at the end.

    Raises LocalModeError: an engine fails.
    """
    async with await Engines.start_on(folder) as engines:
        await migrate_all(engines.database_url, log_ids(scenario))
        await provision_all(engines.database_url, [engines.nats_url])
        told = {"witness_every": WITNESS_EVERY}
        services = {
            service: build(service, settings(engines, service).model_copy(update=told), time)
            for service in SERVICES
        }
        frames: dict[str, Frame] = {service: one.state.frame for service, one in services.items()}
        for gate in (gate for frame in frames.values() for gate in frame.gates.values()):
            gate.close()
        app = Mounted(services)
        async with app.router.lifespan_context(app):
            yield Stage(engines, frames, httpx.ASGITransport(app))
