"""What a meeting, its decisions and their tasks must not be."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from services.tasks.application import Tasks
from services.tasks.decree import NoSuchArticle
from services.tasks.meeting import (
    DecisionHasTasks,
    MeetingExists,
    MinutesState,
    NoSuchDecision,
    NoSuchItem,
    ParticipantTwice,
    WrongMeetingState,
)
from services.tasks.resolutions import DueDayOver, RuleNotOfMeeting
from services.tasks.task import UnknownDepartment
from shared.contracts.tasks import DecisionOutcome
from shared.contracts.text import Text
from shared.domain import NotFound, Refusal
from shared.domain.moment import EffectiveAhead
from tests.unit.tasks.given import (
    NOON,
    OFFICE,
    MemoryStore,
    by,
)
from tests.unit.tasks.met import (
    CALL,
    CHAIR,
    CHOIR,
    FIRST,
    MINISTER,
    call,
    decided,
    held,
    minuted,
    store,
    tasks,
    wanted,
)

__all__ = ["store", "tasks"]


Do = Callable[[Tasks], object]
REFUSED: dict[str, tuple[str, type[Refusal], Do]] = {
    "called again": ("planned", MeetingExists, lambda t: t.meetings.call(by(OFFICE), "m1", CALL)),
    "of a decree that is not known": (
        "planned",
        NotFound,
        lambda t: t.meetings.call(by(OFFICE), "m2", call(decree="1-2024")),
    ),
    "after a meeting that is not known": (
        "planned",
        NotFound,
        lambda t: t.meetings.call(by(OFFICE), "m2", call(follows="m0")),
    ),
    "somebody twice": (
        "planned",
        ParticipantTwice,
        lambda t: t.meetings.call(by(OFFICE), "m2", call(invited=(CHAIR,))),
    ),
    "an item twice": (
        "planned",
        NoSuchItem,
        lambda t: t.meetings.change_agenda(by(OFFICE), "m1", (*CALL.agenda, *CALL.agenda)),
    ),
    "decided before it is held": ("planned", WrongMeetingState, lambda t: decided(t)),
    "held in the future": ("planned", EffectiveAhead, lambda t: held_ahead(t)),
    "cancelled after it was held": (
        "held",
        WrongMeetingState,
        lambda t: t.meetings.cancel(by(OFFICE), "m1", "No"),
    ),
    "decided after the minutes": ("minuted", WrongMeetingState, lambda t: decided(t)),
    "an item that is not there": (
        "held",
        NoSuchItem,
        lambda t: t.meetings.decide(by(OFFICE), "m1", Text(en="x"), "budget", []),
    ),
    "an unknown department": ("held", UnknownDepartment, lambda t: decided(t, wanted(lead="choir"))),
    "another rule": ("held", RuleNotOfMeeting, lambda t: decided(t, wanted("1 month of announced_on"))),
    "no rule": ("held", RuleNotOfMeeting, lambda t: decided(t, wanted("soon"))),
    "an article that the decree has not": (
        "held",
        NoSuchArticle,
        lambda t: decided(t, wanted(), wanted(article="9")),
    ),
    "due on a day that is over": ("held", DueDayOver, lambda t: decided(t, wanted(date(2025, 5, 4)))),
    "due before the meeting": (
        "held",
        DueDayOver,
        lambda t: decided(t, wanted(), wanted("10 working days before held_on")),
    ),
    "a guest of no department": (
        "planned",
        UnknownDepartment,
        lambda t: t.meetings.call(by(OFFICE), "m2", call(invited=(CHOIR,))),
    ),
    "a chair of no department": (
        "planned",
        UnknownDepartment,
        lambda t: t.meetings.call(by(OFFICE), "m2", call(chair=CHOIR)),
    ),
    "a deputy of no department": (
        "planned",
        UnknownDepartment,
        lambda t: t.meetings.call(by(OFFICE), "m2", call(deputy=CHOIR)),
    ),
    "somebody present of no department": (
        "planned",
        UnknownDepartment,
        lambda t: t.meetings.hold(by(OFFICE), "m1", None, (CHOIR,)),
    ),
    "no minutes": ("held", MinutesState, lambda t: t.meetings.approve_minutes(by(MINISTER), "m1")),
    "closed before the minutes": ("held", WrongMeetingState, lambda t: t.meetings.close(by(OFFICE), "m1")),
    "settled with tasks": ("tasks", DecisionHasTasks, lambda t: settle(t, FIRST)),
    "settled without being": ("held", NoSuchDecision, lambda t: settle(t, "m1-d9")),
}


def held_ahead(tasks: Tasks) -> object:
    ahead = by(OFFICE)
    ahead.effective_at = NOON + timedelta(days=1)
    return tasks.meetings.hold(ahead, "m1", None, ())


def settle(tasks: Tasks, decision: str) -> object:
    return tasks.meetings.settle(by(OFFICE), "m1", decision, DecisionOutcome.DONE, "Told", ())


@pytest.mark.parametrize("what", REFUSED)
async def test_what_is_refused(what: str, store: MemoryStore, tasks: Tasks) -> None:
    state, refusal, do = REFUSED[what]
    if state != "planned":
        await held(tasks)
    if state == "tasks":
        await decided(tasks, wanted())
    if state == "minuted":
        await minuted(tasks)
    before = len(store.log)
    with pytest.raises(refusal):
        await do(tasks)  # type: ignore[misc]  # each is a coroutine
    assert len(store.log) == before
