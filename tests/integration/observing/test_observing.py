"""What a ministry's operators see: metrics that stay few, and traces that follow a command everywhere."""

import asyncio
import random
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio
import yaml

from deploy.catalogue import SERVICES
from tests.engines import ThrowawayEngines, ThrowawayNats
from tests.integration.notifier.receiver import receiving
from tests.integration.observing.house import House, housed

pytestmark = pytest.mark.asyncio(loop_scope="module")

ROOT = Path(__file__).parents[3]
OBSERVABILITY = ROOT / "deploy" / "observability"
METRIC = re.compile(r"\b(?:tanfidh|process|python)_[a-z0-9_]+")
UNITS = (
    "seconds",
    "bytes",
    "total",
    "events",
    "rows",
    "commands",
    "info",
    "fds",
    "position",
    "size",
    "streams",
)
STATES = {
    "tanfidh_elected",
    "tanfidh_failing",
    "tanfidh_relay_active",
    "tanfidh_starting",
    "tanfidh_witness_inconsistent",
}
"""Gauges that are 1 or 0."""
COUNTS = {
    "tanfidh_deliveries_waiting",
    "tanfidh_person_erasures_pending",
    "tanfidh_person_keys_lost",
    "tanfidh_person_keys_missing",
    "tanfidh_view_differing_states",
}
MOST_SERIES = 2_500
"""Of one service, after all that this module does; a histogram of requests has 15 for a route."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    folder = tmp_path_factory.mktemp("observing")
    nats = ThrowawayNats(engines.loop, folder / "nats")
    database_url = engines.make_database()
    try:
        async with housed(database_url, nats.url, folder) as house:
            yield house
    finally:
        nats.stop()
        engines.drop_database(database_url)


def context_of(span: Any) -> tuple[int, int]:
    return span.context.trace_id, span.context.span_id


def parent_of(span: Any) -> tuple[int, int]:
    return span.parent.trace_id, span.parent.span_id


def department(key: str) -> dict[str, Any]:
    return {"departments": [{"key": key, "name": {"en": key, "ar": key}}]}


async def test_one_trace_follows_one_command_everywhere(house: House) -> None:
    trace, caller = 0x0AF7651916CD43DD8448EB211C80319C, 0xB7AD6B7169203331
    async with receiving() as receiver:
        opened = await house.ask(
            "notifier",
            "POST",
            "/subscriptions",
            {
                "subscription": "s",
                "channel": "webhook",
                "url": receiver.url,
                "interest": {"types": ["registry.department.*"]},
            },
        )
        assert opened.status_code == 201, opened.text
        header = f"00-{trace:032x}-{caller:016x}-01"
        done = await house.ask(
            "registry", "POST", "/imports/departments", department("legal"), traceparent=header
        )
        assert done.status_code == 200, done.text
        await receiver.arrivals(1)

        request = await house.spans.one("registry", "POST /imports/departments", trace)
        command = await house.spans.one("registry", "import-register", trace)
        published = await house.spans.one("registry", "publish EVT_REGISTRY", trace)
        reaction = await house.spans.one("tasks", "note-department", trace)
        passed_on = await house.spans.one("tasks", "publish EVT_TASKS", trace)
        told = await house.spans.one("notifier", "tell", trace)
        delivery = await house.spans.one("notifier", "deliver webhook", trace)
        recorded = await house.spans.one("notifier", "record-attempt", trace)
        filed = await house.spans.one("audit", "file registry", trace)
        filed_delivery = await house.spans.one("audit", "file notifier", trace)

    assert parent_of(request) == (trace, caller)
    assert parent_of(command) == context_of(request)
    for following in (published, reaction, told, filed):
        assert parent_of(following) == context_of(command)
    assert parent_of(passed_on) == context_of(reaction)
    assert parent_of(delivery) == context_of(told)
    assert parent_of(recorded) == context_of(delivery)
    assert filed_delivery.context.trace_id == trace

    assert request.attributes["http.response.status_code"] == 200
    assert request.attributes["http.route"] == "/imports/departments"
    assert [event.name for event in command.events][-2:] == ["decided", "commit"]
    assert command.attributes["tanfidh.outcome"] == "decided"
    assert delivery.attributes["tanfidh.outcome"] == "delivered"
    said = " ".join(span.to_json() for span in house.spans.ended)
    assert "office" not in said and receiver.url not in said, "who asked and where to is nobody's business"


async def test_the_trace_is_stored_with_the_events(house: House) -> None:
    trace = uuid4().hex
    header = f"00-{trace}-b7ad6b7169203331-01"
    await house.ask("registry", "POST", "/imports/departments", department("archives"), traceparent=header)
    command = await house.spans.one("registry", "import-register", int(trace, 16))
    (meta,) = await house.metas("registry", "department.archives")
    assert f'"traceparent":"00-{trace}-{command.context.span_id:016x}-01"' in meta


async def test_lines_outside_of_requests_name_their_service_and_what_they_are_about(house: House) -> None:
    for event in ("election.won", "relay.follows", "inbox.reads"):
        assert {line["service"] for line in house.lines(event)} == set(SERVICES), event
    interest = {"types": ["registry.department.*"]}
    body = {"subscription": "lines", "channel": "log", "interest": interest}
    assert (await house.ask("notifier", "POST", "/subscriptions", body)).status_code == 201
    trace = uuid4().hex
    header = f"00-{trace}-b7ad6b7169203331-01"
    await house.ask("registry", "POST", "/imports/departments", department("media"), traceparent=header)
    recorded = await house.spans.one("notifier", "record-attempt", int(trace, 16))
    (line,) = house.lines("notification.logged")
    assert (line["service"], line["level"]) == ("notifier", "info")
    assert line["correlation"] == recorded.attributes["tanfidh.correlation"]
    (meta,) = await house.metas("registry", "department.media")
    assert f'"correlation":"{line["correlation"]}"' in meta and f'"id":"{line["event_id"]}"' in meta
    assert "office" not in house.log.getvalue(), "who asked is in the event, and in no line"


async def test_one_batch_of_several_traces_is_linked_to_all_of_them(house: House) -> None:
    contexts = [f"00-{uuid4().hex}-{number:016x}-01" for number in range(1, 4)]
    tracer = house.stores["registry"].tracer
    assert tracer is not None
    span = tracer.follow(contexts, "publish", "producer")
    assert span is not None
    span.end()
    ended = house.spans.ended[-1]
    assert f"{ended.parent.trace_id:032x}" == contexts[0].split("-")[1]
    assert [f"{link.context.trace_id:032x}" for link in ended.links] == [
        context.split("-")[1] for context in contexts[1:]
    ]


async def test_what_the_caller_did_not_sample_is_not_traced_and_goes_on_as_it_came(house: House) -> None:
    trace = uuid4().hex
    header = f"00-{trace}-b7ad6b7169203331-00"
    await house.ask("registry", "POST", "/imports/departments", department("quiet"), traceparent=header)
    (meta,) = await house.metas("registry", "department.quiet")
    assert f'"traceparent":"{header}"' in meta
    assert not [span for span in house.spans.ended if span.context.trace_id == int(trace, 16)]


async def test_series_stay_few_whatever_clients_send(house: House) -> None:
    await at_work(house)
    await hostile(house, random.Random(1), 60)
    for service in SERVICES:
        await house.exposition(service)
    before = {service: await series(house, service) for service in SERVICES}
    marks = await hostile(house, random.Random(2), 120)
    for service in SERVICES:
        text = await house.exposition(service)
        assert await series(house, service) == before[service], "what clients choose makes no series"
        assert not [mark for mark in marks if mark in text]
        assert len(before[service]) < MOST_SERIES


async def hostile(house: House, drawn: random.Random, requests: int) -> list[str]:
    """Send what a client may choose: paths, ids, methods, keys, types of events, traces, roles."""
    marks = []
    for number in range(requests):
        mark = f"x{drawn.randrange(16**12):012x}"
        marks.append(mark)
        service = SERVICES[number % len(SERVICES)]
        method, path = [
            ("GET", f"/{mark}"),
            ("GET", f"/{mark}/{mark}?{mark}={mark}"),
            (mark.upper(), "/"),
            ("POST", f"/missions/{mark}"),
            ("PUT", f"/missions/{mark}/dates"),
            ("GET", f"/streams/{mark}/{mark}"),
            ("GET", f"/notifications?event_type={mark}.{mark}.{mark}"),
            ("GET", f"/problems/{mark}"),
            ("DELETE", f"/subscriptions/{mark}"),
            ("GET", f"/trail?type=registry.{mark}.{mark}"),
        ][number // len(SERVICES) % 10]
        headers = {"Authorization": f"{mark} {mark}", "Idempotency-Key": mark, "traceparent": mark}
        await house.clients[service].request(method, path, json={mark: mark}, headers=headers)
    return marks


async def at_work(house: House) -> None:
    """Wait until every role is taken up: some series are shown by whoever is elected alone."""
    async with asyncio.timeout(30):
        for service in SERVICES:
            while not await has_every_role(house, service):
                await asyncio.sleep(0.05)


async def has_every_role(house: House, service: str) -> bool:
    families = await house.families(service)
    elected = all(role.value for role in families["tanfidh_elected"].samples)
    return elected and bool(families["tanfidh_relay_lag_seconds"].samples)


async def series(house: House, service: str) -> set[str]:
    """The names and labels of everything shown."""
    lines = (await house.exposition(service)).splitlines()
    return {line.rpartition(" ")[0] for line in lines if not line.startswith(("#", "python_", "process_"))}


async def test_names_follow_the_conventions(house: House) -> None:
    for service in SERVICES:
        for name, family in (await house.families(service)).items():
            assert family.documentation, name
            if not name.startswith("tanfidh_"):
                continue
            assert re.fullmatch(r"tanfidh(_[a-z]+)+", name), name
            if family.type == "gauge":
                assert name.endswith(UNITS) or name in STATES | COUNTS, f"{name} has no unit"
                assert not name.endswith("_total")
            elif family.type == "histogram":
                assert name.endswith(("_seconds", "_commands")), name
            else:
                assert family.type == "counter", name


async def test_every_service_tells_of_its_process(house: House) -> None:
    for service in SERVICES:
        shown = await house.families(service)
        assert shown["process_resident_memory_bytes"].samples[0].value > 0
        assert shown["process_open_fds"].samples[0].value > 0
        assert "python_gc_collections" in shown


async def test_roles_lags_and_views_are_shown(house: House) -> None:
    shown = await house.families("notifier")
    elected = {sample.labels["role"]: sample.value for sample in shown["tanfidh_elected"].samples}
    roles = {"relay", "inbox/registry", "inbox/tasks", "inbox/audit", "sweeper/subscriptions", "dispatcher"}
    assert elected == dict.fromkeys(roles, 1.0)
    for gauge in ("tanfidh_relay_lag_seconds", "tanfidh_views_lag_seconds", "tanfidh_deliveries_waiting"):
        assert shown[gauge].samples, f"{gauge} is shown by the replica that knows it"
    attempts = [sample.labels for sample in shown["tanfidh_delivery_attempts"].samples if sample.value]
    assert {"channel": "webhook", "outcome": "delivered", "attempt": "first"} in attempts
    assert "witness" in {
        sample.labels["role"] for sample in (await house.families("audit"))["tanfidh_elected"].samples
    }


async def test_alerts_and_dashboard_ask_only_for_what_there_is(house: House) -> None:
    there = await house.sample_names()
    rules = yaml.safe_load((OBSERVABILITY / "alerts.yaml").read_text(encoding="utf-8"))
    guide = (ROOT / "docs" / "how-to" / "observe.md").read_text(encoding="utf-8")
    alerts = [rule for group in rules["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in alerts}) == len(alerts) > 10
    for rule in alerts:
        asked = set(METRIC.findall(rule["expr"]))
        assert asked or "up{" in rule["expr"], rule["alert"]  # Prometheus makes `up` itself
        assert asked <= there, f"{rule['alert']} asks for {asked - there}"
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert rule["annotations"].keys() >= {"summary", "what_to_do"}
        assert f"### {rule['alert']}\n" in guide, f"{rule['alert']} is not in the guide"
    dashboard = (OBSERVABILITY / "dashboard.json").read_text(encoding="utf-8")
    asked = set(METRIC.findall(dashboard))
    assert len(asked) > 20 and asked <= there, asked - there


async def test_every_metric_is_in_the_reference(house: House) -> None:
    listed = re.findall(
        r"^\| `(tanfidh_\w+)` \| (\w+) \|", (ROOT / "docs/reference/metrics.md").read_text("utf-8"), re.M
    )
    shown: dict[str, str] = {}
    for service in SERVICES:
        for name, family in (await house.families(service)).items():
            if name.startswith("tanfidh_"):
                shown[name + "_total" * (family.type == "counter")] = family.type
    assert dict(listed) == shown


async def test_the_dashboard_is_one_that_grafana_reads() -> None:
    dashboard = yaml.safe_load((OBSERVABILITY / "dashboard.json").read_text(encoding="utf-8"))
    assert dashboard["uid"] and dashboard["title"] and dashboard["schemaVersion"]
    places = set()
    for panel in dashboard["panels"]:
        assert panel["type"] == "row" or panel["targets"], panel["title"]
        place = panel["gridPos"]
        assert (place["x"], place["y"]) not in places and place["x"] + place["w"] <= 24
        places.add((place["x"], place["y"]))
