"""The composition root of the registry."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from fastapi import FastAPI

from services.registry.aggregates import AGGREGATES
from services.registry.answers.overview import RegistryOverview
from services.registry.application import Registry
from services.registry.application.documents import Documents
from services.registry.application.exports import Exports
from services.registry.application.lists import Lists
from services.registry.application.person_keys import PersonKeys
from services.registry.application.personal_rows import PersonalRows
from services.registry.application.persons import Persons
from services.registry.commencing import CommencementSweep
from services.registry.erasures import Erasures
from services.registry.http import router
from services.registry.http_documents import documents
from services.registry.http_exports import export_routes
from services.registry.http_lists import list_routes
from services.registry.http_persons import persons_routes
from services.registry.parked import RegistryParked
from services.registry.permissions import PERMISSIONS
from services.registry.reactions import RegistryReactions
from services.registry.settings import RegistrySettings
from services.registry.sweeping import PostingSweep
from services.registry.views import DecreesView, StaffView, views
from services.registry.witness import RegistryWitness
from shared.documents.routes import contents_routes
from shared.documents.settings import open_contents
from shared.domain.clock import Time
from shared.eventstore.log.cosignature import Cosigner, witness_name
from shared.messaging.asking import ask_service
from shared.messaging.reacting import reacting
from shared.service import ServiceSettings, read_signing_key
from shared.service.asked_rows import ROWS, RowsAsked
from shared.service.frame import Frame
from shared.service.person_keys import open_vault
from shared.service.timing import SYSTEM_TIME
from shared.web.joining import joined
from shared.witness.pinned import pinned_keys
from shared.witness.rounds import Rounds
from shared.witness.routes import witness_routes
from shared.witness.schedule import Schedule

SETTINGS = RegistrySettings


def build(settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    sources = {"tasks": reacting(RegistryReactions().react, RegistryParked)}
    frame = Frame("registry", settings, views(), sources, time)
    frame.knows(*AGGREGATES, RegistryParked)
    frame.parks(RegistryParked)
    frame.sweep(StaffView.name, PostingSweep(frame.store, time).act)
    frame.sweep(DecreesView.name, CommencementSweep(frame.store).act)

    async def ask(service: str, question: str, about: Mapping[str, Any]) -> Any:
        return await ask_service(frame.nc, service, question, about)

    registry = Registry(frame.store, frame.views, time, ask)
    frame.answer(ROWS, RowsAsked(frame.store, registry.inquiries, frame.horizon).answer)
    vault = open_vault(settings) if isinstance(settings, RegistrySettings) else None
    erasures = Erasures(frame.store, vault)
    frame.begin_with(erasures.begin)
    if vault is not None:
        frame.run("erasures", lambda _: erasures.run(vault))
    frame.measure(erasures)
    keys = PersonKeys(vault)
    persons = Persons(frame.store, keys, erasures.finish, erasures.is_pending)
    lists = Lists(frame.store, PersonalRows(frame.store, keys))
    rounds = _rounds(frame, settings, time)
    frame.run("witness", rounds.run, rounds.at_rest)
    frame.measure(rounds.alarms)
    frame.elects(rounds.election)
    keeping = open_contents(settings)
    parts = (
        router(registry),
        persons_routes(persons),
        list_routes(lists),
        export_routes(Exports(frame.store, registry.inquiries, persons)),
        documents(registry, Documents(frame.store, keeping)),
        contents_routes(keeping, PERMISSIONS.check_role),
        witness_routes(rounds),
    )
    counts = registry.inquiries.counts_by_decree
    return frame.app("Tanfidh registry", joined(parts), counts, erasures.overview, RegistryOverview)


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
