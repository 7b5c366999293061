"""To send a dossier to the services, in the order in which each can take it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from pydantic_core import from_json, to_json

from shared.dossier.folder import read_folder
from shared.dossier.form import Dossier

TRAVEL_SECONDS = 30.0
"""How long departments may take from the registry to `tasks` before the import gives up."""

PAUSE_SECONDS = 0.1
_KNOWN_LATER = {"unknown-department"}
_LATER_SENT = ("calendar-not-declared", "label-taken")
_GIVEN_ANEW = {"version", "adopted_at", "declared_at", "name", "template"}
"""What a version tells of itself beside its content: it is given anew wherever that is declared."""


class ImportFailed(Exception):
    """A service refused a part of the dossier; what came before it is stored, and may be sent again."""

    def __init__(self, path: str, problem: Mapping[str, Any]) -> None:
        self.path = path
        self.problem = dict(problem)
        super().__init__(f"{path}: {problem.get('detail') or problem.get('title') or problem}")


@dataclass(frozen=True)
class ImportSummary:
    """What became of an import.

    `created` and `known` count, by kind, what was new and what was there before; `measures` counts
    them by state, and `not_ordered` tells of those that conflicts keep from being ordered which rule
    does. `declared` names the calendars and the procedures, `kept` those of them whose label `tasks`
    already has a version for: that version stays as it is. `unplanned` names, by what they are, the
    obligations and measures of which no task and no plan comes, and the procedures that are not adopted, or
    of which that is not known, `postings_kept` the people of whom the dossier says another posting than
    stands, `signing_kept` the departments that sign for what it says, but not since the day of which it says
    so.
    """

    decree: str
    created: dict[str, int]
    known: dict[str, int]
    measures: dict[str, int]
    declared: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    not_ordered: dict[str, str] = field(default_factory=dict)
    unplanned: dict[str, list[str]] = field(default_factory=dict)
    postings_kept: tuple[dict[str, Any], ...] = ()
    signing_kept: tuple[dict[str, Any], ...] = ()


async def import_dossier(
    path: Path, client: httpx.AsyncClient, token: str, effective_at: str | None = None
) -> ImportSummary:
    """Import a dossier through `client`, whose base URL has the services under their names.

    Procedures are tried first: `tasks` names what is wrong with them before anything is stored. Then go
    the departments, since `tasks` must know them before it takes a procedure; calendars and
    procedures next, since the measures that the decree orders are planned by them; the rest last.
    Sending the same dossier again changes nothing. The registry takes its parts as of `effective_at`
    (a date, or a moment of RFC 3339), where that is said, and otherwise as of the decree's own days.

    Raises:
        DossierRefused: the files have problems; nothing was sent.
        ImportFailed: a service refused a part.
        httpx.HTTPError: a service does not answer.
    """
    folder = await asyncio.to_thread(read_folder, path)
    sender = _Sender(client, token)
    for procedure in folder.procedures:
        await sender.attempt(*_declaration("templates", procedure, "template"))
    departments = await sender.departments(folder.dossier, effective_at)
    taken: dict[str, bool] = {}
    for kind, content, key in (
        *(("calendars", calendar, "name") for calendar in (folder.calendar, *folder.host_calendars)),
        *(("templates", procedure, "template") for procedure in folder.procedures),
    ):
        if content is not None:
            taken[content[key]] = await sender.declare(*_declaration(kind, content, key))
    answer = await sender.post("/registry/imports", folder.dossier, effective_at)
    return ImportSummary(
        decree=answer["decree"],
        created=_with_departments(answer["created"], departments["created"]),
        known=_with_departments(answer["known"], departments["known"]),
        measures=answer["measures"],
        declared=tuple(key for key, new in taken.items() if new),
        kept=tuple(key for key, new in taken.items() if not new),
        not_ordered={row["measure"]: row["reason"] for row in answer["not_ordered"]},
        unplanned={what: ids for what, ids in answer["unplanned"].items() if ids},
        postings_kept=tuple(answer.get("kept", ())),
        signing_kept=tuple(answer.get("signing_kept", ())),
    )


def _declaration(kind: str, content: Mapping[str, Any], key: str) -> tuple[str, dict[str, Any]]:
    """Return the path at which a part is declared, and the part without the key that is in the path."""
    return f"/tasks/{kind}/{content[key]}", {name: value for name, value in content.items() if name != key}


def _with_departments(later: dict[str, int], first: dict[str, int]) -> dict[str, int]:
    """Count departments as they were the first time: the second sending knows them all."""
    return {kind: count for kind, count in later.items() if kind != "department"} | first


def saying(effective_at: str | None) -> dict[str, str]:
    """Return the header that says of which moment a request is, where that is said."""
    return {} if effective_at is None else {"Tanfidh-Effective-At": effective_at}


class _Sender:
    def __init__(self, client: httpx.AsyncClient, token: str) -> None:
        self._client = client
        self._token = token

    async def post(self, path: str, content: Any, effective_at: str | None) -> dict[str, Any]:
        """Send once; the key follows from the content, so that sending again is the same command."""
        response = await self._send(path, content, effective_at)
        if response.is_success:
            answer: dict[str, Any] = response.json()
            return answer
        raise ImportFailed(path.partition("?")[0], _problem(response))

    async def departments(self, dossier: Dossier, effective_at: str | None) -> dict[str, Any]:
        """Send departments as what the decree finds; as of now where its day is to come by the registry."""
        path, found_on = "/registry/imports/departments", dossier.decree.announced_on
        try:
            return await self.post(f"{path}?found_on={found_on}", dossier.departments, effective_at)
        except ImportFailed as refused:
            if not _says(refused.problem, "effective-ahead"):
                raise
        return await self.post(path, dossier.departments, effective_at)

    async def attempt(self, path: str, content: Any) -> None:
        """Send what may be refused for want of what is sent after it; any other refusal is final."""
        response = await self._send(path, content)
        problem = {} if response.is_success else _problem(response)
        if problem and not _says(problem, *_LATER_SENT) and not _waits_for_departments(problem):
            raise ImportFailed(path, _without_known_later(problem))

    async def declare(self, path: str, content: Any) -> bool:
        """Send what `tasks` takes once it knows the departments, which reach it by events.

        Returns whether it is the version in force: False where its label is that of another content.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + TRAVEL_SECONDS
        while True:
            response = await self._send(path, content)
            problem = {} if response.is_success else _problem(response)
            if response.is_success:
                return True
            if _says(problem, "label-taken"):
                return await self._stands(path, content)
            if not _waits_for_departments(problem) or loop.time() > until:
                raise ImportFailed(path, problem)
            await asyncio.sleep(PAUSE_SECONDS)

    async def _stands(self, path: str, content: Any) -> bool:
        """Whether the version in force is of that very content, as one that was exported is."""
        headers = {"Authorization": f"Bearer {self._token}"}
        response = await self._client.get(path, headers=headers)
        if not response.is_success:
            return False
        return _content(response.json()) == _content(from_json(to_json(content)))

    async def _send(self, path: str, content: Any, effective_at: str | None = None) -> httpx.Response:
        body, said = to_json(content), saying(effective_at)
        key = sha256(path.encode() + body + "".join(said.values()).encode())
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": f"import-{key.hexdigest()}",
            **said,
        }
        return await self._client.post(path, content=body, headers=headers)


def _content(version: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in version.items() if name not in _GIVEN_ANEW}


def _problem(response: httpx.Response) -> dict[str, Any]:
    try:
        content = response.json()
    except ValueError:
        content = None
    if isinstance(content, dict):
        return content
    return {"title": f"HTTP {response.status_code}", "status": response.status_code}


def _says(problem: Mapping[str, Any], *slugs: str) -> bool:
    return str(problem.get("type", "")).rpartition("/")[2] in slugs


def _without_known_later(problem: Mapping[str, Any]) -> Mapping[str, Any]:
    """Leave out flaws that sending the departments mends: the dossier has every one that it names.

    A circle comes first, since other flaws of the order follow from it.
    """
    flaws = problem.get("flaws")
    if not _says(problem, "template-flawed") or not isinstance(flaws, list):
        return problem
    left = sorted(
        (flaw for flaw in flaws if flaw.get("code") not in _KNOWN_LATER),
        key=lambda flaw: flaw.get("code") != "cycle",
    )
    told = "; ".join(f"{flaw.get('where')}: {flaw.get('en')}" for flaw in left)
    return {**problem, "flaws": left, "count": len(left), "detail": f"{len(left)} flaw(s): {told}"}


def _waits_for_departments(problem: Mapping[str, Any]) -> bool:
    flaws = problem.get("flaws")
    if not _says(problem, "template-flawed") or not isinstance(flaws, list):
        return False
    return all(flaw.get("code") in _KNOWN_LATER for flaw in flaws)
