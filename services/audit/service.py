"""The composition root of audit."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from nats.aio.client import Client

from services.audit.answers import AuditOverview
from services.audit.filing.filing import Filing
from services.audit.filing.own import OwnEvents
from services.audit.filing.progress import FilingProgress
from services.audit.http import router
from services.audit.owners import SOURCES, Owners
from services.audit.trail.reading import Trail
from services.audit.witness import AuditWitness, FiledLeaves
from shared.domain.clock import Time
from shared.eventstore.log.cosignature import Cosigner, witness_name
from shared.eventstore.migrate import migrations_in
from shared.service import ServiceSettings, read_signing_key
from shared.service.frame import Frame
from shared.service.timing import SYSTEM_TIME
from shared.web.joining import joined
from shared.witness.own_copy import OwnCopy
from shared.witness.pinned import pinned_keys
from shared.witness.rounds import Rounds
from shared.witness.routes import witness_routes
from shared.witness.schedule import Schedule


def build(settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    own = migrations_in("services.audit")
    frame = Frame("audit", settings, (), dict.fromkeys(SOURCES, Filing), time, own)
    owners, progress = Owners(), FilingProgress(frame.store, SOURCES)
    following, rounds = OwnEvents(frame.store), _rounds(frame, settings, time)

    async def follow(nc: Client) -> None:
        owners.connect(nc)
        progress.connect(nc)
        await following.run()

    frame.knows(AuditWitness)
    frame.run("filing of own events", follow, following.at_rest)
    frame.run("witness", rounds.run, rounds.at_rest)
    frame.check("filing of own events", following.check)
    frame.folds(following.filed)
    frame.measure(rounds.alarms)
    frame.elects(rounds.election)
    routes = joined((router(Trail(frame.store), owners), witness_routes(rounds)))
    return frame.app("Tanfidh audit", routes, _counts, progress.told, AuditOverview)


def _rounds(frame: Frame, settings: ServiceSettings, time: Time) -> Rounds:
    def pool() -> Any:
        return frame.store.pool

    return Rounds(
        frame.store,
        settings.database_url,
        time,
        Schedule(timedelta(seconds=settings.witness_every)),
        AuditWitness,
        Cosigner(witness_name("audit"), read_signing_key(settings.signing_key)),
        {source: OwnCopy(FiledLeaves(pool, source)) for source in SOURCES},
        pinned_keys(settings.witness_keys),
    )


async def _counts() -> Mapping[str, Mapping[str, Any]]:
    return {}
