"""The main job from end to end, as people do it: a started product, real tokens, HTTP, a subscriber."""

import hashlib
from collections import Counter
from datetime import date, timedelta
from typing import Any

import asyncpg
import nats
import orjson
import pytest
import yaml

from tests.product import DECREE, EXAMPLE, PLANNED, SERVICES, Person, Product, eventually, tanfidh

T = date(2025, 12, 28)


@pytest.fixture(scope="module")
def procedure() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((EXAMPLE / "closing-procedure.yaml").read_text(encoding="utf-8"))
    return read


def works(day: date) -> bool:
    """Whether Libya works on a day, by the dossier's own calendar."""
    calendar = yaml.safe_load((EXAMPLE / "calendar-ly-2025.yaml").read_text(encoding="utf-8"))
    off = {holiday["day"] for holiday in calendar["holidays"]}
    return day.strftime("%A").lower() not in calendar["weekend"] and day not in off


def due_on(window: str) -> date:
    """The last day of a window, rolled back to a working day."""
    day = T + timedelta(days=int(window.rsplit("..", 1)[-1]))
    while not works(day):
        day -= timedelta(days=1)
    return day


def document(task: str, name: str) -> dict[str, str]:
    digest = hashlib.sha256(task.encode()).hexdigest()
    return {"document": name, "sha256": digest, "letter_number": f"L-{task[-3:]}"}


def unmet(person: Person, mission: str) -> dict[int, list[str]]:
    """The conditions for which a closing is refused, and what each lacks."""
    problem = person.refused(f"/registry/missions/{mission}/close", "closing-conditions-unmet")
    return {item["condition"]: [text["en"] for text in item["missing"]] for item in problem["unmet"]}


def in_order(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every task after those that it needs."""
    ordered: list[dict[str, Any]] = []
    done: set[str] = set()
    while len(ordered) < len(tasks):
        ready = [task for task in tasks if task["task"] not in done and set(task["needs"]) <= done]
        assert ready, "the prerequisites run in a circle"
        ordered += ready
        done |= {task["task"] for task in ready}
    return ordered


def carry_out(product: Product, office: Person, plan: str) -> None:
    """Walk all open tasks of a plan: the office assigns and accepts, the lead department does the work."""
    tasks = in_order(office.read(f"/tasks/plans/{plan}")["tasks"])
    departments = {key: product.colleague(key) for key in {task["department"] for task in tasks}}
    for task in (one for one in tasks if one["state"] != "accepted"):
        doer, path = departments[task["department"]], f"/tasks/tasks/{task['task']}"
        office.done(f"{path}/assign", {"assignee": f"{task['department']}-officer"})
        doer.done(f"{path}/start")
        papers = [document(task["task"], task["evidence_named"]["ar"])]
        doer.done(f"{path}/attach", {"evidence": papers})
        doer.done(f"{path}/submit", {})
        for part in task["co_executors"]:
            product.colleague(part).done(f"{path}/part", {"done": True})
        assert office.done(f"{path}/accept")["state"] == "accepted"


def send_away(product: Product, staff: str, authority: str, outcome: str, **body: Any) -> None:
    competent = product.colleague(authority)
    competent.done(f"/registry/staff/{staff}/{outcome}", {"by": authority, "reference": "D-1", **body})


def all_conditions(person: Person, mission: str) -> list[int]:
    evidenced: list[int] = person.read(f"/registry/missions/{mission}")["evidenced"]
    return evidenced


# --- 1: what is there after the start -------------------------------------------------------------


def test_the_example_is_imported_once_with_what_is_known_and_what_is_not(office: Person) -> None:
    measures = office.every("/registry/measures", decree=DECREE)
    rows = {measure["row"]: measure for measure in measures}
    assert Counter(measure["state"] for measure in measures) == {"ordered": 19, "blocked": 6}
    assert {measure["measure_kind"] for measure in measures} == {"merge"}
    assert (rows[1]["mission"], rows[1]["receiver"], rows[1]["feasibility"]) == (
        "emb-va",
        "emb-it",
        "doubtful",
    )
    assert (rows[19]["mission"], rows[19]["confidence"]) == ("emb-vn", "likely")
    assert (rows[20]["mission"], rows[20]["receiver"], rows[20]["blocked_by"]) == (
        "emb-bf",
        None,
        "receiver-unknown",
    )
    for number in range(21, 26):
        told = rows[number]
        assert (told["mission"], told["receiver"], told["confidence"]) == (None, None, "unknown")
        assert told["blocked_by"] == "mission-unknown" and told["explanation"]["ar"]
    ordered = {measure["mission"] for measure in measures if measure["state"] == "ordered"}
    closing = {mission["id"] for mission in office.every("/registry/missions", state="closing")}
    assert closing == ordered
    staff = office.every("/registry/staff")
    assert {person["state"] for person in staff} == {"posted"} and len(staff) == 64
    assert {person["provenance"] for person in staff} == {"fictitious"}
    article = office.read(f"/registry/decrees/{DECREE}")["articles"]
    assert [part["article"] for part in article] == ["1", "2", "3"]


def test_status_has_exactly_the_shape_that_was_promised(product: Product, office: Person) -> None:
    found = product.status()
    assert found.keys() == {"decrees", "engines", "services"}
    assert found["decrees"].keys() == {DECREE}
    assert found["decrees"][DECREE] == {
        "measures": {"listed": 0, "blocked": 6, "ordered": 19, "executed": 0},
        "missions": {"open": 1, "closing": 19, "closed": 0},
        "tasks": {
            "planned": PLANNED,
            **dict.fromkeys(("assigned", "in-progress", "submitted", "accepted", "returned", "cancelled"), 0),
        },
    }
    assert found["engines"]["database"].startswith("postgresql://")
    assert found["engines"]["nats"].startswith("nats://")
    assert found["services"].keys() == set(SERVICES)
    for service in SERVICES:
        assert found["services"][service].keys() == {"position", "published"}


def test_tasks_has_a_plan_for_each_ordered_measure_and_the_report_at_the_decree(
    office: Person, procedure: dict[str, Any]
) -> None:
    plans = office.every("/tasks/plans", decree=DECREE)
    assert {plan["states"]["planned"] for plan in plans} == {39} and len(plans) == 19
    assert all(plan["official_on"] is None and len(plan["conditions"]) == 12 for plan in plans)
    report = office.read(f"/tasks/tasks/{DECREE}-t40")
    assert (report["plan"], report["article"], report["due_on"]) == (None, "3", "2025-05-29")
    plan = office.read(f"/tasks/plans/{DECREE}-a2-r02")
    by_number = {task["number"]: task for task in plan["tasks"]}
    for step in procedure["tasks"]:
        task = by_number[step["number"]]
        assert (task["department"], task["co_executors"]) == (step["lead"], step.get("co_executors", []))
        assert task["due_on"] is None


def test_each_service_tells_how_it_is_and_what_it_offers(product: Product, office: Person) -> None:
    for service, endpoint, event in (
        ("registry", "/missions/{mission}/close", "registry.mission.closed"),
        ("tasks", "/tasks/{task}/accept", "tasks.task.accepted"),
    ):
        described = office.read(f"/{service}/openapi.json")
        assert described["openapi"].startswith("3.1") and "post" in described["paths"][endpoint]
        assert described["servers"] == [{"url": f"/{service}"}]
        published = office.read(f"/{service}/asyncapi.json")
        assert published["asyncapi"] == "3.0.0" and event in published["channels"]
        assert set(office.read(f"/{service}/readyz")["checks"].values()) == {"ok"}
        assert office.read(f"/{service}/livez") == {"status": "ok"}
        metrics = office.get(f"/{service}/metrics").text
        position = office.read(f"/{service}/overview")["position"]
        assert f"tanfidh_log_position {position}.0" in metrics
    assert any("tanfidh token" in line for line in product.said)
    log = (product.data / "services.log").read_text(encoding="utf-8").splitlines()
    levels = {orjson.loads(line)["level"] for line in log}
    assert levels <= {"info"}, log


# --- 2: one mission from T to closed --------------------------------------------------------------

MISSION, PLAN = "emb-al", f"{DECREE}-a2-r02"


def test_t_gives_the_plan_working_day_deadlines(office: Person, procedure: dict[str, Any]) -> None:
    dates = {"public_on": "2025-11-30", "official_on": T.isoformat()}
    office.done(f"/registry/missions/{MISSION}/dates", dates, "PUT")
    plan = eventually(
        lambda: office.read(f"/tasks/plans/{PLAN}"),
        lambda row: all(task["due_on"] for task in row["tasks"]),
    )
    assert (plan["official_on"], plan["calendar"], plan["calendar_version"]) == (T.isoformat(), "ly", 1)
    assert plan["public_on"] == dates["public_on"]
    windows = {step["number"]: str(step["window"]) for step in procedure["tasks"]}
    assert len(plan["tasks"]) == 39
    for task in plan["tasks"]:
        assert task["due_on"] == due_on(windows[task["number"]]).isoformat(), task["task"]
        deadline = task["deadline"]
        assert (deadline["calendar"], deadline["calendar_version"]) == ("ly", 1)
        assert (deadline["roll"], deadline["anchored_on"]) == ("back", T.isoformat())


def test_work_is_done_in_order_and_judged_by_somebody_else(product: Product, office: Person) -> None:
    first, later = f"/tasks/tasks/{PLAN}-t01", f"/tasks/tasks/{PLAN}-t02"
    lawyer = product.who("department", "lawyer-1", "legal")
    assert lawyer.refused(f"{first}/start", "task-state")["status"] == 409
    office.done(f"{first}/assign", {"assignee": "lawyer-1"})
    office.done(f"{later}/assign", {})
    assert office.refused(f"{later}/start", "prerequisites-open")["open"] == {f"{PLAN}-t01": "assigned"}
    stranger = product.colleague("media")
    assert stranger.refused(f"{first}/start", "not-permitted")["status"] == 403
    lawyer.done(f"{first}/start")
    lawyer.done(f"{first}/submit", {})
    assert office.refused(f"{first}/accept", "evidence-missing")["status"] == 409
    lawyer.done(f"{first}/attach", {"evidence": [document(f"{PLAN}-t01", "Draft")]})
    missing = office.refused(f"{first}/accept", "evidence-missing")
    assert "Clearance letter" in missing["detail"]
    assert lawyer.refused(f"{first}/accept", "not-permitted")["status"] == 403
    returned = office.done(f"{first}/return", {"reason": "The letter bears no date."})
    assert returned["state"] == "returned"
    lawyer.done(f"{first}/start")
    lawyer.done(f"{first}/submit", {"evidence": [document("dated", "Clearance letter")]})
    alone = office.refused(f"{first}/accept", "parts-missing")
    assert alone["missing"] == ["finance", "inspection"]
    assert office.done(f"{first}/accept", {"waiver": "Not waited for"})["state"] == "accepted"
    told = [entry["type"] for entry in office.read(f"/tasks/streams/task/{PLAN}-t01")["items"]]
    assert [type.removeprefix("tasks.task.") for type in told] == [
        "planned",
        "assigned",
        "started",
        "submitted",
        "evidence-attached",
        "returned",
        "started",
        "submitted",
        "accepted",
    ]
    eventually(lambda: all_conditions(office, MISSION), lambda found: found == [1])


def test_a_mission_closes_when_its_conditions_hold_and_not_before(product: Product, office: Person) -> None:
    assert unmet(office, MISSION).keys() == set(range(2, 13))
    carry_out(product, office, PLAN)
    done = eventually(lambda: office.read(f"/tasks/plans/{PLAN}"), lambda row: row["completed"])
    assert (done["states"], done["checklist_completed"]) == ({"accepted": 39}, True)
    eventually(lambda: all_conditions(office, MISSION), lambda found: found == list(range(1, 13)))
    assert len(unmet(office, MISSION)[5]) == 3
    sign(product, MISSION)
    settle_staff(product, office)
    plan = eventually(lambda: office.read(f"/tasks/plans/{PLAN}"), lambda row: len(row["staff"]) == 3)
    assert plan["staff"] == {
        "p-727595cf5b": {"outcome": "reassigned", "to_mission": "emb-it"},
        "p-df03fd4a47": {"outcome": "recalled", "to_mission": None},
        "p-92e532c0b0": {"outcome": "separated", "to_mission": None},
    }
    close_it(office)


def settle_staff(product: Product, office: Person) -> None:
    """Every person of the mission gets one outcome, by the authority that is competent."""
    head = "/registry/staff/p-727595cf5b/reassign"
    cabinet = product.colleague("cabinet")
    cabinet.refused(head, "authority-not-competent", {"by": "cabinet", "mission": "emb-it"})
    council = product.colleague("presidential-council")
    closing = {"by": "presidential-council", "mission": "emb-va"}
    council.refused(head, "no-posting-to-closing-mission", closing)
    send_away(product, "p-727595cf5b", "presidential-council", "reassign", mission="emb-it")
    send_away(product, "p-df03fd4a47", "cabinet", "recall")
    assert unmet(office, MISSION) == {
        5: ["p-92e532c0b0 (local-employee) is still posted there; mission decides."]
    }
    send_away(product, "p-92e532c0b0", "mission", "separate")
    again = {"by": "mission", "reference": "D-1"}
    product.colleague("mission").refused("/registry/staff/p-92e532c0b0/recall", "not-posted", again)


def sign(product: Product, mission: str) -> None:
    """Three people sign the closing minutes; the same one does not sign twice."""
    minutes = f"/registry/missions/{mission}/handover/signatures"
    outgoing = product.who("head-of-mission", f"{mission}-head", mission=mission)
    outgoing.done(minutes, {"signatory": "outgoing", "reference": "M-38"})
    twice = {"signatory": "receiving", "reference": "M-38"}
    outgoing.refused(minutes, "not-permitted", twice)
    same = product.who("department", f"{mission}-head", "receiving-mission")
    same.refused(minutes, "signed-in-another-capacity", twice)
    product.colleague("receiving-mission").done(minutes, twice)
    inspection = {"signatory": "inspection", "reference": "M-38"}
    product.colleague("inspection").done(minutes, inspection)


def close_it(office: Person) -> None:
    key = "close-emb-al"
    closed = office.command(f"/registry/missions/{MISSION}/close", key=key)
    assert closed.status_code == 200, closed.text
    assert office.refused(f"/registry/missions/{MISSION}/close", "mission-not-closing")["state"] == "closed"
    repeated = office.command(f"/registry/missions/{MISSION}/close", key=key)
    assert (repeated.status_code, repeated.content) == (200, closed.content)
    assert repeated.headers["idempotency-replayed"] == "true"
    posting = {"mission": MISSION, "category": "diplomat", "authority": "cabinet"}
    refusal = office.refused("/registry/staff/p-0000000001/post", "no-posting-to-closing-mission", posting)
    assert refusal["state"] == "closed"
    mission = eventually(
        lambda: office.read(f"/registry/missions/{MISSION}"), lambda row: row["state"] == "closed"
    )
    assert (mission["staff"], mission["official_on"]) == ([], T.isoformat())
    assert office.read(f"/registry/measures/{PLAN}")["state"] == "executed"
    receiver = office.read("/registry/missions/emb-it")
    assert (receiver["absorbed"], receiver["receives"]) == (["emb-al"], ["emb-va"])
    assert "p-727595cf5b" in receiver["staff"]
    moved = office.read("/registry/staff/p-727595cf5b")
    assert (moved["mission"], [end["outcome"] for end in moved["outcomes"]]) == ("emb-it", ["reassigned"])
    # What the closing did stands side by side in the log: one command, one transaction.
    ended = office.read(f"/registry/streams/mission/{MISSION}")["items"][-1]
    executed = office.read(f"/registry/streams/measure/{PLAN}")["items"][-1]
    assert (ended["type"], executed["type"]) == ("registry.mission.closed", "registry.measure.executed")
    assert 0 < executed["position"] - ended["position"] <= 3
    assert executed["recorded_at"] == ended["recorded_at"]


# --- 3: a hold ------------------------------------------------------------------------------------


def test_a_hold_stops_a_closing_until_the_controller_lifts_it(product: Product, office: Person) -> None:
    mission, plan = "emb-pa", f"{DECREE}-a2-r03"
    dates = {"public_on": "2025-12-01", "official_on": T.isoformat()}
    office.done(f"/registry/missions/{mission}/dates", dates, "PUT")
    eventually(lambda: office.read(f"/tasks/plans/{plan}"), lambda row: row["official_on"] is not None)
    carry_out(product, office, plan)
    send_away(product, "p-16020e733c", "presidential-council", "recall")
    send_away(product, "p-3b16afb5a1", "cabinet", "recall")
    eventually(lambda: all_conditions(office, mission), lambda found: found == list(range(1, 13)))
    sign(product, mission)
    hold = {
        "hold": "h-1",
        "by": "audit-bureau",
        "reason": {"en": "Studies are to be reviewed first.", "ar": "تُراجع الدراسات أولًا."},
        "conditions": [{"key": "studies", "text": {"en": "Studies reviewed", "ar": "روجعت الدراسات"}}],
    }
    holds = f"/registry/decrees/{DECREE}/holds"
    office.refused(holds, "not-permitted", hold)
    controller = product.who("controller", "bureau-1")
    controller.done(holds, hold)
    shown = eventually(lambda: tanfidh("status", data=product.data).stdout, lambda told: "holds" in told)
    assert "h-1 of bureau-1, the whole decree" in shown
    assert "holds" not in product.status()["decrees"][DECREE]
    stranger = product.who("controller", "bureau-2")
    lifting = {"reason": {"en": "Reviewed."}, "met": []}
    assert stranger.refused(f"{holds}/h-1/lift", "held-by-other", lifting)["holder"] == "bureau-1"
    assert unmet(office, mission) == {1: [f"The hold h-1 on {DECREE} is open."]}
    reason = {"en": "Reviewed.", "ar": "روجعت."}
    controller.refused(f"{holds}/h-1/lift", "hold-conditions-open", {"reason": reason})
    met = [{"key": "studies", "evidence": ["L-77"]}]
    controller.done(f"{holds}/h-1/lift", {"reason": reason, "met": met})
    office.done(f"/registry/missions/{mission}/close")


# --- 4: events ------------------------------------------------------------------------------------


async def stored(database: str, service: str) -> list[tuple[int, bytes, bytes]]:
    connection = await asyncpg.connect(database)
    try:
        rows = await connection.fetch(f"SELECT position, data, meta FROM {service}.events ORDER BY position")
        return [(row["position"], row["data"], row["meta"]) for row in rows]
    finally:
        await connection.close()


async def streamed(url: str, service: str, count: int) -> list[Any]:
    """The first `count` messages of a service's stream, as a subscriber of another system gets them."""
    client = await nats.connect(url)
    try:
        subscription = await client.jetstream().subscribe(
            f"evt.{service}.>", stream=f"EVT_{service.upper()}", ordered_consumer=True
        )
        return [await subscription.next_msg(timeout=30) for _ in range(count)]
    finally:
        await client.close()


async def test_subscribers_get_what_the_stores_hold_byte_for_byte(product: Product, office: Person) -> None:
    status = eventually(
        product.status,
        lambda told: all(s["position"] == s["published"] for s in told["services"].values()),
    )
    closings, logs, speaking = [], set(), 0
    for service in SERVICES:
        position = status["services"][service]["position"]
        rows = (await stored(status["engines"]["database"], service))[:position]
        assert [place for place, _, _ in rows] == list(range(1, position + 1))
        messages = await streamed(status["engines"]["nats"], service, len(rows))
        got = [
            (int(one.headers["tf-position"]), one.data, one.headers["tf-meta"].encode()) for one in messages
        ]
        assert got == rows
        speaking += bool(rows)
        logs |= {one.headers["tf-log"] for one in messages}
        closings += [one for one in messages if one.subject == f"evt.registry.mission.{MISSION}.closed"]
    (closing,) = closings
    meta = orjson.loads(closing.headers["tf-meta"])
    assert closing.headers["ce-specversion"] == "1.0"
    assert closing.headers["ce-type"] == "tanfidh.registry.mission.closed.v1"
    assert closing.headers["ce-subject"] == f"mission.{MISSION}"
    assert (closing.headers["ce-id"], closing.headers["ce-time"]) == (meta["id"], meta["recorded_at"])
    assert len(logs) == speaking and closing.headers["tf-log"] in logs
    told = orjson.loads(closing.data)
    assert (told["measure"], told["successor"], told["official_on"]) == (PLAN, "emb-it", T.isoformat())
    assert told["accreditations"] == ["AL"]
