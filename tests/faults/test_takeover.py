"""Two replicas of every service: whoever holds the roles is killed or halted, and the others do the work."""

import asyncio
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from time import monotonic

import httpx
import pytest

from shared.eventstore.record import Record
from tests.engines import ThrowawayEngines
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Ministry, ministry_in
from tests.faults.processes import Served, rounds, until
from tests.faults.roles import Roles
from tests.faults.streams import Message, check_same, listening, messages_upto
from tests.product import SERVICES

pytestmark = [pytest.mark.faults, pytest.mark.timed]

WITHIN = 5.0
"""Seconds in which whoever takes over from a killed holder must have done the first work of each role."""

WITHIN_LEASE = 10.0
"""The same where the holder hangs: it keeps its seats for three seconds, in which nothing is heard of it. A
witness waits for its next round besides, and puts each question again that a halted replica was given."""

LEFT_WITHIN = 10.0

Replicas = dict[str, Served]

_KEYS = count(1)


@dataclass
class Aftermath:
    killed: dict[str, float] = field(default_factory=dict)
    halted: dict[str, float] = field(default_factory=dict)
    left: list[tuple[int, float]] = field(default_factory=list)
    logs: dict[str, list[Record]] = field(default_factory=dict)
    streams: dict[str, list[Message]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def aftermath(engines: ThrowawayEngines, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    async def play() -> Aftermath:
        async with ministry_in(engines, tmp_path_factory.mktemp("takeover")) as ministry:
            return await take_turns(ministry)

    yield asyncio.run(play())


async def serve_all(ministry: Ministry) -> Replicas:
    served = await asyncio.gather(*map(ministry.serve, SERVICES))
    return dict(zip(SERVICES, served, strict=True))


async def take_turns(ministry: Ministry) -> Aftermath:
    """The first replicas hold every role and are halted; those who follow are killed; the rest is ended."""
    ministry.witness_every = "1"
    found = Aftermath()
    first = await serve_all(ministry)
    second = await serve_all(ministry)
    await ministry.declare_closing(first["registry"], first["tasks"])
    turns = rounds(1, every=10)
    missions = [f"emb-{number}" for number in range(2 * turns + 1)]
    async with ministry.client(first["registry"]) as client:
        await enter(client, dossier(1, missions, closed=2 * turns, procedure="closing"), "dossier")
    async with listening(ministry.nats.url) as nc:
        roles = Roles(ministry, nc)
        for mission in missions[:-1:2]:
            await until(roles.in_step, within=60)
            took = await take_over(ministry, roles, mission, first, second, signal.SIGSTOP)
            found.halted = slower(found.halted, took)
            for served in first.values():
                served.signal(signal.SIGCONT)
            await until(roles.in_step, within=60)
            await until(lambda: all_ready(ministry, [*first.values(), *second.values()]))
            following = missions[missions.index(mission) + 1]
            took = await take_over(ministry, roles, following, second, first, signal.SIGKILL)
            found.killed = slower(found.killed, took)
            if mission is not missions[-3]:
                await asyncio.gather(*(served.start() for served in second.values()))
        await until(roles.in_step, within=60)
        await until(lambda: all_ready(ministry, list(first.values())))
        found.left = await asyncio.gather(*map(told_to_end, first.values()))
        for service in SERVICES:
            found.logs[service] = await ministry.checked_log(service)
            found.streams[service] = await messages_upto(nc, service, len(found.logs[service]))
    return found


async def take_over(
    ministry: Ministry, roles: Roles, mission: str, old: Replicas, new: Replicas, number: signal.Signals
) -> dict[str, float]:
    """Strike all holders at once, give every role something to do; return the seconds until it was done."""
    async with ministry.client(new["notifier"]) as notifier, ministry.client(new["registry"]) as registry:
        wanted = {"types": ["tasks.deadline.missed", "registry.*"]}
        subscription = await command(notifier, "/subscriptions", {"channel": "log", "interest": wanted})
        since = monotonic()
        for served in old.values():
            served.signal(number)
        if number is signal.SIGKILL:
            await asyncio.gather(*(served.gone() for served in old.values()))
        before = await roles.snapshot()
        dates = {"public_on": "2025-06-01", "official_on": "2025-07-01"}
        await command(registry, f"/missions/{mission}/dates", dates, "PUT")
        working = asyncio.create_task(roles.all_work(before, since))
        await until(lambda: delivered(notifier, subscription["subscription"]), within=60)
        await command(notifier, f"/subscriptions/{subscription['subscription']}/close")
        return await working


async def delivered(notifier: httpx.AsyncClient, subscription: str) -> bool:
    response = await notifier.get(
        "/notifications", params={"subscription": subscription, "state": "delivered"}
    )
    assert response.status_code == 200, response.text
    return bool(response.json()["items"])


async def command(
    client: httpx.AsyncClient, path: str, body: object = None, method: str = "POST"
) -> dict[str, str]:
    headers = {"Idempotency-Key": f"takeover-{next(_KEYS)}"}
    response = await client.request(method, path, json=body, headers=headers)
    assert response.is_success, response.text
    told: dict[str, str] = response.json()
    return told


async def all_ready(ministry: Ministry, served: list[Served]) -> bool:
    """Whether no process has an alarm."""
    for one in served:
        async with ministry.client(one) as client:
            if (await client.get("/readyz")).status_code != 200:
                return False
    return True


async def told_to_end(served: Served) -> tuple[int, float]:
    """End a process with SIGTERM; return its exit code, and the seconds that it took."""
    since = monotonic()
    served.signal(signal.SIGTERM)
    return await served.left(), monotonic() - since


def slower(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    return {role: max(one.get(role, 0.0), seconds) for role, seconds in other.items()}


def shown(seconds: dict[str, float]) -> str:
    return "\n".join(f"{role:40} {passed:5.2f} s" for role, passed in sorted(seconds.items()))


def test_each_role_works_again_within_five_seconds_of_a_kill(aftermath: Aftermath) -> None:
    print(f"\nfrom kill -9 to the first work of each role\n{shown(aftermath.killed)}")
    assert max(aftermath.killed.values()) < WITHIN


def test_each_role_works_again_though_its_holder_only_hangs(aftermath: Aftermath) -> None:
    print(f"\nfrom SIGSTOP to the first work of each role\n{shown(aftermath.halted)}")
    assert max(aftermath.halted.values()) < WITHIN_LEASE


def test_nothing_was_lost_or_done_twice(aftermath: Aftermath) -> None:
    for service in SERVICES:
        check_same(aftermath.logs[service], aftermath.streams[service])


def test_everybody_left_in_order_and_in_time(aftermath: Aftermath) -> None:
    print(f"\nleft within {max(seconds for _, seconds in aftermath.left):.2f} s")
    assert [code for code, _ in aftermath.left] == [0] * len(aftermath.left)
    assert max(seconds for _, seconds in aftermath.left) < LEFT_WITHIN
