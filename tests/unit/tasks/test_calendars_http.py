"""Calendars over HTTP: holidays, days, and rules that are tried."""

import json
from datetime import date
from typing import Any

import httpx
import pytest

from services.tasks.calendar_inquiries import CalendarInquiries
from shared.domain import NotFound
from shared.web import AsOf
from tests.unit.tasks.given import MemoryStore, MemoryViews, declaration
from tests.unit.tasks.test_tasks_http import client, post, store

__all__ = ["client", "store"]

MONDAY = date(2025, 6, 2)
GROUNDS = {"reference": "Cabinet decision 120/2025", "reason": "National mourning"}
MOURNING = {"day": "2025-06-02", "name": {"en": "Day of mourning", "ar": "يوم حداد"}, **GROUNDS}


async def reckoned(client: httpx.AsyncClient, **query: Any) -> dict[str, Any]:
    answer = await client.get("/calendars/ly/reckon", params=query)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_a_holiday_is_declared_moved_and_revoked(client: httpx.AsyncClient) -> None:
    declared = await post(client, "/calendars/ly/holidays", **MOURNING)
    assert (declared.status_code, declared.json()) == (200, {"calendar": "ly", "version": 2, "label": "1+2"})
    moved = await post(client, "/calendars/ly/holidays/2025-06-02/move", to="2025-06-03", **GROUNDS)
    assert moved.json()["version"] == 3
    assert [day["day"] for day in (await client.get("/calendars/ly")).json()["holidays"]] == ["2025-06-03"]
    revoked = await post(client, "/calendars/ly/holidays/2025-06-03/revoke", **GROUNDS)
    assert (revoked.json()["version"], revoked.headers["etag"]) == (4, '"4"')
    version = (await client.get("/calendars/ly/versions/2")).json()
    assert version["data"]["reference"] == "Cabinet decision 120/2025"
    assert [day["day"] for day in version["calendar"]["holidays"]] == ["2025-06-02"]
    assert (await client.get("/calendars/ly/versions/5")).status_code == 404
    assert (await client.get("/calendars/tn/versions/1")).status_code == 404


async def test_what_cannot_be_is_refused(client: httpx.AsyncClient) -> None:
    twice = await post(client, "/calendars/ly/holidays/2025-06-02/revoke", **GROUNDS)
    assert (twice.status_code, twice.json()["type"].rpartition("/")[2]) == (409, "no-holiday")
    groundless = await post(client, "/calendars/ly/holidays", **{**MOURNING, "reason": " "})
    assert groundless.status_code == 422


async def test_days_are_told_with_the_reason_why_they_are_off(client: httpx.AsyncClient) -> None:
    await post(client, "/calendars/ly/holidays", **MOURNING)
    answer = await client.get("/calendars/ly/days", params={"from": "2025-05-30", "to": "2025-06-03"})
    told = answer.json()
    assert [day["works"] for day in told["days"]] == [False, False, True, False, True]
    assert (told["version"], told["working_days"]) == (2, 2)
    friday, monday = told["days"][0], told["days"][3]
    assert friday["off"] == [{"calendar": "ly", "weekend": True, "holiday": None}]
    assert monday["off"][0]["holiday"]["name"]["en"] == "Day of mourning"
    before = {"from": "2025-06-02", "to": "2025-06-02", "version": 1}
    assert (await client.get("/calendars/ly/days", params=before)).json()["working_days"] == 1
    for span in (("2025-06-02", "2025-06-01"), ("2025-01-01", "2028-12-31")):
        refused = await client.get("/calendars/ly/days", params={"from": span[0], "to": span[1]})
        assert refused.status_code == 422


async def test_a_rule_is_tried_and_told_day_by_day(client: httpx.AsyncClient, store: MemoryStore) -> None:
    before = len(store.log)
    told = await reckoned(client, rule="3 working days after x", anchor="2025-05-28")
    assert told["deadline"]["due_on"] == "2025-06-02"
    assert [(day["day"][-2:], day["part"], day["count"]) for day in told["days"]] == [
        ("28", "anchor", None),
        ("29", "counted", 1),
        ("30", "skipped", None),
        ("31", "skipped", None),
        ("01", "counted", 2),
        ("02", "due", 3),
    ]
    rolled = await reckoned(client, rule="1 month after x", anchor="2025-04-30", roll="back")
    assert [(day["day"], day["part"]) for day in rolled["days"]] == [
        ("2025-04-30", "anchor"),
        ("2025-05-30", "raw"),
        ("2025-05-29", "due"),
    ]
    assert len(store.log) == before


async def test_a_rule_may_be_tried_in_two_calendars_at_once(client: httpx.AsyncClient) -> None:
    host = {**declaration().model_dump(mode="json"), "weekend": ["saturday", "sunday"]}
    assert (await post(client, "/calendars/it", **host)).status_code == 201
    told = await reckoned(client, rule="on x", anchor="2025-05-30", also=["it"])
    assert told["deadline"]["due_on"] == "2025-06-02"
    assert told["deadline"]["also"] == [{"calendar": "it", "version": 1}]
    assert [off["calendar"] for off in told["days"][1]["off"]] == ["ly", "it"]
    again = await client.get("/calendars/ly/reckon?rule=on x&anchor=2025-05-30&also=ly")
    assert (again.status_code, again.json()["type"].rpartition("/")[2]) == (422, "calendars-not-together")


@pytest.mark.parametrize("rule", ["soon", "9999 days after x", "120 months before x"])
async def test_a_rule_that_cannot_be_read_or_reckoned_is_refused(
    client: httpx.AsyncClient, rule: str
) -> None:
    asked = {"rule": rule, "anchor": "1900-01-01" if "before" in rule else "2025-01-01"}
    answer = await client.get("/calendars/ly/reckon", params=asked)
    if rule.startswith("120"):
        assert answer.status_code == 200 and answer.json()["deadline"]["provisional"]
    else:
        assert answer.json()["type"].rpartition("/")[2] == "no-deadline-rule"


async def test_the_past_is_asked_as_of_a_position(client: httpx.AsyncClient, store: MemoryStore) -> None:
    before = len(store.log)
    await post(client, "/calendars/ly/holidays", **MOURNING)
    inquiries = CalendarInquiries(store, MemoryViews(store))  # type: ignore[arg-type]  # in memory
    then = await inquiries.days("ly", MONDAY, MONDAY, None, AsOf(before, None))
    assert (json.loads(then.body)["version"], then.headers["tanfidh-position"]) == (1, str(before))
    with pytest.raises(NotFound):
        await inquiries.days("ly", MONDAY, MONDAY, None, AsOf(0, None))


@pytest.mark.parametrize(
    "written",
    ["1743379200", "2025-03-31T00:00:00", "2025-03-31T00:00:00Z", "20250331", "2025-3-31", "2025-02-30"],
)
async def test_a_day_is_written_as_a_day_in_paths_and_queries(
    client: httpx.AsyncClient, written: str
) -> None:
    await post(client, "/calendars/ly/holidays", day="2025-03-31", name={"en": "Day"}, **GROUNDS)
    for action, body in (("revoke", GROUNDS), ("move", {"to": "2025-06-03", **GROUNDS})):
        answer = await post(client, f"/calendars/ly/holidays/{written}/{action}", **body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/day")
    reckon = {"rule": "10 working days after x", "anchor": written}
    for path, params in (
        ("/calendars/ly/reckon", reckon),
        ("/calendars/ly/days", {"from": "2025-01-01", "to": written}),
        ("/late", {"on": written}),
    ):
        answer = await client.get(path, params=params)
        assert answer.status_code == 422, (path, answer.text)
        assert answer.json()["errors"][0]["what"]["ar"]


async def test_a_rule_is_tried_with_several_calendars_beside_the_first(client: httpx.AsyncClient) -> None:
    host = declaration().model_dump(mode="json")
    for name in ("it", "pt"):
        assert (await post(client, f"/calendars/{name}", **host)).status_code == 201
    params = [("rule", "1 working day after x"), ("anchor", "2025-05-05"), ("also", "it"), ("also", "pt")]
    answer = await client.get("/calendars/ly/reckon", params=params)
    assert answer.status_code == 200
    assert [one["calendar"] for one in answer.json()["deadline"]["also"]] == ["it", "pt"]
    twice = await client.get("/calendars/ly/reckon", params=[*params, ("anchor", "2025-05-06")])
    assert (twice.status_code, twice.json()["type"].rpartition("/")[2]) == (400, "repeated-parameter")
    six = [*params[:2], *(("also", f"c{number}") for number in range(6))]
    assert (await client.get("/calendars/ly/reckon", params=six)).status_code == 422
