"""Given a meeting, when somebody calls, holds, decides or minutes it, then it is so, or it is refused."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from services.tasks.application import Tasks
from services.tasks.deadline import Deadline
from services.tasks.decree import Decree, NoSuchArticle
from services.tasks.holding import hold_decree
from services.tasks.inquiries import TaskInquiries
from services.tasks.meeting import (
    Call,
    DecisionHasTasks,
    DecisionSettled,
    DecisionsOpen,
    Meeting,
    MeetingExists,
    MeetingState,
    MinutesNotForYou,
    MinutesOfOwnHand,
    MinutesState,
    NoSuchDecision,
    NoSuchItem,
    ParticipantTwice,
    WrongMeetingState,
)
from services.tasks.reactions import RegistryReactions
from services.tasks.resolutions import DueDayOver, RuleNotOfMeeting, Wanted
from services.tasks.task import Task, TaskState, UnknownDepartment
from shared.calendar import Roll
from shared.contracts import tasks as said
from shared.contracts.registry import Article, DecreeAmended
from shared.contracts.tasks import AgendaItem, DecisionOutcome, Participant
from shared.contracts.text import Text
from shared.domain import Actor, NotFound, Refusal
from shared.domain.moment import EffectiveAhead
from tests.unit.tasks.given import (
    ISSUED,
    LETTER,
    MINUTES,
    NOON,
    NOW,
    OFFICE,
    MemoryStore,
    MemoryViews,
    by,
    delegated,
    on_behalf,
    received,
    store_with_procedure,
)

CHAIR = Participant(role="acting-minister", subject="minister-1")
LEGAL, PROTOCOL = Participant(department="legal"), Participant(department="protocol")
CHOIR = Participant(department="choir")
MINISTER = Actor(subject="minister-1", role="issuer")
HELD_AT = NOON - timedelta(hours=2)
FIRST, TASK = "m1-d1", "m1-d1-t01"
CALL = Call(
    decree="298-2025",
    title=Text(en="Follow-up", ar="متابعة"),
    at=NOON,
    calendar="ly",
    chair=CHAIR,
    deputy=PROTOCOL,
    invited=(LEGAL, PROTOCOL),
    agenda=(AgendaItem(key="timetable", text=Text(en="Timetable")),),
    follows=None,
)


def wanted(
    due: str | date = "10 working days after held_on", lead: str = "legal", article: str | None = None
) -> Wanted:
    return Wanted(
        title=Text(en="A timetable"),
        lead=lead,
        co_executors=("protocol",) if lead == "legal" else (),
        due=due,
        roll=Roll.BACK,
        warn_days=2,
        workstream="meeting",
        article=article,
        evidence=None,
    )


@pytest.fixture
def store() -> MemoryStore:
    store = store_with_procedure()
    store.run(lambda turn: turn.get(Decree, "298-2025").note(ISSUED, NOW))
    return store


@pytest.fixture
async def tasks(store: MemoryStore) -> Tasks:
    tasks = Tasks(store, MemoryViews(store))  # type: ignore[arg-type]  # engines in memory
    await tasks.meetings.call(by(OFFICE), "m1", CALL)
    return tasks


async def held(tasks: Tasks) -> None:
    hold = by(OFFICE)
    hold.effective_at = HELD_AT
    await tasks.meetings.hold(hold, "m1", None, (LEGAL,))


async def decided(tasks: Tasks, *wants: Wanted) -> None:
    await tasks.meetings.decide(by(OFFICE), "m1", Text(en="Clear timetable"), "timetable", wants)


async def minuted(tasks: Tasks) -> None:
    await tasks.meetings.write_minutes(by(OFFICE), "m1", MINUTES)
    await tasks.meetings.approve_minutes(by(MINISTER), "m1")


def meeting(store: MemoryStore) -> Meeting:
    return store.find(Meeting, "m1")


def finish(store: MemoryStore, task: str) -> None:
    store.run(lambda turn: turn.get(Task, task).cancel("Done otherwise", turn.actor, turn.moment))


async def test_a_meeting_goes_its_way_until_nothing_is_open(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted())
    await minuted(tasks)
    with pytest.raises(DecisionsOpen, match=FIRST):
        await tasks.meetings.close(by(OFFICE), "m1")
    finish(store, TASK)
    await tasks.meetings.close(by(OFFICE), "m1")
    assert meeting(store).state is MeetingState.CLOSED
    assert store.said(said.MeetingMinuted)[0].written_by == (OFFICE.subject,)


async def test_who_was_called_and_did_not_come_is_absent(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    event = store.said(said.MeetingHeld)[0]
    assert (event.present, event.absent) == ((CHAIR, LEGAL), (PROTOCOL,))
    assert (event.held_at, event.held_on) == (HELD_AT, date(2025, 5, 5))


async def test_a_decision_becomes_tasks_of_the_decree_with_deadlines(
    store: MemoryStore, tasks: Tasks
) -> None:
    await held(tasks)
    await decided(tasks, wanted(), wanted(date(2025, 6, 1), "protocol"))
    first, second = store.find(Task, TASK), store.find(Task, "m1-d1-t02")
    assert (first.lead, first.co_executors, first.planned.decision) == ("legal", ("protocol",), FIRST)
    assert (first.planned.plan, first.planned.template) == (None, None)
    # Ten working days after Monday 5 May, of weeks without Friday and Saturday.
    assert store.find(Deadline, TASK).due_on == date(2025, 5, 19)
    assert store.find(Deadline, second.id).due_on == date(2025, 6, 1)
    assert store.find(Decree, "298-2025").tasks == (TASK, "m1-d1-t02")


async def test_a_hold_on_the_decree_stops_what_its_meeting_decided(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted())
    store.run(lambda turn: hold_decree(turn, "298-2025", "studies", None, None, Text(en="Studies")))
    assert [event.task for event in store.said(said.DeadlineSuspended)] == [TASK]


async def test_a_meeting_about_no_decree_has_tasks_of_nobody_elses(store: MemoryStore, tasks: Tasks) -> None:
    call = Call(**{name: getattr(CALL, name) for name in Call.__slots__} | {"decree": None})
    await tasks.meetings.call(by(OFFICE), "m2", call)
    await tasks.meetings.hold(by(OFFICE), "m2", None, ())
    await tasks.meetings.decide(by(OFFICE), "m2", Text(en="Decided"), None, [wanted()])
    task = "m2-d1-t01"
    assert store.find(Task, task).planned.decree is None
    await tasks.assign_task(by(OFFICE), task)
    await tasks.start_task(by(OFFICE), task)
    await tasks.submit_task(by(OFFICE), task, (LETTER,))
    await tasks.accept_task(by(MINISTER.model_copy(update={"role": "admin"})), task, "Nobody else has a part")
    assert store.find(Task, task).state is TaskState.ACCEPTED
    assert "" not in await tasks.inquiries.counts_by_decree()
    assert "" not in await tasks.inquiries.deadlines_by_decree()


Do = Callable[[Tasks], object]
REFUSED: dict[str, tuple[str, type[Refusal], Do]] = {
    "called again": ("planned", MeetingExists, lambda t: t.meetings.call(by(OFFICE), "m1", CALL)),
    "of a decree that is not known": (
        "planned",
        NotFound,
        lambda t: t.meetings.call(by(OFFICE), "m2", _call(decree="1-2024")),
    ),
    "after a meeting that is not known": (
        "planned",
        NotFound,
        lambda t: t.meetings.call(by(OFFICE), "m2", _call(follows="m0")),
    ),
    "somebody twice": (
        "planned",
        ParticipantTwice,
        lambda t: t.meetings.call(by(OFFICE), "m2", _call(invited=(CHAIR,))),
    ),
    "an item twice": (
        "planned",
        NoSuchItem,
        lambda t: t.meetings.change_agenda(by(OFFICE), "m1", (*CALL.agenda, *CALL.agenda)),
    ),
    "decided before it is held": ("planned", WrongMeetingState, lambda t: decided(t)),
    "held in the future": ("planned", EffectiveAhead, lambda t: _held_ahead(t)),
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
        lambda t: t.meetings.call(by(OFFICE), "m2", _call(invited=(CHOIR,))),
    ),
    "a chair of no department": (
        "planned",
        UnknownDepartment,
        lambda t: t.meetings.call(by(OFFICE), "m2", _call(chair=CHOIR)),
    ),
    "a deputy of no department": (
        "planned",
        UnknownDepartment,
        lambda t: t.meetings.call(by(OFFICE), "m2", _call(deputy=CHOIR)),
    ),
    "somebody present of no department": (
        "planned",
        UnknownDepartment,
        lambda t: t.meetings.hold(by(OFFICE), "m1", None, (CHOIR,)),
    ),
    "no minutes": ("held", MinutesState, lambda t: t.meetings.approve_minutes(by(MINISTER), "m1")),
    "closed before the minutes": ("held", WrongMeetingState, lambda t: t.meetings.close(by(OFFICE), "m1")),
    "settled with tasks": ("tasks", DecisionHasTasks, lambda t: _settle(t, FIRST)),
    "settled without being": ("held", NoSuchDecision, lambda t: _settle(t, "m1-d9")),
}


def _call(**changes: object) -> Call:
    return Call(**{name: getattr(CALL, name) for name in Call.__slots__} | changes)  # type: ignore[arg-type]


def _held_ahead(tasks: Tasks) -> object:
    ahead = by(OFFICE)
    ahead.effective_at = NOON + timedelta(days=1)
    return tasks.meetings.hold(ahead, "m1", None, ())


def _settle(tasks: Tasks, decision: str) -> object:
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


async def test_decisions_are_followed_up_from_meeting_to_meeting(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted())
    await decided(tasks)
    await tasks.meetings.call(by(OFFICE), "m2", _call(follows="m1"))
    inquiries: TaskInquiries = tasks.inquiries
    states = [(row["decision"], row["state"]) for row in await inquiries.followed_up("m2")]
    assert states == [(FIRST, "open"), ("m1-d2", "open")]
    finish(store, TASK)
    await tasks.meetings.settle(by(OFFICE), "m1", "m1-d2", DecisionOutcome.DONE, "Letter sent", (LETTER,))
    states = [(row["decision"], row["state"]) for row in await inquiries.followed_up("m2")]
    assert states == [(FIRST, "dropped"), ("m1-d2", "done")]
    with pytest.raises(DecisionSettled):
        await tasks.meetings.settle(by(OFFICE), "m1", "m1-d2", DecisionOutcome.DONE, "Again", ())


async def test_the_row_tells_what_the_meeting_is(store: MemoryStore, tasks: Tasks) -> None:
    later = datetime(2025, 5, 6, 9, tzinfo=UTC)
    await tasks.meetings.postpone(by(OFFICE), "m1", later, "The minister travels")
    await held(tasks)
    await decided(tasks, wanted())
    await minuted(tasks)
    row = await tasks.inquiries.meeting("m1")
    assert (row["state"], row["at"], row["decided"]) == ("minuted", "2025-05-06T09:00:00Z", 1)
    assert row["minutes"]["sha256"] == MINUTES.sha256
    assert row["minutes_approved_by"] == ["minister-1"]
    assert row["decisions"][0]["tasks"] == {TASK: "planned"}
    assert row["version"] == meeting(store).version


def amended(**changes: object) -> DecreeAmended:
    return DecreeAmended.model_validate({"by": "300-2025", "on": date(2025, 5, 5), **changes})


async def test_tasks_of_a_decision_are_of_the_articles_that_the_decree_has_now(
    store: MemoryStore, tasks: Tasks
) -> None:
    # Given a decree of two articles, of which an amendment drops one and adds another,
    one, two, three = (Article(article=key, text=Text(en=key)) for key in ("1", "2", "3"))
    issued = ISSUED.model_copy(update={"articles": (one, two)})
    store.run(lambda turn: turn.get(Decree, "9-2025").note(issued, NOW))
    await tasks.meetings.call(by(OFFICE), "m9", _call(decree="9-2025"))
    await tasks.meetings.hold(by(OFFICE), "m9", None, ())

    async def decide(article: str) -> None:
        await tasks.meetings.decide(by(OFFICE), "m9", Text(en="So"), None, [wanted(article=article)])

    await decide("2")
    for _ in range(2):
        command = RegistryReactions().react(received(amended(added=(three,), dropped=("2",)), "9-2025"))
        assert command is not None
        store.run(command.decide)
    assert [event.articles for event in store.said(said.DecreeArticlesNoted)] == [("1", "3")]
    # when decisions want tasks of either, then the one that is gone is refused.
    await decide("3")
    with pytest.raises(NoSuchArticle):
        await decide("2")


async def test_a_decree_whose_articles_were_never_told_refuses_none(store: MemoryStore, tasks: Tasks) -> None:
    noted = store.said(said.DecreeNoted)[0].model_copy(update={"decree": "8-2025", "articles": None})
    store.run(lambda turn: turn.get(Decree, "8-2025").record(noted, NOW))
    store.run(lambda turn: turn.get(Decree, "8-2025").note_amendment(amended(dropped=("2",)), NOW))
    store.run(lambda turn: turn.get(Decree, "8-2025").must_have_article("2"))
    assert store.said(said.DecreeArticlesNoted) == []


async def test_a_meeting_about_no_decree_speaks_of_no_article(tasks: Tasks) -> None:
    await tasks.meetings.call(by(OFFICE), "m2", _call(decree=None))
    await tasks.meetings.hold(by(OFFICE), "m2", None, ())
    with pytest.raises(NoSuchArticle):
        await tasks.meetings.decide(by(OFFICE), "m2", Text(en="So"), None, [wanted(article="1")])


async def test_what_is_due_at_the_end_of_this_very_day_is_not_over(store: MemoryStore, tasks: Tasks) -> None:
    await held(tasks)
    await decided(tasks, wanted(date(2025, 5, 5)), wanted("on held_on"))
    assert store.find(Deadline, TASK).due_on == date(2025, 5, 5)
    assert store.said(said.DeadlineMissed) == []
