"""What a soak's commands are about: a bounded world, so that whatever grows without end is a leak."""

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from benchmarks.soak.house import House
from benchmarks.soak.receiver import Receiver
from deploy.local.token import local_token
from tests.faults.entering import dossier, enter
from tests.faults.ministry import Routed

PERSONS = 1_000
MISSIONS = [f"open-{number}" for number in range(60)]
DECREES = 8
MEASURES = 10
COVERED_UNTIL = "2039-12-31"
INTEREST = ["registry.staff.recalled", "tasks.task.returned", "registry.decree.*"]


@dataclass
class Person:
    """Somebody who is posted, moved and recalled; `mission` as the last answer left it."""

    id: str
    mission: str | None = None


@dataclass
class Work:
    """A task that is worked on; `state` as it was last told."""

    id: str
    state: str
    evidence: str | None
    extensions: int = 0


@dataclass
class Closing:
    """A mission whose closing dates are set, again and again."""

    mission: str


@dataclass
class Held:
    """A measure that is held and released by turns."""

    decree: str
    measure: str
    hold: str | None = None
    number: int = 0


@dataclass
class World:
    """Everything that commands may be about, and who gives them."""

    tokens: dict[str, str]
    persons: list[Person] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)
    closings: list[Closing] = field(default_factory=list)
    helds: list[Held] = field(default_factory=list)


async def furnish(house: House, receiver: Receiver) -> World:
    """Import decrees with their missions, wait for their plans, and learn what there is to do."""
    secrets = house.ministry.secrets
    world = World(
        {
            "doer": local_token(secrets, "admin", "soak-doer"),
            "acceptor": local_token(secrets, "follow-up-office", "soak-acceptor"),
            "controller": local_token(secrets, "controller", "soak-controller"),
        }
    )
    first = {service: house.of(service)[0] for service in ("registry", "tasks", "notifier")}
    await house.ministry.import_example(first["registry"], first["tasks"])
    transport = Routed(*first.values())
    headers = {"Authorization": f"Bearer {world.tokens['doer']}"}
    async with httpx.AsyncClient(
        base_url="http://tanfidh", transport=transport, headers=headers, timeout=60
    ) as client:
        await _extend_calendar(client)
        async with house.ministry.client(first["registry"]) as registry:
            await enter(registry, dossier(1, MISSIONS), "soak-missions")
            for number in range(2, 2 + DECREES):
                missions = [f"emb-{number}-{count}" for count in range(MEASURES + 1)]
                content = dossier(number, missions, closed=MEASURES, procedure="closing")
                await enter(registry, content, f"soak-{number}")
        await _subscribe(client, receiver)
        await house.ministry.taken_in("tasks", "registry")
        await _learn(client, world)
    world.persons = [Person(f"p-{number:08x}") for number in range(PERSONS)]
    return world


async def _extend_calendar(client: httpx.AsyncClient) -> None:
    calendar = (await _get(client, "/tasks/calendars/ly")).copy()
    kept = ("zone", "weekend", "covers_from", "source", "holidays")
    body = {name: calendar[name] for name in kept} | {"covers_to": COVERED_UNTIL, "label": "soak"}
    await _post(client, "/tasks/calendars/ly", body)


async def _subscribe(client: httpx.AsyncClient, receiver: Receiver) -> None:
    body = {
        "subscription": "soak",
        "channel": "webhook",
        "url": f"http://127.0.0.1:{receiver.port}/hooks",
        "interest": {"types": INTEREST},
    }
    await _post(client, "/notifier/subscriptions", body)


async def _learn(client: httpx.AsyncClient, world: World) -> None:
    for row in await _all(client, "/tasks/tasks"):
        if not row["needs"] and row["plan"] is not None:
            named = row["evidence_named"]
            world.works.append(Work(row["task"], row["state"], None if named is None else named["en"]))
    for row in await _all(client, "/registry/missions?state=closing"):
        world.closings.append(Closing(row["id"]))
    for row in await _all(client, "/registry/measures?state=ordered"):
        if not row["decree"].startswith("298"):
            world.helds.append(Held(row["decree"], row["id"]))


async def _get(client: httpx.AsyncClient, path: str) -> Any:
    response = await client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


async def _post(client: httpx.AsyncClient, path: str, body: Any) -> None:
    response = await client.post(path, json=body, headers={"Idempotency-Key": str(uuid4())})
    assert response.is_success, response.text


async def _all(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    response = await client.get(path, params=None if "?" in path else {"limit": 200})
    while True:
        assert response.status_code == 200, response.text
        items += response.json()["items"]
        following = response.links.get("next")
        if following is None:
            return items
        response = await client.get(httpx.URL(path).join(following["url"]))
