"""A ministry that begins late: what a decree ordered is entered long after, and told as of its days."""

from typing import Any

from tests.integration.asof.conftest import Office
from tests.product import DECREE

MEASURE, MISSION = f"{DECREE}-a2-r01", "emb-va"
BINDS = "2025-04-30T00:00:00.000000Z"
TASK = f"{MEASURE}-t01"
SET_ON, DONE_ON, DUE_ON = "2025-05-06", "2025-06-02", "2025-06-04"


async def events(office: Office, service: str, kind: str, id: str) -> list[dict[str, Any]]:
    answer = await office.get(f"/{service}/streams/{kind}/{id}")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def at(office: Office, path: str, moment: str) -> dict[str, Any]:
    answer = await office.get(f"{path}?effective_at={moment}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def told(office: Office, path: str, body: Any, as_of: str, method: str = "POST", **by: str) -> None:
    """Ask for something as of a day."""
    office.headers["Tanfidh-Effective-At"] = as_of
    try:
        await office.done(path, body, method, **by)
    finally:
        del office.headers["Tanfidh-Effective-At"]


async def test_what_the_decree_orders_is_so_since_it_binds(office: Office) -> None:
    await office.import_example()
    # Then the order, and the closing that it begins, are of the day from which the decree binds,
    measure = {one["type"]: one for one in await events(office, "registry", "measure", MEASURE)}
    mission = {one["type"]: one for one in await events(office, "registry", "mission", MISSION)}
    for event in (measure["registry.measure.ordered"], mission["registry.mission.closing"]):
        assert event["effective_at"] == BINDS < event["recorded_at"]
    # what the decree found is of no later day,
    for event in (mission["registry.mission.registered"], measure["registry.measure.listed"]):
        assert event["effective_at"] == BINDS
    before, since = [
        await at(office, f"/registry/missions/{MISSION}", day) for day in ("2025-04-29", "2025-05-01")
    ]
    assert (before["state"], since["state"]) == (None, "closing")
    # and the plan is of that day, too.
    plan = await events(office, "tasks", "plan", MEASURE)
    assert plan[0]["effective_at"] == BINDS


async def test_dates_and_work_are_told_as_of_their_days_and_misses_say_that_they_were_entered_late(
    office: Office,
) -> None:
    await office.import_example()
    dates = {"public_on": "2025-11-01", "official_on": "2025-12-01"}
    # When dates are told as of a day before the import, as nobody could before,
    await told(office, f"/registry/missions/{MISSION}/dates", dates, SET_ON, "PUT")
    await office.caught_up()
    # then the deadline runs from that day, and what passed since is marked as over when it was set.
    set_at = next(
        one for one in await events(office, "tasks", "deadline", TASK) if one["type"].endswith(".set")
    )
    assert set_at["effective_at"].startswith(SET_ON) and set_at["data"]["runs_from"] == SET_ON
    assert set_at["data"]["already_past"] and set_at["data"]["due_on"] == DUE_ON
    # When the work is told as of days on which it was in time,
    legal = {"role": "department", "department": "legal"}
    paper = {"document": "Clearance letter", "sha256": "0" * 64, "letter_number": "AB/2025/1"}
    path = f"/tasks/tasks/{TASK}"
    await told(office, f"{path}/assign", {"assignee": "lawyer-1"}, SET_ON)
    await told(office, f"{path}/start", None, SET_ON, **legal)
    await told(office, f"{path}/submit", {"evidence": [paper]}, DONE_ON, **legal)
    # then the miss stands for good, with what qualifies it, and tells when each became known.
    await office.caught_up()
    row = (await office.get(f"/tasks/deadlines/{TASK}")).json()
    (miss,) = row["misses"]
    assert (miss["due_on"], miss["already_past"]) == (DUE_ON, True)
    assert [ground["ground"] for ground in miss["qualified"]] == ["submission"]
    qualified = (await events(office, "tasks", "deadline", TASK))[-1]
    assert qualified["type"] == "tasks.deadline.miss-qualified"
    assert qualified["data"]["effective_at"].startswith(DONE_ON)
    assert qualified["data"]["submitted_recorded_at"] > "2026"
    # And no step is of before the order from which the task comes.
    office.headers["Tanfidh-Effective-At"] = "2025-04-29"
    early = await office.command(f"/tasks/tasks/{MEASURE}-t02/assign", {"assignee": "officer-1"})
    assert early.json()["type"].endswith("/step-before-last"), early.text


async def test_nothing_of_the_closing_is_of_before_the_decree(office: Office) -> None:
    await office.import_example()
    dates = {"public_on": "2025-11-01", "official_on": "2025-12-01"}
    office.headers["Tanfidh-Effective-At"] = "2025-04-29"
    refused = await office.command(f"/registry/missions/{MISSION}/dates", dates, "PUT")
    assert refused.status_code == 422, refused.text
    assert refused.json()["type"].endswith("/before-what-it-follows")


async def test_an_amendment_that_is_entered_late_stands_beside_the_misses_of_what_it_took_out(
    office: Office,
) -> None:
    await office.import_example()
    await told(
        office,
        f"/registry/missions/{MISSION}/dates",
        {"public_on": "2025-11-01", "official_on": "2025-12-01"},
        SET_ON,
        "PUT",
    )
    await office.caught_up()
    # When a decree of 1 July that drops the row is entered now, and nothing more is said,
    text = {"en": "Amends", "ar": "تعديل"}
    amending = {
        "number": 410,
        "year": 2025,
        "uri": "/akn/ly/act/decree/2025/410",
        "title": text,
        "issuer": text,
        "announced_on": "2025-06-20",
        "signed_on": "unknown",
        "in_force_on": "2025-07-01",
        "objectives": [],
        "obligations": [],
        "articles": [{"article": "1", "text": text}],
    }
    await office.done("/registry/imports", {"decree": amending})
    await office.done(
        f"/registry/decrees/{DECREE}/amendments",
        {"by": "410-2025", "on": "2025-07-01", "rows_dropped": [MEASURE]},
    )
    await office.caught_up()
    # then every miss of after that day has it beside it, of earlier days none has,
    rows = (await office.get(f"/tasks/deadlines?plan={MEASURE}&missed=true&limit=200")).json()["items"]
    later = {row["task"] for row in rows if row["due_on"] >= "2025-07-01"}
    assert later and len(later) < len(rows)
    assert {row["task"] for row in rows if row["taken_away"]} == later
    for row in rows:
        beside = [ground["ground"] for miss in row["misses"] for ground in miss["qualified"]]
        assert (row["state"], beside) == ("dropped", ["drop"] if row["task"] in later else [])
    # and the deadline was dropped then, in law and in the counts.
    of_october = await at(office, f"/tasks/deadlines/{next(iter(later))}", "2025-10-01")
    assert of_october["state"] == "dropped" and of_october["standing"][-1]["since"].startswith("2025-07-01")
    counts = (await office.get("/tasks/counts/late")).json().values()
    assert sum(one["taken_away"] for one in counts) == len(later)
