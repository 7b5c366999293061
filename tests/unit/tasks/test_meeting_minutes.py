"""Minutes are approved by whoever chaired, never by whoever wrote them."""

import pytest

from services.tasks.application import Tasks
from services.tasks.meeting import (
    MeetingState,
    MinutesNotForYou,
    MinutesOfOwnHand,
)
from shared.domain import Actor
from tests.unit.tasks.given import (
    MINUTES,
    OFFICE,
    MemoryStore,
    by,
    delegated,
    on_behalf,
)
from tests.unit.tasks.met import MINISTER, decided, held, meeting, store, tasks

__all__ = ["store", "tasks"]


async def test_whoever_wrote_the_minutes_does_not_approve_them(tasks: Tasks) -> None:
    await held(tasks)
    protocol = Actor(subject="protocol-9", role="department", department="protocol")
    await tasks.meetings.write_minutes(by(protocol), "m1", MINUTES)
    with pytest.raises(MinutesOfOwnHand):
        await tasks.meetings.approve_minutes(by(protocol), "m1")
    with pytest.raises(MinutesNotForYou):
        await tasks.meetings.approve_minutes(by(OFFICE), "m1")


@pytest.mark.parametrize(
    "approver",
    [
        MINISTER,
        on_behalf(OFFICE, "minister-1"),
        Actor(subject="protocol-1", role="department", department="protocol"),
    ],
    ids=["the chair", "a delegate", "the deputy"],
)
async def test_who_approves_the_minutes(approver: Actor, store: MemoryStore, tasks: Tasks) -> None:
    if approver.on_behalf_of is not None:
        delegated(store, approver)
    await held(tasks)
    await tasks.meetings.write_minutes(by(LEGAL_OFFICER), "m1", MINUTES)
    await tasks.meetings.approve_minutes(by(approver), "m1")
    assert meeting(store).state is MeetingState.MINUTED


LEGAL_OFFICER = Actor(subject="legal-1", role="department", department="legal")


async def test_a_later_decision_takes_the_minutes_back(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await tasks.meetings.write_minutes(by(OFFICE), "m1", MINUTES)
    await decided(tasks)
    assert meeting(store).minutes is None
    await tasks.meetings.write_minutes(by(OFFICE), "m1", MINUTES)
    await tasks.meetings.return_minutes(by(MINISTER), "m1", "A page is missing")
    assert meeting(store).minutes is None
