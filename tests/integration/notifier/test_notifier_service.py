"""Given registry and notifier as composed, when something happens, then those who subscribed know."""

import asyncio
from datetime import timedelta

import asyncpg
from structlog.testing import capture_logs

from tests.integration.notifier.conftest import Running
from tests.integration.notifier.receiver import Receiver, plain, receiving


async def test_a_webhook_comes_signed_and_is_recorded_as_delivered(
    running: Running, receiver: Receiver
) -> None:
    await running.subscribe("mine", receiver, types=["registry.department.*"])
    await running.happen("legal")
    (delivery,) = await receiver.arrivals(1)
    told = delivery.verified(await running.secret("mine"))
    assert delivery.line == "POST /hooks HTTP/1.1"
    assert told["type"] == "registry.department.registered"
    assert told["data"]["payload"] == {"name": {"en": "legal", "ar": "legal"}}
    assert told["data"]["subject"] == "department.legal"
    assert (told["data"]["source"], told["data"]["keys"]) == ("/tanfidh/registry", {"department": "legal"})
    assert told["data"]["actor"]["role"] == "admin"
    (row,) = await running.waits_for(1, state="delivered")
    assert (row["notification"], row["event"]) == (delivery.id, told["data"]["id"])
    assert (row["attempts"], row["status"]) == (1, 204)
    stream = await running.ask("notifier", "GET", f"/streams/notification/{delivery.id}")
    assert [item["type"] for item in stream.json()["items"]] == [
        "notifier.notification.queued",
        "notifier.notification.delivered",
    ]
    counts = await running.ask("notifier", "GET", "/counts/notifications")
    assert counts.json()["delivered"] == 1


async def test_an_event_goes_to_each_that_it_fits_and_to_nobody_else(
    running: Running, receiver: Receiver
) -> None:
    await running.happen("before")
    running.time.move(timedelta(seconds=1))  # at one and the same moment nothing is before
    await running.subscribe("a", receiver, departments=["legal", "finance"])
    await running.subscribe("b", types=["registry.*"])
    await running.subscribe("c", types=["registry.mission.*"])
    with capture_logs() as lines:
        await running.happen("legal", "archives", "finance")
        rows = await running.waits_for(5, state="delivered")
    about = {(row["subscription"], row["of_keys"]["department"]) for row in rows}
    assert about == {("a", "legal"), ("a", "finance"), ("b", "legal"), ("b", "archives"), ("b", "finance")}
    logged = [line for line in lines if line["event"] == "notification.logged"]
    assert sorted(line["keys"]["department"] for line in logged) == ["archives", "finance", "legal"]
    assert logged[0].keys() == {
        *("event", "log_level", "notification", "subscription", "type", "id", "subject", "position", "keys")
    }


async def test_attempts_follow_the_schedule_under_one_id_until_a_person_is_needed(
    running: Running, receiver: Receiver
) -> None:
    receiver.answers = [500, 503, 404, 301, 302, 500, 500, 500, 429, 500]
    await running.subscribe("mine", receiver, departments=["legal"])
    await running.subscribe("ticks", departments=[f"tick-{number}" for number in range(1, 10)])
    begun = running.time.now
    await running.happen("legal")
    waits = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    for attempt, wait in enumerate(waits, 1):
        await receiver.arrivals(attempt)
        row = {"attempts": 0}
        while row["attempts"] != attempt:
            (row,) = await running.waits_for(1, subscription="mine", state="failed")
        running.time.move(timedelta(seconds=wait - 0.001))
        await running.happen(f"tick-{attempt}")
        await running.waits_for(attempt, subscription="ticks", state="delivered")
        assert len(receiver.came) == attempt, "not before its moment"
        running.time.move(timedelta(seconds=0.001))
    came = await receiver.arrivals(10)
    (row,) = await running.waits_for(1, state="parked")
    assert (row["attempts"], row["reason"], row["status"]) == (10, "refused", 500)
    assert {delivery.id for delivery in came} == {row["notification"]}
    assert {delivery.body for delivery in came} == {came[0].body}
    stamps = [int(delivery.headers["webhook-timestamp"]) - int(begun.timestamp()) for delivery in came]
    assert stamps == [sum(waits[:number]) for number in range(10)]

    refused = await running.ask(
        "notifier", "POST", f"/notifications/{row['notification']}/retry", None, "auditor", "somebody"
    )
    assert refused.status_code == 403
    retried = await running.ask("notifier", "POST", f"/notifications/{row['notification']}/retry")
    assert (retried.status_code, retried.json()["state"]) == (200, "queued")
    last = (await receiver.arrivals(11))[-1]
    (row,) = await running.waits_for(1, subscription="mine", state="delivered")
    assert (last.id, row["attempts"]) == (row["notification"], 11)
    again = await running.ask("notifier", "POST", f"/notifications/{row['notification']}/retry")
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (409, "nothing-to-retry")


async def test_gone_is_gone_and_a_receiver_may_ask_for_patience(running: Running, receiver: Receiver) -> None:
    receiver.answers = [410, plain(503, "retry-after: 3600")]
    await running.subscribe("mine", receiver)
    await running.happen("legal")
    (gone,) = await running.waits_for(1, state="parked")
    assert (gone["reason"], gone["status"], gone["attempts"]) == ("gone", 410, 1)
    await running.happen("finance")
    (failed,) = await running.waits_for(1, state="failed")
    assert failed["due_at"] == (running.time.now + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    # Who mended the receiver need not wait: with the clock where it is, the attempt is made.
    retried = await running.ask("notifier", "POST", f"/notifications/{failed['notification']}/retry")
    assert (retried.status_code, retried.json()["state"]) == (200, "queued")
    (delivered,) = await running.waits_for(1, state="delivered")
    assert (delivered["notification"], delivered["attempts"]) == (failed["notification"], 2)
    history = await running.ask("notifier", "GET", f"/streams/notification/{failed['notification']}")
    queued, missed, *_ = (event["position"] for event in history.json()["items"])
    none = dict.fromkeys(("queued", "failed", "delivered", "parked", "dropped"), 0)
    for position, counted in (
        (queued - 1, {"parked": 1}),
        (queued, {"parked": 1, "queued": 1}),
        (missed, {"parked": 1, "failed": 1}),
    ):
        then = await running.ask("notifier", "GET", f"/counts/notifications?as_of={position}")
        assert then.json() == none | counted
        assert then.headers["tanfidh-position"] == str(position)


async def test_redirects_are_not_followed_and_answers_are_not_read_to_their_end(
    running: Running, receiver: Receiver
) -> None:
    async with receiving() as elsewhere:
        endless = b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n" + b"x" * 200_000
        receiver.answers = [plain(307, f"location: {elsewhere.url}"), endless, b"nonsense\r\n\r\n"]
        await running.subscribe("mine", receiver)
        await running.happen("legal")
        (row,) = await running.waits_for(1, state="failed")
        assert (row["reason"], row["status"], elsewhere.came) == ("redirected", 307, [])
        await running.happen("finance")
        await running.waits_for(1, state="delivered")
        await running.happen("archives")
        rows = await running.waits_for(2, state="failed")
        assert sorted(row["reason"] for row in rows) == ["broken-answer", "redirected"]


async def test_a_slow_receiver_holds_back_no_other(running: Running, receiver: Receiver) -> None:
    async with receiving() as slow:
        slow.held = asyncio.Event()
        await running.subscribe("slow", slow)
        await running.subscribe("fast", receiver)
        await running.happen(*(f"d-{number}" for number in range(20)))
        await receiver.arrivals(20)
        await running.waits_for(20, subscription="fast", state="delivered")
        assert len(await slow.arrivals(4)) == 4, "a few at once"
        await running.happen("later")
        await receiver.arrivals(21)
        slow.held.set()
        await slow.arrivals(21)
        await running.waits_for(42, state="delivered")
        assert len({delivery.id for delivery in slow.came}) == 21


async def test_a_receiver_gets_a_few_at_once_from_each_owner(running: Running, receiver: Receiver) -> None:
    receiver.held = asyncio.Event()
    for id in ("a", "b", "c"):
        await running.subscribe(id, receiver, departments=["legal", "finance"])
    await running.subscribe("others", receiver, by="auditor bureau", departments=["archives"])
    await running.subscribe("logged", departments=["legal", "finance"])
    await running.happen("legal", "finance")
    await running.waits_for(2, subscription="logged", state="delivered")
    await receiver.arrivals(4)
    await running.ask("notifier", "POST", "/subscriptions/c/close")
    await running.waits_for(2, subscription="c", state="dropped")
    assert len(receiver.came) == 4
    await running.happen("archives")
    (_, _, _, _, others) = await receiver.arrivals(5)
    assert others.told["data"]["keys"] == {"department": "archives"}, "whoever hangs there keeps out no other"
    receiver.held.set()
    rows = await running.waits_for(7, state="delivered")
    came = [delivery.id for delivery in receiver.came]
    assert {row["notification"] for row in rows if row["channel"] == "webhook"} <= set(came)
    closed = {row["notification"] for row in await running.notifications(subscription="c")}
    assert not closed & set(came[4:]), "what waited for its place was dropped"


async def test_a_secret_is_renewed_and_stored_nowhere(running: Running, receiver: Receiver) -> None:
    await running.subscribe("mine", receiver)
    former = await running.secret("mine")
    renewed = await running.ask("notifier", "POST", "/subscriptions/mine/secret/renew")
    assert (renewed.status_code, renewed.json()["secret_number"]) == (200, 2)
    present = await running.secret("mine")
    assert present != former
    await running.happen("legal")
    (both,) = await receiver.arrivals(1)
    assert both.verified(present) == both.verified(former)
    running.time.move(timedelta(hours=24))
    await running.happen("finance")
    one = (await receiver.arrivals(2))[1]
    assert one.headers["webhook-signature"].count("v1,") == 1
    connection = await asyncpg.connect(running.database_url, server_settings={"search_path": "notifier"})
    try:
        tables = ("events", "answers", "snapshots", "view_rows", "views", "inboxes", "head")
        for table in tables:
            rows = await connection.fetch(f"SELECT t::text, to_jsonb(t)::text FROM {table} t")
            kept = "".join(str(value) for row in rows for value in row)
            for secret in (former, present):
                told = secret.removeprefix("whsec_")
                assert told not in kept and told.encode().hex() not in kept, table
    finally:
        await connection.close()


async def test_the_secret_is_for_the_owner_alone(running: Running, receiver: Receiver) -> None:
    body = {"channel": "webhook", "url": receiver.url}  # controllers may be told of everything
    opened = await running.ask("notifier", "POST", "/subscriptions", body, "controller", "bureau")
    id = opened.json()["subscription"]
    assert (opened.json()["owner"], "secret" in opened.json()) == ("bureau", False)
    path = f"/subscriptions/{id}/secret"
    for role, who, status in (
        ("controller", "bureau", 200),
        ("admin", "root", 403),
        ("controller", "another", 403),
        ("follow-up-office", "office", 403),
        ("auditor", "auditor", 403),
    ):
        assert (await running.ask("notifier", "GET", path, None, role, who)).status_code == status, role
    logged = await running.subscribe("logged")
    assert logged["url"] is None
    assert (await running.ask("notifier", "GET", "/subscriptions/logged/secret")).status_code == 409
    assert (await running.ask("notifier", "GET", "/subscriptions/none/secret")).status_code == 404


async def test_an_auditors_subscription_is_out_of_reach_for_those_who_are_audited(
    running: Running, receiver: Receiver
) -> None:
    await running.subscribe("audit", receiver, by="auditor bureau")
    elsewhere = {"url": "http://127.0.0.1:1/x", "interest": {"departments": ["none"]}}
    for role in ("admin", "follow-up-office", "controller", "department"):
        for action, body in (("change", elsewhere), ("secret/renew", None)):
            asked = await running.ask(
                "notifier", "POST", f"/subscriptions/audit/{action}", body, role, "other"
            )
            assert (asked.status_code, asked.json()["type"].rpartition("/")[2]) == (403, "not-the-owner"), (
                role
            )
        if role != "admin":
            asked = await running.ask("notifier", "POST", "/subscriptions/audit/close", None, role, "other")
            assert asked.status_code == 403, role
    row = (await running.ask("notifier", "GET", "/subscriptions/audit")).json()
    assert (row["state"], row["url"], row["secret_number"]) == ("open", receiver.url, 1)
    closed = await running.ask("notifier", "POST", "/subscriptions/audit/close", None, "admin", "root")
    assert closed.status_code == 200
    stream = (await running.ask("notifier", "GET", "/streams/subscription/audit")).json()["items"]
    (told,) = (item for item in stream if item["type"] == "notifier.subscription.closed")
    assert told["data"]["by"] == "root"
    async with asyncio.timeout(30):
        while (await running.ask("notifier", "GET", "/subscriptions/audit")).json()["closed_by"] != "root":
            await asyncio.sleep(0.02)  # views follow the log by themselves and send no signal


async def test_nobody_takes_all_subscriptions(running: Running) -> None:
    interest = {"channel": "log", "interest": {"departments": ["legal"]}}
    for number in range(21):
        opened = await running.ask("notifier", "POST", "/subscriptions", interest, "department", "greedy")
        assert opened.status_code == (201 if number < 20 else 409)
    assert "One owner may have 20" in opened.json()["detail"]
    everything = {"channel": "log"}
    for role, status in (("department", 422), ("head-of-mission", 422), ("auditor", 201), ("admin", 201)):
        asked = await running.ask("notifier", "POST", "/subscriptions", everything, role, f"{role}-1")
        assert asked.status_code == status, role
    changed = await running.ask("notifier", "POST", "/subscriptions", interest, "department", "modest")
    path = f"/subscriptions/{changed.json()['subscription']}/change"
    asked = await running.ask("notifier", "POST", path, {"interest": {}}, "department", "modest")
    assert (asked.status_code, asked.json()["type"].rpartition("/")[2]) == (422, "nothing-named")


async def test_closing_drops_what_waits(running: Running, receiver: Receiver) -> None:
    receiver.answers = [500] * 3
    await running.subscribe("mine", receiver)
    await running.happen("legal", "finance", "archives")
    await running.waits_for(3, state="failed")
    closed = await running.ask("notifier", "POST", "/subscriptions/mine/close")
    assert (closed.status_code, closed.json()["state"]) == (200, "closed")
    rows = await running.waits_for(3, state="dropped")
    assert {row["due_at"] for row in rows} == {None}
    async with asyncio.timeout(30):
        while (row := (await running.ask("notifier", "GET", "/subscriptions/mine")).json())["clear_at"]:
            await asyncio.sleep(0.02)
    assert (row["state"], row["dropped"]) == ("closed", 3)
    await running.happen("later")
    running.time.move(timedelta(days=1))
    await running.subscribe("other", receiver)
    await running.happen("last")
    await running.waits_for(1, state="delivered")
    assert len(receiver.came) == 4


async def test_a_changed_interest_and_address_count_from_then_on(
    running: Running, receiver: Receiver
) -> None:
    async with receiving() as moved:
        await running.subscribe("mine", receiver, departments=["legal"])
        body = {"interest": {"departments": ["finance"]}, "url": moved.url}
        changed = await running.ask("notifier", "POST", "/subscriptions/mine/change", body)
        assert changed.status_code == 200, changed.text
        await running.happen("legal", "finance")
        (delivery,) = await moved.arrivals(1)
        assert delivery.told["data"]["keys"] == {"department": "finance"}
        assert receiver.came == []


async def test_bad_requests_are_refused(running: Running) -> None:
    for body, status in (
        ({"channel": "webhook"}, 422),
        ({"channel": "webhook", "url": "https://a.example/?token=1"}, 422),
        ({"channel": "log", "interest": {"types": ["registry.nothing"]}}, 422),
        ({"channel": "log", "interest": {"types": ["notifier.*"]}}, 422),
        ({"channel": "log", "interest": {"decrees": ["*"]}}, 422),
        ({"channel": "log", "interest": {"kinds": []}}, 422),
        ({"channel": "mail"}, 422),
        ({"channel": "log", "subscription": ">"}, 422),
        ({"channel": "log", "subscription": "a.b"}, 422),
        ({}, 422),
    ):
        response = await running.ask("notifier", "POST", "/subscriptions", body)
        assert response.status_code == status, (body, response.text)
        assert response.headers["content-type"] == "application/problem+json"
    for path in ("/subscriptions/*", "/notifications/%3E", "/notifications?subscription=*", "/streams/a.b/c"):
        assert (await running.ask("notifier", "GET", path)).status_code in (404, 422), path
    for path in ("/subscriptions/none", "/notifications/none", "/streams/subscription/none"):
        assert (await running.ask("notifier", "GET", path)).status_code == 404
