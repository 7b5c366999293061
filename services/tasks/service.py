"""The composition root of tasks."""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from services.tasks.aggregates import AGGREGATES
from services.tasks.answers.overview import TasksOverview
from services.tasks.application import Tasks
from services.tasks.facts import FACTS
from services.tasks.http import router
from services.tasks.judging import Judging
from services.tasks.parked import TasksParked
from services.tasks.permissions import PERMISSIONS
from services.tasks.reactions import RegistryReactions
from services.tasks.settings import TasksSettings
from services.tasks.strands import strands_of
from services.tasks.sweeping import Escalating, Sweeping
from services.tasks.views import DeadlinesView, EscalationsView, IndicatorsView, every_view
from shared.documents.routes import contents_routes
from shared.documents.settings import open_contents
from shared.domain.clock import Time
from shared.messaging.asking import ask_service
from shared.messaging.reacting import reacting
from shared.service import ServiceSettings
from shared.service.frame import Frame
from shared.service.timing import SYSTEM_TIME
from shared.web.joining import joined

SETTINGS = TasksSettings


def build(settings: ServiceSettings, time: Time = SYSTEM_TIME) -> FastAPI:
    """Compose the service; nothing is opened before the application starts."""
    sources = {"registry": reacting(RegistryReactions().react, TasksParked, *FACTS, strands_of=strands_of)}
    frame = Frame("tasks", settings, every_view(), sources, time)
    frame.knows(*AGGREGATES, TasksParked)
    frame.parks(TasksParked)
    keeping = open_contents(settings)

    async def ask(service: str, question: str, about: Mapping[str, Any]) -> Any:
        return await ask_service(frame.nc, service, question, about)

    tasks = Tasks(frame.store, frame.views, time, ask, keeping)
    judging = Judging(frame.store)
    frame.sweep(IndicatorsView.name, judging.act)
    frame.sweep(DeadlinesView.name, Sweeping(frame.store).act, after=("registry",))
    frame.sweep(EscalationsView.name, Escalating(frame.store).act, after=("registry",))

    async def counts() -> Mapping[str, Mapping[str, Any]]:
        inquiries = tasks.inquiries
        deadlines = await inquiries.deadlines_by_decree()
        return {
            decree: {
                "tasks": states,
                "deadlines": deadlines.get(decree, {}),
                "departments": await inquiries.counts_by_department(decree),
            }
            for decree, states in (await inquiries.counts_by_decree()).items()
        }

    routes = joined((router(tasks), contents_routes(keeping, PERMISSIONS.check_role)))
    return frame.app("Tanfidh tasks", routes, counts, overview=TasksOverview)
