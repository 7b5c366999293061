"""Entries in the ledger of the mission that closes, for given/when/then."""

from collections.abc import Callable
from datetime import date
from typing import Any

from services.registry.closing import examine, gather
from services.registry.handover import custody, estate, people, representation
from services.registry.mission import Mission
from shared.contracts.registry import (
    Disposal,
    Disposition,
    ItemKind,
    Succession,
)
from shared.domain import Actor, Text
from tests.unit.registry.world import (
    World,
)

REFERENCE = "12/2025"
TITLE = Text(en="Unit", ar="وحدة")

Entry = Callable[[World], None]


def entry(rule: Callable[..., None], *values: Any) -> Entry:
    """An entry in the ledger of the mission that closes, of the world's moment."""
    return lambda world: rule(world.handover, world.mission, *values, world.moment)


def items(quantity: int) -> Entry:
    return entry(custody.count_items, "round-seals", ItemKind.SEAL, quantity)


def dispose(quantity: int, disposal: Disposal = Disposal.RETURNED) -> Entry:
    return entry(custody.dispose_items, "round-seals", quantity, disposal, REFERENCE)


def archive(held: bool = False) -> Entry:
    return entry(custody.list_archive, "a-1", TITLE, held)


def destroy(*witnesses: str) -> Entry:
    return entry(custody.destroy_archive, "a-1", witnesses, REFERENCE)


def release(actor: Actor | None = None) -> Entry:
    return entry(custody.release_archive, "a-1", REFERENCE, actor or BUREAU)


BUREAU = Actor(subject="bureau-1", role="auditor")
PLACE = entry(custody.place_archive, "a-1", "central-archives", REFERENCE)
EMPLOYEE = entry(people.list_employee, "l-00000001")
NOTIFY = entry(people.notify_employee, "l-00000001", REFERENCE)
PREMISES = entry(estate.list_premises, "chancery", TITLE, True)
LEASE_ENDED = entry(estate.dispose_premises, "chancery", Disposition.LEASE_ENDED, "property", REFERENCE)
OWNED = entry(estate.list_premises, "chancery", TITLE, False)
SOLD = entry(estate.dispose_premises, "chancery", Disposition.SOLD, "property", REFERENCE)
CASES = entry(representation.count_cases, "passports", 5)


def stop(on: date) -> Entry:
    return lambda world: estate.set_stop_date(world, world.handover, world.mission, on, world.moment)


STOP = stop(date(2025, 5, 1))
COMMITMENT = entry(estate.enter_commitment, "internet", TITLE, date(2025, 12, 31))


def settle(
    succession: Succession, successor: str | None = None, power: str | None = None, state: str = "SM"
) -> Entry:
    def made(world: World) -> None:
        heir = None if successor is None else world.get(Mission, successor)
        representation.settle_state(
            world.handover, world.mission, state, succession, heir, power, REFERENCE, world.moment
        )

    return made


def unmet(world: World) -> list[tuple[int, str]]:
    """The conditions that do not hold, each with the first thing that it lacks."""
    found = examine(gather(world, world.mission))
    return [(one.condition, one.missing[0].en or "") for one in found if not one.holds]


def unmet_numbers(world: World) -> list[int]:
    return [number for number, _ in unmet(world)]
