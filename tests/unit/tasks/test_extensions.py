from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.tasks.application import Tasks
from services.tasks.deadline import Deadline
from services.tasks.extension import (
    DecidedByOwnDepartment,
    DecidedByRequester,
    Extension,
    ExtensionDecided,
    ExtensionOpen,
    ExtensionState,
    NothingToExtend,
    UntilNotLater,
    UntilTooFar,
)
from services.tasks.plan import ClosingDates
from services.tasks.plan.amending import PlanProposal
from services.tasks.replanning import replan_plan
from services.tasks.task import Task
from shared.contracts import tasks as said
from shared.domain import Actor, NotFound, Refusal
from shared.domain.permission import ROLES, NotPermitted
from shared.web.claims import BEARERS
from tests.unit.tasks.dated import DUE_ON, FIRST, Dated
from tests.unit.tasks.given import LEGAL, MEASURE, OFFICE, PROTOCOL, MemoryViews, by, delegated, on_behalf

ISSUER = Actor(subject="issuer-1", role="issuer")
CONTROLLER = Actor(subject="controller-1", role="controller")
X1, X2 = f"{FIRST}-x1", f"{FIRST}-x2"
UNTIL = date(2025, 9, 10)
WHY = "The host is slow"


class Asked(Dated):
    """A case with the use cases of extensions."""

    def __init__(self, *, dated: bool = True) -> None:
        super().__init__(dated=dated)
        self.extensions = Tasks(self.store, MemoryViews(self.store)).extensions  # type: ignore[arg-type]  # in memory
        self.at("2025-08-20")

    async def ask(self, until: date = UNTIL, actor: Actor = LEGAL) -> "Asked":
        await self.extensions.request(by(actor), FIRST, until, WHY)
        return self

    async def grant(self, until: date | None = None, id: str = X1, actor: Actor = ISSUER) -> "Asked":
        await self.extensions.grant(by(actor), id, until, "Agreed")
        return self

    async def refuse(self, id: str = X1, actor: Actor = ISSUER) -> "Asked":
        await self.extensions.refuse(by(actor), id, "The time was enough")
        return self


async def test_a_request_tells_who_asked_until_when_and_why() -> None:
    case = Asked()
    deputy = delegated(case.store, on_behalf(LEGAL, "head-1"))
    outcome = await case.extensions.request(by(deputy), FIRST, UNTIL, WHY)
    assert outcome.value == {"extension": X1, "task": FIRST, "state": "requested", "until": "2025-09-10"}
    assert next(iter(outcome.versions)) == f"extension.{X1}"
    (requested,) = case.told(said.ExtensionRequested)
    assert (requested.due_on, requested.until, requested.reason) == (DUE_ON, UNTIL, WHY)
    assert requested.by == ("legal-1", "head-1")
    assert case.deadline.due_on == DUE_ON


async def test_the_assignee_of_another_department_may_ask_and_its_co_executors_may_not() -> None:
    case = Asked()
    with pytest.raises(NotPermitted):
        await case.ask(actor=PROTOCOL)
    case.store.run(
        lambda turn: turn.get(Task, FIRST).assign("legal", ("protocol",), "protocol-1", OFFICE, turn.moment)
    )
    await case.ask(actor=PROTOCOL)
    assert case.store.find(Extension, X1).open


async def test_a_grant_puts_the_deadline_off() -> None:
    case = await (await Asked().ask()).grant()
    (extended,) = case.told(said.DeadlineExtended)
    assert (extended.extension, extended.due_on, extended.supersedes_due_on) == (X1, UNTIL, DUE_ON)
    assert extended.due_at == datetime(2025, 9, 10, 22, tzinfo=UTC)
    assert extended.warn_at == datetime(2025, 9, 2, 22, tzinfo=UTC)
    (granted,) = case.told(said.ExtensionGranted)
    assert (granted.until, granted.reason, granted.by) == (UNTIL, "Agreed", ("issuer-1",))
    assert case.store.find(Extension, X1).state is ExtensionState.GRANTED
    case.at("2025-09-01").sweep()
    assert case.told(said.DeadlineMissed) == []
    (missed,) = case.at("2025-09-10 22:00").sweep().told(said.DeadlineMissed)
    assert (missed.due_on, missed.extensions) == (UNTIL, 1)


async def test_the_day_that_is_granted_is_rolled_by_the_roll_of_the_task() -> None:
    case = await (await Asked().ask(date(2025, 9, 12))).grant()
    assert case.deadline.due_on == date(2025, 9, 11)  # 12 September is a Friday


async def test_another_day_than_was_asked_for_may_be_granted() -> None:
    case = await (await Asked().ask()).grant(date(2025, 9, 3), actor=CONTROLLER)
    assert case.deadline.due_on == date(2025, 9, 3)


async def test_a_refusal_leaves_the_deadline_as_it_is_and_another_request_may_follow() -> None:
    case = await (await Asked().ask()).refuse()
    (refused,) = case.told(said.ExtensionRefused)
    assert (refused.extension, refused.reason, refused.by) == (X1, "The time was enough", ("issuer-1",))
    assert case.deadline.due_on == DUE_ON
    await case.ask(date(2025, 9, 4))
    await case.grant(id=X2)
    assert case.deadline.due_on == date(2025, 9, 4)


async def test_one_request_of_a_task_is_open_at_most() -> None:
    case = await Asked().ask()
    await refused_with(ExtensionOpen, case, lambda: case.ask(date(2025, 9, 20)))
    await case.grant()
    await case.ask(date(2025, 9, 20))
    assert case.store.find(Extension, X2).open


@pytest.mark.parametrize("until", [date(2025, 8, 1), DUE_ON])
async def test_more_time_ends_after_the_present_deadline(until: date) -> None:
    case = Asked()
    await refused_with(UntilNotLater, case, lambda: case.ask(until))
    await case.ask()
    await refused_with(UntilNotLater, case, lambda: case.grant(until))


async def test_a_day_that_rolls_back_to_the_deadline_is_not_later() -> None:
    case = Asked()
    await (await case.ask(date(2025, 9, 11))).grant()
    for weekend in (date(2025, 9, 12), date(2025, 9, 13)):
        await refused_with(UntilNotLater, case, lambda: case.ask(weekend))  # noqa: B023  # called in this round
    await case.ask(date(2025, 9, 14))
    await refused_with(UntilNotLater, case, lambda: case.grant(date(2025, 9, 13), X2))


async def test_no_time_is_asked_for_or_granted_that_is_over() -> None:
    case = await Asked().ask(date(2025, 9, 10))
    case.at("2025-09-10").sweep()
    # Given that the deadline was missed, and the day that was asked for is today.
    await refused_with(UntilNotLater, case, case.grant)
    await case.refuse()
    for over in (date(2025, 9, 9), date(2025, 9, 10)):
        await refused_with(UntilNotLater, case, lambda: case.ask(over))  # noqa: B023  # called in this round
    await case.ask(date(2025, 9, 11))
    await case.grant(id=X2)
    assert case.deadline.due_on == date(2025, 9, 11)


async def test_no_time_is_asked_for_beyond_five_years() -> None:
    case = Asked()
    await refused_with(UntilTooFar, case, lambda: case.ask(date(2030, 9, 1)))
    await case.ask(date(2030, 8, 31))
    await refused_with(UntilTooFar, case, lambda: case.grant(date(2030, 9, 1)))


async def test_each_request_is_the_first_aggregate_of_its_command() -> None:
    case = await Asked().ask()
    await case.refuse()
    second = await case.extensions.request(by(LEGAL), FIRST, UNTIL, WHY)
    assert next(iter(second.versions.items())) == (f"extension.{X2}", 1)


async def test_whoever_asked_meanwhile_comes_first() -> None:
    case = Asked()
    number = await case.extensions._number_of_next(FIRST)
    await case.ask()
    with pytest.MonkeyPatch.context() as patched:

        async def as_before(_task: str) -> int:
            return number

        patched.setattr(case.extensions, "_number_of_next", as_before)
        await refused_with(ExtensionOpen, case, lambda: case.ask(date(2025, 9, 20)))
        await case.refuse()
        await case.ask(date(2025, 9, 20))
    assert case.store.find(Extension, X2).open


def of(department: str, role: Actor = CONTROLLER) -> Actor:
    return role.model_copy(update={"department": department})


@pytest.mark.parametrize("asks", [LEGAL, OFFICE])
@pytest.mark.parametrize("role", [CONTROLLER, ISSUER])
async def test_nobody_of_the_lead_department_decides_whoever_asked(asks: Actor, role: Actor) -> None:
    case = await Asked().ask(actor=asks)
    own = of("legal", role)
    await refused_with(DecidedByOwnDepartment, case, lambda: case.grant(actor=own))
    await refused_with(DecidedByOwnDepartment, case, lambda: case.refuse(actor=own))
    await case.grant(actor=of("audit", role))
    assert case.store.find(Extension, X1).state is ExtensionState.GRANTED


async def test_nobody_of_the_department_that_asked_decides_whoever_leads() -> None:
    case = Asked()
    case.store.run(
        lambda turn: turn.get(Task, FIRST).assign("legal", ("protocol",), "protocol-1", OFFICE, turn.moment)
    )
    await case.ask(actor=PROTOCOL)
    for own in (of("protocol"), of("legal")):
        await refused_with(DecidedByOwnDepartment, case, lambda: case.grant(actor=own))  # noqa: B023  # called now
    await case.grant(actor=of("audit"))


async def test_the_lead_is_that_of_the_decision_where_the_task_was_handed_over() -> None:
    case = await Asked().ask(actor=OFFICE)
    case.store.run(
        lambda turn: turn.get(Task, FIRST).assign("protocol", (), None, OFFICE, turn.moment), OFFICE
    )
    await refused_with(DecidedByOwnDepartment, case, lambda: case.grant(actor=of("protocol")))
    await case.grant(actor=of("legal"))


@pytest.mark.parametrize("end", [lambda case: case.start().submit().accept(), lambda case: case.cancel()])
async def test_a_settled_task_gets_no_more_time(end: Callable[[Dated], Dated]) -> None:
    case = await Asked().ask()
    end(case)
    await refused_with(NothingToExtend, case, case.grant)
    await case.refuse()
    await refused_with(NothingToExtend, case, case.ask)


async def test_without_a_deadline_there_is_nothing_to_extend() -> None:
    case = Asked(dated=False)
    await refused_with(NothingToExtend, case, case.ask)
    with pytest.raises(NotFound):
        await case.extensions.request(by(OFFICE), "nothing", UNTIL, WHY)
    with pytest.raises(NotFound):
        await case.grant(id="nothing-x1")


@pytest.mark.parametrize(
    ("asked", "decides"),
    [
        (OFFICE.model_copy(update={"subject": "both-1"}), ISSUER.model_copy(update={"subject": "both-1"})),
        (OFFICE, on_behalf(ISSUER, OFFICE.subject)),
        (on_behalf(OFFICE, "head-1"), ISSUER.model_copy(update={"subject": "head-1"})),
    ],
)
async def test_nobody_decides_on_their_own_request(asked: Actor, decides: Actor) -> None:
    case = Asked()
    for actor in (asked, decides):
        if actor.on_behalf_of is not None:
            delegated(case.store, actor)
    await case.ask(actor=asked)
    await refused_with(DecidedByRequester, case, lambda: case.grant(actor=decides))
    await refused_with(DecidedByRequester, case, lambda: case.refuse(actor=decides))


async def test_a_request_is_decided_once() -> None:
    case = await (await Asked().ask()).grant()
    await refused_with(ExtensionDecided, case, case.refuse)
    await refused_with(ExtensionDecided, case, case.grant)


async def test_the_work_may_be_handed_in_while_a_request_is_open() -> None:
    case = await Asked().ask()
    case.start().submit()
    await case.grant()
    assert case.deadline.due_on == UNTIL


async def test_an_extension_does_not_take_a_miss_back() -> None:
    case = await Asked().ask()
    case.at("2025-09-02").sweep()
    await case.grant()
    assert [miss.due_on for miss in case.deadline.misses] == [DUE_ON]
    assert not case.deadline.missed
    late = await Asked().ask()
    late.at("2025-09-02")
    await late.grant()  # the sweeper had not come yet
    assert [miss.due_on for miss in late.told(said.DeadlineMissed)] == [DUE_ON]


async def test_an_extension_stands_when_the_calendar_changes() -> None:
    case = await (await Asked().ask()).grant()
    case.declare("2", date(2025, 8, 31))
    was_set = case.told(said.DeadlineSet)[-1]
    assert (was_set.deadline.due_on, was_set.due_on, was_set.extension) == (date(2025, 8, 28), UNTIL, X1)
    case.declare("3", date(2025, 8, 31), UNTIL)
    assert case.deadline.due_on == date(2025, 9, 9)
    case.declare("4", date(2025, 8, 28), date(2025, 8, 31))
    assert case.deadline.due_on == UNTIL


async def test_a_new_t_sets_the_deadline_anew_whatever_was_granted() -> None:
    case = await (await Asked().ask()).grant()
    case.set_dates(ClosingDates(date(2025, 8, 31), date(2025, 10, 1)))
    assert case.deadline.due_on == date(2025, 9, 1)
    assert case.told(said.DeadlineSet)[-1].extension is None
    case.declare("2", date(2025, 9, 1))
    assert case.deadline.due_on == date(2025, 8, 31)


async def test_time_that_is_granted_under_a_hold_is_added_to_what_is_left() -> None:
    case = await Asked().ask(date(2025, 9, 4))
    case.at("2025-08-24").hold()
    await case.grant()
    assert case.deadline.suspension is not None
    assert case.deadline.suspension.working_days_left == 5 + 4
    case.at("2025-09-15").lift()
    assert case.deadline.due_on == date(2025, 9, 28)


def replanned(case: Dated, window: str) -> dict[str, Any]:
    proposal = {"reason": "More time", "move": [{"task": FIRST, "window": window}]}
    changed = PlanProposal.model_validate(proposal)
    return case.store.run(lambda turn: replan_plan(turn, MEASURE, changed), OFFICE)


async def test_a_window_that_is_moved_past_the_granted_day_gives_its_own_day() -> None:
    # Given more time until 10 September, when the window is moved to 20 September, then that is the day;
    case = await (await Asked().ask(date(2025, 9, 10))).grant()
    told = replanned(case, "-10")
    assert case.deadline.due_on == date(2025, 9, 18)  # a Saturday, rolled back
    (row,) = told["moved"]
    assert (row["from"], row["to"], row["extension"]) == ("2025-09-10", "2025-09-18", None)
    assert told["kept_by_extension"] == []
    # back before the granted day, the extension counts again, and the answer says so.
    (row,) = replanned(case, "-25")["moved"]
    assert (row["to"], row["extension"]) == ("2025-09-10", X1)
    told = replanned(case, "-40")
    assert (told["moved"], case.deadline.due_on) == ([], date(2025, 9, 10))
    kept = {"task": FIRST, "extension": X1, "due_on": "2025-09-10", "rule_due_on": "2025-08-21"}
    assert told["kept_by_extension"] == [kept]


@pytest.mark.parametrize("granted", [False, True])
async def test_a_hold_is_given_back_to_a_moved_window_whatever_was_granted_meanwhile(granted: bool) -> None:
    # Given a July that was held, and more time of which that is a part,
    case = Dated().at("2025-07-01").hold().at("2025-07-31").lift()
    if granted:
        case.at("2025-08-20").extend(date(2025, 10, 5))
        assert case.deadline.due_on == date(2025, 10, 5)
    # when the window is moved so that with its holds it ends later, then that day counts, granted or not.
    case.at("2025-08-21")
    answer = replanned(case, "-10")
    assert case.deadline.due_on == date(2025, 10, 20)
    (moved,) = answer["moved"]
    assert (moved["to"], moved["extension"], answer["kept_by_extension"]) == ("2025-10-20", None, [])
    # A hold of after that moves it on.
    case.at("2025-10-19").hold("h2").at("2025-10-22").lift("h2")
    assert case.deadline.due_on == date(2025, 10, 23)


async def test_a_window_that_is_moved_into_the_past_tells_the_miss_that_it_makes() -> None:
    case = Dated().at("2025-08-10")
    (row,) = replanned(case, "-60")["moved"]
    assert row["misses"] and not replanned(case, "-30")["moved"][0]["misses"]


def test_the_issuer_is_a_role_with_a_name_in_both_languages() -> None:
    assert ROLES["issuer"].in_language("ar") == "الجهة المُصدِرة"
    assert "issuer" in BEARERS  # so that a token may carry it


async def refused_with(kind: type[Refusal], case: Dated, act: Callable[[], object]) -> None:
    """The act is refused, in both languages, and nothing was recorded."""
    before = len(case.store.log)
    with pytest.raises(kind) as refused:
        await act()  # type: ignore[misc]  # every act here is awaited
    assert len(case.store.log) == before
    told = refused.value.told()
    assert told.ar and told.en and "{" not in told.ar + told.en
    assert case.store.find(Deadline, FIRST).pending_events == []
