"""Given somebody whose names hang, or a defect of ours, when there is something to send, then it is sent."""

import asyncio
import threading
from datetime import timedelta
from typing import Any

import pytest

from services.notifier.sending import names, sender
from services.notifier.sending.outcome import Attempted
from tests.integration.notifier.conftest import Running
from tests.integration.notifier.receiver import Receiver


class At(Receiver):
    """A receiver under a name; where it is, the names of the test say."""

    def __init__(self, name: str, port: int) -> None:
        super().__init__(port)
        self.name = name

    @property
    def url(self) -> str:
        return f"http://{self.name}:{self.port}/hooks"


async def test_names_that_hang_hold_up_nobody_but_their_owner(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering, asked = threading.Event(), set[str]()

    def resolve(host: str) -> list[str]:
        asked.add(host)
        if host.startswith("slow"):
            answering.wait(30)
        return ["127.0.0.1"]

    monkeypatch.setattr(names, "resolve", resolve)
    monkeypatch.setattr(names, "LOOK_UP_S", 0.05)
    own = At("fast.example", receiver.port)
    slow = ["slow-1", "slow-2", "slow-3", "slow-4"]
    try:
        for name in slow:
            await running.subscribe(
                name, At(name, receiver.port), by="controller greedy", departments=["legal", "finance"]
            )
        await running.happen("legal", "finance")
        failed = await running.waits_for(8, state="failed")
        assert {row["reason"] for row in failed} == {"timeout"}
        monkeypatch.setattr(names, "LOOK_UP_S", 60)  # who answers has the time to, on a slow machine too
        await running.subscribe("behind", own, by="controller greedy", departments=["archives"])
        await running.subscribe("other", At("other.example", receiver.port), departments=["archives"])
        await running.happen("archives")
        await receiver.arrivals(1)
        await running.waits_for(1, subscription="other", state="delivered")
        assert asked == {*slow, "other.example"}
        (row,) = await running.notifications(subscription="behind")
        assert (row["state"], row["attempts"]) == ("queued", 0), "to wait for a thread is no failed attempt"
        answering.set()
        await running.waits_for(1, subscription="behind", state="delivered")
    finally:
        answering.set()


async def test_a_name_that_is_unknown_and_one_that_leads_inside_are_told_alike(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(names, "resolve", lambda host: ["169.254.169.254"] if host == "inside" else [])
    for name in ("inside", "unknown"):
        await running.subscribe(name, At(name, 8080))
    await running.happen("legal")
    await running.waits_for(2, state="failed")
    told = []
    for name in ("inside", "unknown"):
        (row,) = await running.notifications(subscription=name)
        stream = await running.ask("notifier", "GET", f"/streams/notification/{row['notification']}")
        data = stream.json()["items"][-1]["data"]
        told.append([{k: v for k, v in one.items() if k not in OWN} for one in (row, data)])
    assert told[0] == told[1]
    assert told[0][0]["reason"] == "host-unusable"


OWN = ("notification", "subscription", "queued_at", "changed_at", "due_at", "next_at", "version")


async def test_what_is_moved_while_its_name_is_looked_up_goes_to_the_new_address(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering, asked = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def resolve(host: str) -> list[str]:
        if host == "former.example":
            loop.call_soon_threadsafe(asked.set)
            answering.wait(30)
        return ["127.0.0.1"]

    monkeypatch.setattr(names, "resolve", resolve)
    monkeypatch.setattr(names, "LOOK_UP_S", 30)
    await running.subscribe("mine", At("former.example", receiver.port))
    await running.happen("legal")
    async with asyncio.timeout(30):
        await asked.wait()
    moved = {"url": At("present.example", receiver.port).url}
    changed = await running.ask("notifier", "POST", "/subscriptions/mine/change", moved)
    answering.set()
    assert changed.status_code == 200, changed.text
    await running.waits_for(1, state="delivered")
    assert [delivery.headers["host"] for delivery in receiver.came] == [f"present.example:{receiver.port}"]


async def test_what_a_defect_kept_from_being_tried_is_tried_again(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    assigning, broken, tried = sender.assigning, [True] * 4, asyncio.Semaphore(0)

    def failing(waiting: Any) -> Any:
        if broken:
            broken.pop()
            tried.release()
            raise RuntimeError("a defect")
        return assigning(waiting)

    monkeypatch.setattr(sender, "assigning", failing)
    await running.subscribe("mine", receiver)
    await running.happen("legal", "finance")
    for wait in (timedelta(seconds=5), timedelta(minutes=5)):
        async with asyncio.timeout(30):
            await tried.acquire()
            await tried.acquire()
        running.time.move(wait)
    await receiver.arrivals(2)
    rows = await running.waits_for(2, state="delivered")
    assert {row["attempts"] for row in rows} == {1}


async def test_what_cannot_be_recorded_as_it_was_has_failed(
    running: Running, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording, broken = sender.recording, [True]

    def failing(waiting: Any, attempt: int, attempted: Attempted) -> Any:
        if attempted.reason is None and broken:
            broken.pop()
            raise RuntimeError("a defect")
        return recording(waiting, attempt, attempted)

    monkeypatch.setattr(sender, "recording", failing)
    await running.subscribe("mine", receiver)
    await running.happen("legal")
    (row,) = await running.waits_for(1, state="failed")
    assert (row["reason"], row["attempts"]) == ("failed-here", 1)
    running.time.move(timedelta(seconds=5))
    first, second = await receiver.arrivals(2)
    await running.waits_for(1, state="delivered")
    assert first.id == second.id
