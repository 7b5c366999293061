"""The composition root of the registry."""

from datetime import timedelta

from fastapi import APIRouter, FastAPI

from services.registry.aggregates import AGGREGATES
from services.registry.application import Registry
from services.registry.http import router
from services.registry.reactions import RegistryReactions
from services.registry.views import views
from services.registry.witness import RegistryWitness
from shared.domain.clock import Time
from shared.eventstore.log.cosignature import Cosigner, witness_name
from shared.messaging.reacting import reacting
from shared.service import ServiceSettings, read_signing_key
from shared.service.frame import Frame
from shared.service.timing import SYSTEM_TIME
from shared.witness.pinned import pinned_keys
from shared.witness.rounds import Rounds
from shared.witness.routes import witness_routes
from shared.witness.schedule import Schedule


def build(settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    frame = Frame("registry", settings, views(), {"tasks": reacting(RegistryReactions().react)}, time)
    frame.knows(*AGGREGATES)
    registry = Registry(frame.store, frame.views)
    frame.tells_rows(registry.inquiries)
    rounds = _rounds(frame, settings, time)
    frame.run("witness", rounds.run, rounds.at_rest)
    frame.measure(rounds.alarms)
    routes = APIRouter()
    routes.include_router(router(registry))
    routes.include_router(witness_routes(rounds))
    return frame.app("Tanfidh registry", routes, registry.inquiries.counts_by_decree)


def _rounds(frame: Frame, settings: ServiceSettings, time: Time) -> Rounds:
    """Cosign audit's log half an interval after audit's own rounds, so that their order never changes."""
    every = timedelta(seconds=settings.witness_every)
    return Rounds(
        frame.store,
        settings.database_url,
        time,
        Schedule(every, offset=every / 2),
        RegistryWitness,
        Cosigner(witness_name("registry"), read_signing_key(settings.signing_key)),
        {"audit": None},
        pinned_keys(settings.witness_keys),
    )
