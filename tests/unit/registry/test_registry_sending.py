import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.cli.importing import describe
from shared.dossier import DossierRefused, ImportFailed, import_dossier, sending

EXAMPLE = Path(__file__).parents[3] / "examples" / "decree-298-2025"
REGISTERED = {"created": {"department": 24}, "known": {}}
IMPORTED = {
    "decree": "298-2025",
    "created": {"decree": 1},
    "known": {"department": 24},
    "measures": {"ordered": 18, "blocked": 6, "listed": 1},
    "not_ordered": [{"measure": "298-2025-a2-r03", "state": "listed", "reason": "mission-not-open"}],
    "unplanned": {"obligations": ["report"], "measures": []},
}
Answering = Callable[[httpx.Request], httpx.Response | None]


class Services:
    """Both services, which take everything but what `otherwise` answers."""

    def __init__(self, otherwise: Answering = lambda request: None) -> None:
        self.otherwise = otherwise
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if (answer := self.otherwise(request)) is not None:
            return answer
        bodies: dict[str, Any] = {"/registry/imports/departments": REGISTERED, "/registry/imports": IMPORTED}
        return httpx.Response(200, json=bodies.get(request.url.path, {}))

    @property
    def paths(self) -> list[str]:
        return [request.url.path for request in self.requests]

    async def take(self, path: Path = EXAMPLE, effective_at: str | None = None) -> sending.ImportSummary:
        transport = httpx.MockTransport(self)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            return await import_dossier(path, client, "token", effective_at)


def problem(slug: str, status: int, **members: Any) -> httpx.Response:
    content = {"type": f"https://tanfidh.org/problems/{slug}", "detail": slug, **members}
    return httpx.Response(status, json=content)


async def test_departments_are_sent_as_what_the_decree_found() -> None:
    services = Services()
    await services.take()
    departments = services.requests[1]
    assert dict(departments.url.params) == {"found_on": "2025-04-30"}
    assert not [one for one in services.requests if "tanfidh-effective-at" in one.headers]


async def test_departments_of_a_decree_that_is_to_come_are_of_the_import() -> None:
    def ahead(request: httpx.Request) -> httpx.Response | None:
        return problem("effective-ahead", 422) if "found_on" in request.url.params else None

    services = Services(ahead)
    summary = await services.take()
    assert services.paths[1:3] == ["/registry/imports/departments"] * 2
    assert not services.requests[2].url.params and summary.created["department"] == 24


async def test_departments_that_are_refused_otherwise_are_not_sent_again() -> None:
    services = Services(lambda one: problem("not-permitted", 403) if "found_on" in one.url.params else None)
    with pytest.raises(ImportFailed):
        await services.take()
    assert services.paths[1:] == ["/registry/imports/departments"]


async def test_what_departments_sign_for_since_too_late_a_day_is_told() -> None:
    late = {
        "path": "departments.15.signs",
        "department": "inspection",
        "signs": ["inspection"],
        "since": "2025-09-01T00:00:00.000000Z",
        "says_since": "2025-04-30T00:00:00.000000Z",
    }

    def answer(request: httpx.Request) -> httpx.Response | None:
        is_last = request.url.path == "/registry/imports"
        return httpx.Response(200, json=IMPORTED | {"signing_kept": [late]}) if is_last else None

    summary = await Services(answer).take()
    assert summary.signing_kept == (late,)
    assert describe(summary).endswith(
        "departments.15.signs: inspection signs for inspection since 2025-09-01T00:00:00.000000Z only, "
        "and not since 2025-04-30T00:00:00.000000Z (PUT /departments/inspection/signs moves it)"
    )


async def test_what_is_said_of_the_import_goes_with_what_the_registry_takes() -> None:
    services = Services()
    await services.take()
    await services.take(effective_at="2025-06-01")
    said = {one.url.path: one.headers.get("tanfidh-effective-at") for one in services.requests[6:]}
    assert said["/registry/imports"] == said["/registry/imports/departments"] == "2025-06-01"
    assert {said[path] for path in said if path.startswith("/tasks/")} == {None}
    keys = [one.headers["idempotency-key"] for one in services.requests if "imports" in one.url.path]
    assert len(set(keys)) == 4


async def test_the_procedure_is_tried_then_departments_go_first_and_the_decree_last() -> None:
    services = Services()
    summary = await services.take()
    assert services.paths == [
        "/tasks/templates/closing",
        "/registry/imports/departments",
        "/tasks/calendars/ly",
        "/tasks/calendars/na",
        "/tasks/templates/closing",
        "/registry/imports",
    ]
    assert summary == sending.ImportSummary(
        decree="298-2025",
        created={"decree": 1, "department": 24},
        known={},
        measures={"ordered": 18, "blocked": 6, "listed": 1},
        declared=("ly", "na", "closing"),
        not_ordered={"298-2025-a2-r03": "mission-not-open"},
        unplanned={"obligations": ["report"]},
    )


def test_a_row_that_could_not_be_ordered_is_told_with_its_reason() -> None:
    summary = sending.ImportSummary(
        "298-2025", {}, {}, {"listed": 1}, not_ordered={"r03": "mission-not-open"}
    )
    assert describe(summary) == (
        "298-2025: new are none; measures: 1 listed; not ordered: r03 (mission-not-open)"
    )


async def test_keys_of_files_go_into_paths_and_the_procedure_into_the_decree() -> None:
    services = Services()
    await services.take()
    sent = [json.loads(request.content) for request in services.requests]
    tried, _, calendar, of_host, template, dossier = sent
    assert tried == template and (of_host["country"], calendar["country"]) == ("NA", "LY")
    assert "name" not in calendar and calendar["covers_from"] == "2025-01-01"
    assert "template" not in template and len(template["tasks"]) == 39
    assert dossier["procedure"] == "closing"
    assert dossier["decree"]["articles"][1]["rows"][20]["mission"] is None


async def test_the_same_content_is_sent_under_the_same_key() -> None:
    first, second = Services(), Services()
    await first.take()
    await second.take()
    keys = [request.headers["idempotency-key"] for request in first.requests]
    assert keys == [request.headers["idempotency-key"] for request in second.requests]
    assert len(set(keys)) == 5
    assert all(request.headers["authorization"] == "Bearer token" for request in first.requests)


def until_departments_arrive(times: int) -> Answering:
    left = times

    def answer(request: httpx.Request) -> httpx.Response | None:
        nonlocal left
        if "templates" not in request.url.path or not left:
            return None
        left -= 1
        return problem(
            "template-flawed", 422, flaws=[{"code": "unknown-department", "where": "task 1, lead"}]
        )

    return answer


async def test_the_procedure_waits_until_tasks_knows_the_departments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSE_SECONDS", 0.0)
    services = Services(until_departments_arrive(3))
    await services.take()
    assert services.paths.count("/tasks/templates/closing") == 4
    assert services.paths[-1] == "/registry/imports"


async def test_departments_that_never_arrive_end_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(sending, "TRAVEL_SECONDS", 0.0)
    services = Services(until_departments_arrive(1_000_000))
    with pytest.raises(ImportFailed, match="/tasks/templates/closing"):
        await services.take()
    assert "/registry/imports" not in services.paths


async def test_a_procedure_that_waits_for_its_calendar_is_sent_again() -> None:
    answers = [problem("calendar-not-declared", 409)]
    services = Services(
        lambda request: answers.pop() if "templates" in request.url.path and answers else None
    )
    summary = await services.take()
    assert services.paths.count("/tasks/templates/closing") == 2
    assert summary.declared == ("ly", "na", "closing")


async def test_another_flaw_ends_the_import_before_anything_is_stored_and_a_circle_is_told_first() -> None:
    unknown = {"code": "unknown-department", "where": "task 1, lead", "en": "there is no department legal"}
    late = {"code": "late", "where": "task 2, window", "en": "it ends before what it needs"}
    circle = {"code": "cycle", "where": "task 2, needs", "en": "the needs run in a circle: 2 → 5 → 2"}
    flaws = [unknown, late, unknown, circle]
    services = Services(
        lambda request: (
            problem("template-flawed", 422, flaws=flaws) if "templates" in request.url.path else None
        )
    )
    with pytest.raises(ImportFailed) as failed:
        await services.take()
    assert (failed.value.problem["flaws"], failed.value.problem["count"]) == ([circle, late], 2)
    assert str(failed.value) == (
        "/tasks/templates/closing: 2 flaw(s): task 2, needs: the needs run in a circle: 2 → 5 → 2; "
        "task 2, window: it ends before what it needs"
    )
    assert services.paths == ["/tasks/templates/closing"]


async def test_a_label_that_is_taken_is_told_as_kept() -> None:
    services = Services(
        lambda request: problem("label-taken", 409) if "calendars" in request.url.path else None
    )
    summary = await services.take()
    assert (summary.declared, summary.kept) == (("closing",), ("ly", "na"))


async def test_what_stands_under_a_taken_label_as_it_is_sent_is_not_told_as_kept() -> None:
    sent: dict[str, Any] = {}

    def stands(request: httpx.Request) -> httpx.Response | None:
        path = request.url.path
        if "calendars" not in path:
            return None
        if request.method != "GET":
            sent[path] = json.loads(request.content)
            return problem("label-taken", 409)
        beside = {"name": path.rpartition("/")[2], "version": 3, "declared_at": "2025-05-05T10:00:00Z"}
        other = {"label": "other"} if path.endswith("/na") else {}
        return httpx.Response(200, json=sent[path] | beside | other)

    summary = await Services(stands).take()
    assert (summary.declared, summary.kept) == (("ly", "closing"), ("na",))


@pytest.mark.parametrize(
    "path", ["/registry/imports/departments", "/tasks/calendars/ly", "/registry/imports"]
)
async def test_a_refusal_ends_the_import_and_tells_where(path: str) -> None:
    services = Services(lambda request: httpx.Response(403, text="no") if request.url.path == path else None)
    with pytest.raises(ImportFailed, match="HTTP 403") as failed:
        await services.take()
    assert failed.value.path == path
    assert services.paths[-1] == path


async def test_a_dossier_with_problems_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "dossier.yaml").write_text("decree: {}", encoding="utf-8")
    services = Services()
    with pytest.raises(DossierRefused):
        await services.take(tmp_path)
    assert not services.requests


async def test_procedures_for_kinds_of_measures_are_declared_before_the_decree(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLE, tmp_path / "dossier")
    shutil.copy(EXAMPLE.parent / "procedures" / "opening.yaml", folder)
    main = folder / "dossier.yaml"
    main.write_text(main.read_text("utf-8") + "\nprocedures: {open: opening.yaml}\n", "utf-8")
    services = Services()
    await services.take(folder)
    assert services.paths == [
        "/tasks/templates/closing",
        "/tasks/templates/opening",
        "/registry/imports/departments",
        "/tasks/calendars/ly",
        "/tasks/calendars/na",
        "/tasks/templates/closing",
        "/tasks/templates/opening",
        "/registry/imports",
    ]
    sent = json.loads(services.requests[-1].content)
    assert (sent["procedure"], sent["procedures"]) == ("closing", {"open": "opening"})


def test_what_no_procedure_is_for_is_told_and_many_rows_by_their_number() -> None:
    few = sending.ImportSummary(
        "9-2025", {}, {}, {}, unplanned={"obligations": ["report"], "measures": ["9-2025-a1-r01"]}
    )
    assert describe(few).endswith(
        "; no task or plan will come of: obligation report, measure 9-2025-a1-r01 (no procedure is named)"
    )
    many = sending.ImportSummary("9-2025", {}, {}, {}, unplanned={"measures": [str(n) for n in range(25)]})
    assert "come of: 25 measures (" in describe(many)


def test_a_procedure_that_is_not_adopted_is_told_and_so_is_that_nobody_could_tell() -> None:
    missing = {"measures": ["9-2025-a1-r01"], "not_adopted": ["closng"], "not_known": ["merging"]}
    told = describe(sending.ImportSummary("9-2025", {}, {}, {}, unplanned=missing)).split("; ")
    assert told[-3:] == [
        "no task or plan will come of: measure 9-2025-a1-r01 (no procedure is named, or it is not adopted)",
        "the procedure closng is not adopted: `tasks` parks what asks for it",
        "whether the procedure merging is adopted is not known: `tasks` does not answer",
    ]
