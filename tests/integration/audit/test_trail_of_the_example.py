"""The trail of Decree 298 on a started product: order, causes, effects, and what is refused."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import orjson
import pytest

from tests.product import DECREE, SERVICES, Person, Product, eventually, tanfidh

DATES = {"public_on": "2025-12-01", "official_on": "2025-12-28"}
MISSION = "emb-va"
SCHEDULED = "tasks.plan.scheduled"
MISSED = "tasks.deadline.missed"
DEADLINES = 39 + 1
"""Of the mission's plan, and of the decree's report: all in the past, so that each of them is missed."""
NOBODYS = UUID(int=7)
"""The id of no event."""


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    with Product(tmp_path_factory.mktemp("trail") / "data").running() as running:
        yield running


@pytest.fixture(scope="module")
def office(product: Product) -> Person:
    """The follow-up office; dates of a mission are set, and all that comes of it is recorded and filed."""
    office = product.caught_up()
    office.done(f"/registry/missions/{MISSION}/dates", DATES, method="PUT")
    eventually(
        lambda: office.read("/audit/trail", type="tasks.deadline.missed", limit=200)["items"],
        lambda items: len(items) == DEADLINES,
        within=60,
    )
    all_filed(office)
    return office


def all_filed(office: Person) -> dict[str, Any]:
    """Wait until audit has everything, and nothing new was made of it meanwhile."""

    def stand() -> tuple[dict[str, Any], dict[str, int]]:
        filed: dict[str, Any] = office.read("/audit/overview")["filed"]
        return filed, {service: office.read(f"/{service}/overview")["position"] for service in SERVICES}

    filed, _ = eventually(
        stand,
        lambda stands: {service: one["events"] for service, one in stands[0].items()} == stands[1],
    )
    return filed


def moment(entry: dict[str, Any]) -> tuple[str, str, int]:
    return entry["recorded_at"], entry["service"], entry["position"]


def test_everything_is_filed_and_the_overview_counts_it(office: Person) -> None:
    filed = all_filed(office)
    entries = office.every("/audit/trail")

    assert filed.keys() == set(SERVICES)
    assert all(one["behind"] == 0 for one in filed.values())
    assert len(entries) == sum(one["events"] for one in filed.values())
    assert entries == sorted(entries, key=moment)
    places = {entry["id"]: place for place, entry in enumerate(entries)}
    reactions = [entry for entry in entries if entry["causation"]]
    assert reactions and all(places[entry["causation"]] < places[entry["id"]] for entry in reactions)
    assert not any(entry["superseded"] for entry in entries)


def test_filters_narrow_and_both_directions_agree(office: Person) -> None:
    entries = office.every("/audit/trail")
    for query in (
        {"mission": MISSION},
        {"decree": DECREE, "type": "tasks.plan.*"},
        {"service": "registry", "decree": DECREE},
        {"stream": f"mission.{MISSION}"},
        {"type": "registry.measure.ordered"},
        {"department": "legal", "type": "tasks.task.planned"},
        {"department": "hr"},
        {"department": "hr", "type": "tasks.deadline.missed"},
        {"department": "hr", "mission": MISSION},
        {"from": entries[500]["recorded_at"], "to": entries[900]["recorded_at"]},
        {"correlation": entries[700]["correlation"]},
        {"actor": "follow-up-1"},
        {"decree": "1-1999"},
    ):
        expected = [entry for entry in entries if fits(entry, query)]
        assert office.every("/audit/trail", **query) == expected
        assert office.every("/audit/trail", **query, order="desc") == expected[::-1]


def fits(entry: dict[str, Any], query: dict[str, str]) -> bool:
    for name, value in query.items():
        if name == "type":
            good = entry["type"] == value or (value[-1] == "*" and entry["type"].startswith(value[:-1]))
        elif name == "from":
            good = entry["recorded_at"] >= value
        elif name == "to":
            good = entry["recorded_at"] < value
        elif name == "actor":
            good = entry["actor"]["subject"] == value
        elif name == "department":
            beside = entry["data"].get("co_executors", ())
            good = value in (entry["keys"].get(name), entry["actor"].get(name), *beside)
        elif name in ("service", "stream", "correlation"):
            good = entry[name] == value
        else:
            good = entry["keys"].get(name) == value
        if not good:
            return False
    return True


def test_a_timetable_goes_back_to_the_dates_and_to_article_2(office: Person) -> None:
    (scheduled,) = office.read("/audit/trail", mission=MISSION, type=SCHEDULED)["items"]
    told = office.read(f"/audit/trail/events/{scheduled['id']}/causes")

    assert told["event"] == scheduled
    assert told["causes"][-1]["type"] == "registry.mission.dates-set"
    assert told["command"]["actor"]["subject"] == "follow-up-1"
    assert told["unknown_cause"] is None
    ground = told["ground"]
    assert (ground["decree"], ground["article"]["article"]) == (DECREE, "2")
    assert ground["issued"]["type"] == "registry.decree.issued" and ground["issuer"]["ar"]
    assert ground["listed"]["data"]["mission"] == MISSION
    assert (ground["ordered"]["type"], ground["ordered"]["keys"]["measure"]) == (
        "registry.measure.ordered",
        ground["measure"],
    )


def test_the_effects_of_the_dates_reach_every_task_of_the_plan(office: Person) -> None:
    (dates,) = office.read("/audit/trail", mission=MISSION, type="registry.mission.dates-set")["items"]
    told = office.read(f"/audit/trail/events/{dates['id']}/effects")

    tasks = {entry["keys"]["task"] for entry in told["effects"] if "task" in entry["keys"]}
    assert len(tasks) == 39 and told["complete"]
    missed = {entry["keys"]["task"] for entry in told["effects"] if entry["type"] == MISSED}
    assert missed == tasks
    direct = [{**entry, "depth": 1} for entry in office.every("/audit/trail", causation=dates["id"])]
    assert [entry for entry in told["effects"] if entry["depth"] == 1] == direct
    part = office.read(f"/audit/trail/events/{dates['id']}/effects", limit=5)
    assert (part["effects"], part["complete"]) == (told["effects"][:5], False)


def test_a_miss_goes_back_to_the_day_that_was_set_and_to_the_dates(office: Person) -> None:
    missed = office.read("/audit/trail", mission=MISSION, type=MISSED)["items"][0]
    told = office.read(f"/audit/trail/events/{missed['id']}/causes")

    assert missed["actor"]["subject"] == "service:tasks"
    assert [entry["type"] for entry in told["causes"]] == ["tasks.deadline.set", "registry.mission.dates-set"]
    assert told["causes"][0]["stream"] == missed["stream"]
    assert told["command"]["actor"]["subject"] == "follow-up-1"
    assert {entry["correlation"] for entry in told["causes"]} == {missed["correlation"]}
    assert (told["ground"]["decree"], told["ground"]["article"]["article"]) == (DECREE, "2")


def test_an_event_is_told_with_what_its_leaf_is_computed_from(office: Person) -> None:
    (closing,) = office.read("/audit/trail", mission=MISSION, type="registry.mission.closing")["items"]
    told = office.read(f"/audit/trail/events/{closing['id']}")
    evidence = told.pop("evidence")

    assert told == closing
    assert orjson.loads(evidence["meta"])["id"] == closing["id"]
    assert [len(evidence[name]) for name in ("leaf", "previous", "sealed_digest")] == [64, 64, 64]
    assert evidence["leaf_log"] == closing["log_id"] == office.read("/registry/log")["log_id"]


@pytest.mark.parametrize(
    ("path", "status", "slug"),
    [
        ("trail?decree=*", 422, "validation-failed"),
        ("trail?mission=a.b", 422, "validation-failed"),
        ("trail?mission=", 422, "validation-failed"),
        (f"trail?task={'t' * 65}", 422, "validation-failed"),
        ("trail?stream=mission", 422, "validation-failed"),
        ("trail?type=tasks", 422, "validation-failed"),
        ("trail?type=*", 422, "validation-failed"),
        ("trail?type=tasks.dead*", 422, "validation-failed"),
        ("trail?type=tasks.*.missed", 422, "validation-failed"),
        ("trail?actor=", 422, "validation-failed"),
        ("trail?correlation=me", 422, "validation-failed"),
        ("trail?causation=%27", 422, "validation-failed"),
        ("trail?from=yesterday", 422, "validation-failed"),
        ("trail?from=2025-05-05T08:00:00", 422, "validation-failed"),
        ("trail?from=0001-01-01T00:00:00%2B14:00", 422, "validation-failed"),
        ("trail?to=9999-12-31T23:59:59-14:00", 422, "validation-failed"),
        ("trail?limit=0", 422, "validation-failed"),
        ("trail?limit=201", 422, "validation-failed"),
        ("trail?order=random", 400, "no-such-order"),
        ("trail?service=nobody", 400, "no-such-service"),
        ("trail?cursor=AAAA", 400, "bad-cursor"),
        ("trail?colour=red", 400, "unknown-parameter"),
        ("trail?decree=a&decree=b", 400, "repeated-parameter"),
        ("trail?actor=%00", 400, "bad-path"),
        ("trail/events/7", 422, "validation-failed"),
        (f"trail/events/{NOBODYS}", 404, "not-found"),
        (f"trail/events/{NOBODYS}/causes", 404, "not-found"),
        (f"trail/events/{NOBODYS}/effects", 404, "not-found"),
        (f"trail/events/{NOBODYS}/effects?limit=1001", 422, "validation-failed"),
        ("trail/state/kitchen/mission/emb-va", 404, "not-found"),
        ("trail/state/registry/mission/a.b", 422, "validation-failed"),
        (f"trail/state/registry/mission/emb-va?as_of={'1' * 65}", 422, "validation-failed"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_a_problem(
    office: Person, path: str, status: int, slug: str
) -> None:
    answer = office.get(f"/audit/{path}")

    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.json()["type"].rpartition("/")[2] == slug


def test_a_cursor_with_another_key_than_the_trail_gives_is_refused(office: Person) -> None:
    from shared.web.cursors import cursor_to

    for key in ("x", "1.tasks.1", f"{10**30}.tasks.1.1", "1.tasks.1.99999999999"):
        answer = office.get("/audit/trail", params={"cursor": cursor_to(key, "audit /trail")})
        assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (400, "bad-cursor")


def test_nobody_reads_without_a_token(product: Product) -> None:
    for path in ("trail", f"trail/events/{NOBODYS}", "trail/state/registry/mission/emb-va"):
        assert product.bearer("nobody").get(f"/audit/{path}").status_code == 401


def test_the_command_prints_the_rows_and_shows_a_table(product: Product, office: Person) -> None:
    query = ("--mission", MISSION, "--service", "tasks")
    said = tanfidh("audit", "trail", *query, "--limit", "1000", "--json", data=product.data)
    assert orjson.loads(said.stdout) == office.every("/audit/trail", mission=MISSION, service="tasks")

    planned = ("--mission", MISSION, "--type", "tasks.task.planned")
    shown = tanfidh("audit", "trail", *planned, "--limit", "5", data=product.data)
    assert (shown.returncode, shown.stdout.count("task.planned")) == (0, 5)
    (scheduled,) = office.read("/audit/trail", mission=MISSION, type=SCHEDULED)["items"]
    up = tanfidh("audit", "trail", "--causes", scheduled["id"], data=product.data)
    assert "mission.dates-set" in up.stdout
    assert f"It goes back to decree {DECREE}, article 2, measure" in up.stdout
    down = tanfidh("audit", "trail", "--effects", scheduled["causation"], "--json", data=product.data)
    assert orjson.loads(down.stdout)["event"]["id"] == scheduled["causation"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--decree", "a.b"), 1, "was refused (422)"),
        (("--causes", "7"), 2, "Invalid value"),
        (("--causes", str(NOBODYS)), 1, "was refused (404)"),
        (("--causes", str(NOBODYS), "--mission", "emb-va"), 2, "stand alone"),
        (("--limit", "0"), 2, "limit"),
    ],
)
def test_wrong_use_of_the_command_is_told(
    product: Product, arguments: tuple[str, ...], code: int, message: str
) -> None:
    said = tanfidh("audit", "trail", *arguments, data=product.data)
    assert (said.returncode, said.stdout) == (code, "")
    assert message in said.stderr and "Traceback" not in said.stderr


def test_a_department_that_takes_part_is_told_and_finds_the_task_and_its_own_acts(
    product: Product, office: Person
) -> None:
    """One subscription and one trail of `hr`, which takes part in a task that another department leads."""
    tasks = office.read("/tasks/tasks", mission=MISSION, limit=200)["items"]
    task = next(row for row in tasks if "hr" in row["co_executors"])["task"]
    hr = product.colleague("hr")
    wanted = {"subscription": "hr", "channel": "log", "interest": {"departments": ["hr"]}}
    hr.done("/notifier/subscriptions", wanted)
    office.done(f"/tasks/tasks/{task}/assign", {})
    hr.done(f"/tasks/tasks/{task}/part", {})
    expected = ["tasks.task.assigned", "tasks.task.part-reported"]
    told = eventually(
        lambda: office.read("/notifier/notifications", subscription="hr")["items"],
        lambda items: len(items) >= len(expected),
    )
    assert sorted(item["event_type"] for item in told) == expected
    all_filed(office)
    trail = [entry["type"] for entry in office.every("/audit/trail", department="hr", task=task)]
    assert trail[0] == "tasks.task.planned" and "tasks.deadline.missed" in trail
    assert [type for type in trail if type in expected] == expected
    assert "notifier.subscription.opened" in [
        entry["type"] for entry in office.every("/audit/trail", department="hr", service="notifier")
    ]
