"""The longer scenario, played, and its folder served by all services on a clock that stands still."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import httpx

from deploy.local.folder import DataFolder
from deploy.simulation.clock import VirtualTime
from deploy.simulation.playing import play
from deploy.simulation.reading import read_scenario
from deploy.simulation.showing import Silent
from deploy.simulation.stage import new_folder, stage
from shared.documents.folder import ContentsFolder
from shared.web.signing import issue_token
from tests.integration.asof.replaying.afterwards import PDF, write_longer
from tests.integration.asof.replaying.replay import Replay
from tests.verifying import check_log

PATIENCE = 120.0
"""Seconds in which everything comes to rest; a machine that does much else needs some."""


@dataclass(frozen=True)
class Kept:
    """Whoever may read everything, at the services' address, and the logs behind what is answered."""

    reader: httpx.AsyncClient
    replays: Mapping[str, Replay]


@asynccontextmanager
async def played_and_served(place: Path) -> AsyncIterator[Kept]:
    """Play the longer scenario to its end, then read the logs and serve what was kept."""
    scenario = read_scenario(write_longer(place))
    folder = await new_folder(place / "data")
    ContentsFolder(folder.path / "documents").put(sha256(PDF).hexdigest(), PDF)
    played = await play(scenario, folder, Silent(), patience=PATIENCE)
    assert played.verified, played.faults
    time = VirtualTime(played.ended_at)
    async with stage(await DataFolder.open(folder.path), scenario.form.name, time) as staged:
        replays = {
            service: Replay(service, await check_log(frame.store)) for service, frame in staged.frames.items()
        }
        token = issue_token(staged.engines.secrets.token_key(), "admin-1", "admin", now=time())
        headers = {"Authorization": f"Bearer {token}"}
        async with httpx.AsyncClient(
            transport=staged.transport, base_url="http://kept", headers=headers, timeout=60
        ) as reader:
            yield Kept(reader, replays)
