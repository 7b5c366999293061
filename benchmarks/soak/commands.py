"""The mix of commands: each is about something that no other command under way is about."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from benchmarks.soak.world import MISSIONS, Closing, Held, Person, Work, World
from tests.faults.entering import DEPARTMENT, TEXT

ACCEPTED = 0.1
"""How much of the work that is handed in is accepted, and not returned."""


@dataclass
class Asked:
    """A command, and what is known once it is answered."""

    service: str
    method: str
    path: str
    body: Any
    by: str
    about: object
    done: Callable[[], None]


class Mix:
    """Chooses the next command; what it is about is taken out of the world until it is given back."""

    def __init__(self, world: World, chance: random.Random) -> None:
        self._world = world
        self._chance = chance
        self._kinds: list[tuple[int, list[Any], Callable[[Any], Asked]]] = [
            (520, world.persons, self._of_person),
            (400, world.works, self._of_work),
            (30, world.works, self._of_more_time),
            (15, world.helds, self._of_held),
            (35, world.closings, self._of_closing),
        ]

    def next(self) -> Asked:
        """Take something out of the world and say what is to be done with it."""
        weights = [weight if things else 0 for weight, things, _ in self._kinds]
        ((_, things, make),) = self._chance.choices(self._kinds, weights)
        at = self._chance.randrange(len(things))
        things[at], things[-1] = things[-1], things[at]
        return make(things.pop())

    def give_back(self, asked: Asked) -> None:
        """Let others be about it again."""
        match asked.about:
            case Person() as person:
                self._world.persons.append(person)
            case Work() as work if work.state != "accepted":
                self._world.works.append(work)
            case Held() as held:
                self._world.helds.append(held)
            case Closing() as closing:
                self._world.closings.append(closing)

    def _of_person(self, person: Person) -> Asked:
        mission = self._chance.choice([id for id in MISSIONS if id != person.mission])
        path = f"/staff/{person.id}"

        def stands_at(mission: str | None) -> Callable[[], None]:
            return lambda: setattr(person, "mission", mission)

        if person.mission is None:
            body = {"mission": mission, "category": "attached-officer", "authority": DEPARTMENT}
            return Asked("registry", "POST", f"{path}/post", body, "doer", person, stands_at(mission))
        if self._chance.random() < 0.5:
            body = {"mission": mission, "by": DEPARTMENT}
            return Asked("registry", "POST", f"{path}/reassign", body, "doer", person, stands_at(mission))
        body = {"by": DEPARTMENT, "reference": "1/2026"}
        return Asked("registry", "POST", f"{path}/recall", body, "doer", person, stands_at(None))

    def _of_work(self, work: Work) -> Asked:
        def ask(step: str, by: str, becomes: str, body: Any = None) -> Asked:
            done = partial(setattr, work, "state", becomes)
            return Asked("tasks", "POST", f"/tasks/{work.id}/{step}", body, by, work, done)

        match work.state:
            case "planned":
                return ask("assign", "doer", "assigned", {})
            case "assigned" | "returned":
                return ask("start", "doer", "in-progress")
            case "in-progress":
                documents = [] if work.evidence is None else [_document(work.evidence)]
                return ask("submit", "doer", "submitted", {"evidence": documents})
        if self._chance.random() < ACCEPTED:
            return ask("accept", "acceptor", "accepted")
        return ask("return", "acceptor", "returned", {"reason": "A page is missing."})

    def _of_more_time(self, work: Work) -> Asked:
        number = work.extensions // 2 + 1
        done = partial(setattr, work, "extensions", work.extensions + 1)
        if work.extensions % 2:
            path, body = f"/extensions/{work.id}-x{number}/refuse", {"reason": "The time suffices."}
            return Asked("tasks", "POST", path, body, "controller", work, done)
        body = {"until": "2031-12-30", "reason": "The host answers late."}
        return Asked("tasks", "POST", f"/tasks/{work.id}/extensions", body, "doer", work, done)

    def _of_held(self, held: Held) -> Asked:
        path = f"/decrees/{held.decree}/holds"
        if held.hold is None:
            held.number += 1
            hold = f"h-{held.measure[-20:]}-{held.number}"
            body = {"hold": hold, "by": "audit-bureau", "reason": TEXT, "measure": held.measure}
            return Asked(
                "registry", "POST", path, body, "controller", held, lambda: setattr(held, "hold", hold)
            )
        path = f"{path}/{held.hold}/lift"
        return Asked(
            "registry",
            "POST",
            path,
            {"reason": TEXT},
            "controller",
            held,
            lambda: setattr(held, "hold", None),
        )

    def _of_closing(self, closing: Closing) -> Asked:
        official = date(2028, 1, 1) + timedelta(days=self._chance.randrange(1_000))
        body = {"public_on": str(official - timedelta(days=30)), "official_on": str(official)}
        path = f"/missions/{closing.mission}/dates"
        return Asked("registry", "PUT", path, body, "doer", closing, lambda: None)


def _document(name: str) -> dict[str, str]:
    return {"document": name, "sha256": "9f86d081884c7d65" * 4, "letter_number": "7/2026"}
