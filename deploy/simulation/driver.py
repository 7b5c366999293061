"""The driver: it plays a scenario, and moves the clock only when everything has caught up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import httpx

from deploy.simulation.agenda import Agenda, Request, Work, agenda_of
from deploy.simulation.clock import VirtualTime
from deploy.simulation.desk import BASE, Desk, NotAnswered, Settled, Unexpected
from deploy.simulation.reading import Scenario
from deploy.simulation.rest import PATIENCE, Rest
from deploy.simulation.stage import Stage
from deploy.simulation.working import CannotWork, chosen, planned
from shared.calendar import WorkingCalendar
from shared.dossier import ImportSummary, import_dossier


class Watcher(Protocol):
    """Is told what happens while a simulation runs."""

    async def begun(self, stage: Stage) -> None:
        """Engines and services run; the dossier is imported next."""

    async def moved(self, now: datetime, events: Mapping[str, int]) -> None:
        """The clock shows another moment; `events` counts what each service has stored by then."""

    async def asked(self, request: Request, status: int, now: datetime) -> None:
        """A request was answered as the scenario expects."""

    async def planned(self, work: Work, now: datetime) -> None:
        """Tasks are going to be carried through; their requests come later."""


class StepFailed(Exception):
    """A step of the scenario cannot be done; the message names it, its line and its moment."""


@dataclass(frozen=True)
class Refused:
    """A request that was refused as the scenario expects."""

    at: datetime
    expected: str
    request: Request

    @property
    def told(self) -> str:
        """The note of its step, or what was asked by whom."""
        note = None if self.request.about is None else self.request.about.note
        said = str(self.request) if note is None else note.in_language("en").rstrip(".")
        return f"{said} ({self.expected})"


@dataclass(frozen=True)
class Ended:
    """The decree that was played, and what the services' views count of it: ``{"measures": {…}, …}``."""

    decree: str
    views: dict[str, Any]
    refused: tuple[Refused, ...]


class Driver:
    """Plays one scenario on one stage."""

    def __init__(
        self,
        scenario: Scenario,
        stage: Stage,
        time: VirtualTime,
        watcher: Watcher,
        patience: float = PATIENCE,
    ) -> None:
        self._scenario = scenario
        self._form = scenario.form
        self._stage = stage
        self._time = time
        self._watcher = watcher
        self._agenda = agenda_of(self._form)
        self._rest = Rest(stage.frames, patience, stage.engines.silent)
        self._refused: list[Refused] = []
        self._calendars: dict[str, WorkingCalendar] = {}
        self._patience = patience
        key = stage.engines.secrets.token_key()
        self._desk = Desk(stage.transport, time, key, self._settle, patience)

    async def play(self, until: datetime) -> Ended:
        """Play up to and with a moment; the clock shows it in the end.

        Raises:
            NotAtRest, NotAnswered, StepFailed: see their texts.
            DossierRefused, ImportFailed: of the dossier.
        """
        try:
            await self._tell_moved()
            summary = await self._import()
            await self._settle()
            await self._play(until)
            views = await self._overview(summary.decree)
            return Ended(summary.decree, views, tuple(self._refused))
        finally:
            await self._desk.close()

    async def _play(self, until: datetime) -> None:
        while (moment := next_moment(self._agenda, self._time)) is not None and moment <= until:
            await self._move(moment)
            for what in self._agenda.due(moment):
                try:
                    await (self._plan(what) if isinstance(what, Work) else self._ask(what))
                except (Unexpected, NotAnswered, CannotWork) as reason:
                    raise StepFailed(f"{self._place(what)}: {reason}") from reason
            await self._settle()
        await self._move(until)

    async def _move(self, moment: datetime) -> None:
        """Move the clock where it does not show that moment, and let happen what is due at it."""
        if moment > self._time():
            self._time.advance(moment)
            await self._tell_moved()
            await self._settle()

    async def _tell_moved(self) -> None:
        events = {service: frame.store.head for service, frame in self._stage.frames.items()}
        await self._watcher.moved(self._time(), events)

    async def _ask(self, request: Request) -> None:
        response = await self._desk.send(request)
        if not response.is_success:
            self._refused.append(Refused(self._time(), str(request.expect), request))
        await self._watcher.asked(request, response.status_code, self._time())

    async def _settle(self) -> None:
        await self._rest.reached(self._told(self._time()))
        self._desk.rested()

    async def _import(self) -> ImportSummary:
        actor = self._form.actor(self._form.imported_by)
        transport = Settled(self._stage.transport, self._settle, self._patience)
        async with httpx.AsyncClient(transport=transport, base_url=BASE, timeout=None) as client:
            return await import_dossier(self._scenario.dossier, client, self._desk.token(actor))

    async def _plan(self, work: Work) -> None:
        """Put down the requests that carry the tasks through, from what is known of them now."""
        rows: list[Mapping[str, Any]] = []
        for plan in work.form.plans:
            rows += (await self._read(work, f"/tasks/plans/{plan}"))["tasks"]
        rows += [await self._read(work, f"/tasks/tasks/{task}") for task in work.form.tasks]
        rows = chosen(work.form, rows)
        calendar = await self._calendar(work, rows[0]["calendar"])
        for moment, request in planned(work, rows, calendar, self._form, self._time()):
            self._agenda.put(moment, request)
        await self._watcher.planned(work, self._time())

    async def _calendar(self, work: Work, name: str) -> WorkingCalendar:
        if name not in self._calendars:
            row = await self._read(work, f"/tasks/calendars/{name}")
            self._calendars[name] = WorkingCalendar.model_validate(row)
        return self._calendars[name]

    async def _read(self, work: Work, path: str) -> dict[str, Any]:
        response = await self._desk.read(path, work.office)
        if not response.is_success:
            raise Unexpected(Request(work.step, work.office, "GET", path, None, ""), response)
        row: dict[str, Any] = response.json()
        return row

    async def _overview(self, decree: str) -> dict[str, Any]:
        views: dict[str, Any] = {}
        for service in self._stage.frames:
            response = await self._desk.read(f"/{service}/overview", self._form.actor(self._form.imported_by))
            response.raise_for_status()
            views |= response.json()["decrees"].get(decree, {})
        return views

    def _place(self, what: Request | Work) -> str:
        """Name a step of the scenario: its line, its number, and the moment by the scenario's clocks."""
        return f"{self._scenario.step(what.step)}, at {self._told(self._time())} ({self._form.zone})"

    def _told(self, moment: datetime) -> str:
        return moment.astimezone(ZoneInfo(self._form.zone)).strftime("%Y-%m-%d %H:%M")


def next_moment(agenda: Agenda, time: VirtualTime) -> datetime | None:
    """When the next thing happens: a step of the scenario, or what a service waits for, whichever is earlier.

    None where neither is left.
    """
    moments = [moment for moment in (agenda.next_moment, time.next_awaited) if moment is not None]
    return max(min(moments), time()).astimezone(UTC) if moments else None
