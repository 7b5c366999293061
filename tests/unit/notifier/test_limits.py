"""Given open subscriptions, when somebody takes many, then others still find a place."""

import pytest

from services.notifier.directory import OPEN, Directory, Holder
from services.notifier.directory.limits import MOST, MOST_OF_DEPARTMENT, MOST_OF_OWNER
from services.notifier.subscription.refusals import TooManySubscriptions
from shared.contracts.notifier import Channel, Interest, Party
from shared.domain import Actor
from tests.unit.notifier.given import NOW, later

ROLES = ("admin", "follow-up-office", "controller", "auditor", "department", "head-of-mission", "service")


def enter(directory: Directory, role: str, subject: str, department: str | None = None) -> str:
    """One more subscription."""
    id = f"s-{len(directory.listings)}"
    holder = Holder.of(Actor(subject=subject, role=role, department=department))
    directory.enter(id, holder, Channel.LOG, Interest(), NOW)
    return id


def filled(directory: Directory, role: str, departments: bool) -> int:
    """Let one after the other take as many as they get, until nobody gets any; return how many that are."""
    before, number = len(directory.listings), 0
    while True:
        department = f"{role}-{number // 3}" if departments else None
        try:
            enter(directory, role, f"{role}-{number}", department)
        except TooManySubscriptions as refused:
            if refused.facts["most"] in MOST.values():
                return len(directory.listings) - before
            number += 1


@pytest.mark.parametrize("role", ROLES)
def test_one_owner_takes_a_few(role: str) -> None:
    directory = Directory.blank(OPEN)
    ids = [enter(directory, role, "greedy") for _ in range(MOST_OF_OWNER)]
    with pytest.raises(TooManySubscriptions, match="One owner may have 20 open"):
        enter(directory, "admin" if role != "admin" else "auditor", "greedy")
    enter(directory, role, "another")
    directory.strike(ids[0], NOW)
    enter(directory, role, "greedy")


def test_one_department_takes_no_more_than_its_part() -> None:
    directory = Directory.blank(OPEN)
    for number in range(MOST_OF_DEPARTMENT):
        enter(directory, "department", f"officer-{number}", "legal")
    with pytest.raises(TooManySubscriptions, match="One department may have 50 open") as refused:
        enter(directory, "department", "one-more", "legal")
    assert "لإدارة واحدة هو 50" in refused.value.told().in_language("ar")
    enter(directory, "department", "one-more", "archives")
    enter(directory, "follow-up-office", "officer-of-legal", "legal")


@pytest.mark.parametrize("departments", [True, False])
def test_nobody_takes_the_places_of_oversight_and_of_the_office(departments: bool) -> None:
    directory = Directory.blank(OPEN)
    assert filled(directory, "department", departments) == MOST[Party.OTHERS] == 300
    for role in ("head-of-mission", "service"):
        with pytest.raises(TooManySubscriptions, match="Everybody together"):
            enter(directory, role, "somebody")
    assert filled(directory, "follow-up-office", departments) == MOST[Party.OFFICE]
    with pytest.raises(TooManySubscriptions, match="follow-up office with the administrators may have 100"):
        enter(directory, "admin", "admin-1")
    for role in ("controller", "auditor"):
        enter(directory, role, "overseer")
    filled(directory, "auditor", departments)
    assert len(directory.listings) == 500


def test_an_amended_listing_stays_where_it_is_and_whose_it_is() -> None:
    directory = Directory.blank(OPEN)
    first = enter(directory, "department", "officer-1", "legal")
    filled(directory, "department", False)
    before = directory.listings[first]
    directory.amend(first, Interest(types=("registry.*",)), later(hours=1))
    after = directory.listings[first]
    assert (after.since, after.holder) == (before.since, Holder("officer-1", Party.OTHERS, "legal"))
    assert after.interest == Interest(types=("registry.*",))
