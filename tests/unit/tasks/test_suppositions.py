"""What would change if: what is supposed equals what would be, and nothing happens."""

from datetime import date
from typing import Any

import httpx
import pytest

from services.tasks.calendar import Calendar, Grounds, HolidayKnown, HolidayNotCovered, declare_holiday
from services.tasks.decree import Decree
from services.tasks.plan import ClosingDates, Plan
from services.tasks.supposing import Dates, Holiday, Lift, Pause, Slip, Step
from services.tasks.supposing.refusals import (
    NoOpenHold,
    NothingToSlip,
    OtherDecree,
    SupposedBeforeDecree,
    SupposedOnHold,
    SupposedOutOfOrder,
)
from services.tasks.suppositions import Suppositions
from shared.calendar import Basis
from shared.calendar import Holiday as DayOff
from shared.contracts import tasks as said
from shared.contracts.registry import HOST_NOTIFIED, Article, DecreeAmended
from shared.contracts.text import Text
from shared.domain import NotFound, Refusal
from shared.domain.refused_alike import DatesAcknowledged, NoSuchPart
from shared.eventstore import snapshots
from shared.eventstore.command import Turn
from tests.unit.tasks.dated import DECREE, FIRST, Dated
from tests.unit.tasks.given import DATES, ISSUED, LETTER, MEASURE, NOW, OFFICE, MemoryStore
from tests.unit.tasks.test_tasks_http import client, post, store

__all__ = ["client", "store"]


async def suppose(case: Dated, *steps: Step) -> dict[str, Any]:
    """Suppose, and show that nothing became of it."""
    before = {
        stream: snapshots.dump(found) for stream, found in case.store.aggregates.items() if found.exists
    }
    supposing = Suppositions(case.store, lambda: case.store.now)  # type: ignore[arg-type]  # in memory
    told = await supposing.of_decree(OFFICE, DECREE, steps)
    after = {stream: snapshots.dump(found) for stream, found in case.store.aggregates.items() if found.exists}
    assert after == before and not any(found.pending_events for found in case.store.aggregates.values())
    return told


def first(told: dict[str, Any]) -> dict[str, Any]:
    """What would be of the first task's deadline."""
    return next(row for row in told["deadlines"] if row["task"] == FIRST)


async def test_a_holiday_moves_deadlines_to_another_working_day_as_its_declaration_would() -> None:
    case = Dated().at("2025-08-01")
    told = first(await suppose(case, Holiday("ly", date(2025, 8, 31))))
    really = Dated().at("2025-08-01").declare("2", date(2025, 8, 31))
    assert told["before"]["due_on"] == "2025-08-31"
    assert told["after"]["due_on"] == really.deadline.due_on.isoformat() != told["before"]["due_on"]


async def test_a_supposed_holiday_is_not_blamed_for_what_nobody_approved() -> None:
    # Given a holiday that is declared and not applied, which would move the first task,
    case = Dated().at("2025-08-01")
    grounds = Grounds("120/2025", "Mourning")
    declared = DayOff(day=date(2025, 8, 31), name=Text(en="Mourning"), basis=Basis.ANNOUNCED)
    case.store.run(lambda turn: declare_holiday(turn.get(Calendar, "ly"), declared, grounds, turn.moment))
    # when another one is supposed that touches nothing, then nothing moves;
    assert (await suppose(case, Holiday("ly", date(2025, 11, 5))))["deadlines"] == []
    # and one that moves other tasks moves these alone.
    told = await suppose(case, Holiday("ly", date(2025, 9, 30)))
    assert [row["task"][-2:] for row in told["deadlines"]] == ["03", "04"]
    # Other dates are reckoned by the newest version as they really are, with what is supposed.
    steps = (Holiday("ly", date(2025, 10, 1)), Dates(MEASURE, DATES.public_on, date(2025, 10, 1)))
    assert first(await suppose(case, *steps))["after"]["due_on"] == "2025-09-01"
    earlier = (Holiday("ly", date(2025, 9, 1)), Dates(MEASURE, DATES.public_on, date(2025, 10, 1)))
    assert first(await suppose(case, *earlier))["after"]["due_on"] == "2025-08-28"


async def test_two_supposed_holidays_are_both_off() -> None:
    case = Dated().at("2025-08-01")
    told = await suppose(case, Holiday("ly", date(2025, 8, 31)), Holiday("ly", date(2025, 8, 28)))
    assert first(told)["after"]["due_on"] == "2025-08-27"


async def test_a_holiday_that_touches_nothing_changes_nothing() -> None:
    told = await suppose(Dated().at("2025-08-01"), Holiday("ly", date(2026, 11, 5)))
    assert (told["deadlines"], told["moved"], told["squeezed"]) == ([], 0, [])


async def test_a_hold_of_a_month_gives_back_what_it_took() -> None:
    case = Dated().at("2025-08-01")
    told = await suppose(case, Pause(date(2025, 8, 10), date(2025, 9, 9)))
    really = Dated().at("2025-08-10 00:00").hold().at("2025-09-09 00:00").lift()
    assert first(told)["after"]["due_on"] == really.deadline.due_on.isoformat()
    assert first(told)["working_days"] > 15
    assert told["moved"] == len(told["deadlines"])


async def test_a_hold_without_an_end_suspends() -> None:
    told = await suppose(Dated().at("2025-08-01"), Pause(date(2025, 8, 10), None))
    assert first(told)["after"]["suspended"] and told["suspended"] == len(told["deadlines"])


async def test_the_lift_of_an_open_hold_is_supposed_as_it_would_be() -> None:
    # Given an open hold, when its lift is supposed, then the clock goes on as after the real one;
    case = Dated().at("2025-08-10 00:00").hold("h1").at("2025-08-20")
    told = await suppose(case, Lift("h1", date(2025, 9, 9)))
    really = Dated().at("2025-08-10 00:00").hold("h1").at("2025-09-09 00:00").lift("h1")
    assert first(told)["after"]["due_on"] == really.deadline.due_on.isoformat()
    assert first(told)["before"]["suspended"] and not first(told)["after"]["suspended"]
    # other dates, which the hold does not let be set, are supposed after it.
    dates = Dates(MEASURE, date(2026, 1, 1), date(2026, 2, 1))
    with pytest.raises(SupposedOnHold):
        await suppose(case, dates)
    assert (await suppose(case, Lift("h1", date(2025, 8, 20)), dates))["moved"] > 0
    # A supposed hold can be lifted by its name, too.
    both = await suppose(
        Dated().at("2025-08-01"), Pause(date(2025, 8, 10), None), Lift("supposed-1", date(2025, 9, 9))
    )
    assert first(both)["after"]["due_on"] == first(told)["after"]["due_on"]


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        (Lift("h9", date(2025, 8, 20)), NoOpenHold),
        (Lift("h0", date(2025, 8, 20)), NoOpenHold),
        (Lift("h1", date(2025, 8, 9)), SupposedOutOfOrder),
    ],
)
async def test_only_an_open_hold_is_lifted_after_it_began(step: Step, refusal: type[Refusal]) -> None:
    case = Dated().at("2025-08-05").hold("h0").at("2025-08-06").lift("h0").at("2025-08-10").hold("h1")
    with pytest.raises(refusal):
        await suppose(case, step)


async def test_other_dates_move_the_whole_plan() -> None:
    told = await suppose(Dated().at("2025-08-01"), Dates(MEASURE, date(2026, 1, 1), date(2026, 2, 1)))
    assert told["moved"] == len(told["deadlines"]) > 1


async def test_a_slip_moves_one_deadline_and_names_who_is_squeezed() -> None:
    case = Dated().at("2025-08-01")
    told = await suppose(case, Slip(FIRST, 200))
    assert [row["task"] for row in told["deadlines"]] == [FIRST]
    assert first(told)["working_days"] == 200
    assert {row["needs"] for row in told["squeezed"]} == {FIRST}
    assert all(row["which_is_due_on"] > row["due_on"] for row in told["squeezed"])


async def test_steps_are_supposed_one_after_the_other() -> None:
    case = Dated().at("2025-08-01")
    told = await suppose(case, Slip(FIRST, 1), Slip(FIRST, 1))
    assert first(told)["working_days"] == 2


@pytest.mark.parametrize(
    ("step", "refusal"),
    [
        (Slip("t-9", 1), NotFound),
        (Dates("m-9", date(2026, 1, 1), date(2026, 2, 1)), NotFound),
    ],
)
async def test_what_is_not_there_cannot_be_supposed(step: Step, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        await suppose(Dated(), step)


async def test_a_task_of_another_decree_is_not_touched() -> None:
    case = Dated().at("2025-08-01")
    supposing = Suppositions(case.store, lambda: case.store.now)  # type: ignore[arg-type]  # in memory
    with pytest.raises(OtherDecree):
        await supposing.of_decree(OFFICE, "1-2020", [Slip(FIRST, 1)])


async def test_a_task_that_is_done_does_not_slip() -> None:
    case = Dated().at("2025-08-01").start().submit().accept()
    with pytest.raises(NothingToSlip):
        await suppose(case, Slip(FIRST, 1))


async def test_dates_that_are_over_are_missed_as_they_really_would_be() -> None:
    # Given a plan, when dates are supposed of which some deadlines are over now,
    public_on, official_on = date(2025, 6, 30), date(2025, 7, 31)
    told = await suppose(Dated().at("2025-08-01"), Dates(MEASURE, public_on, official_on))
    # Then they are missed, as they are once the dates are really set and the sweeper has come.
    really = Dated().at("2025-08-01").set_dates(ClosingDates(public_on, official_on)).sweep()
    assert really.deadline.missed and first(told)["after"]["missed"]
    assert not first(told)["before"]["missed"]
    assert first(told)["after"]["due_on"] == really.deadline.due_on.isoformat()


async def test_a_slip_or_a_hold_to_come_misses_nothing_that_is_to_come() -> None:
    told = await suppose(Dated().at("2025-08-01"), Slip(FIRST, 3), Pause(date(2025, 8, 3), date(2025, 8, 5)))
    assert not any(row["after"]["missed"] for row in told["deadlines"])


@pytest.mark.parametrize(
    ("steps", "refusal"),
    [
        ([Dates(MEASURE, date(2026, 2, 1), date(2026, 1, 1))], SupposedOutOfOrder),
        ([Dates(MEASURE, date(2025, 4, 29), date(2026, 1, 1))], SupposedBeforeDecree),
        (
            [Pause(date(2025, 8, 10), None), Dates(MEASURE, date(2026, 1, 1), date(2026, 2, 1))],
            SupposedOnHold,
        ),
        ([Pause(date(2025, 8, 10), date(2025, 8, 9))], SupposedOutOfOrder),
        ([Pause(date(2025, 4, 29), None)], SupposedBeforeDecree),
        ([Holiday("ly", date(2031, 1, 1))], HolidayNotCovered),
        ([Holiday("ly", date(2025, 9, 1)), Holiday("ly", date(2025, 9, 1))], HolidayKnown),
    ],
)
async def test_what_the_real_command_refuses_is_not_supposed(
    steps: list[Step], refusal: type[Refusal]
) -> None:
    case = Dated().at("2025-08-01")
    case.store.run(lambda turn: turn.get(Decree, DECREE).note(ISSUED, NOW))
    with pytest.raises(refusal) as told:
        await suppose(case, *steps)
    text = told.value.told()
    assert text.en and text.ar and "{" not in text.en + text.ar


def with_parts() -> Dated:
    """A plan of a decree whose articles and rows are known."""
    case = Dated().at("2025-08-01")
    text = Text(en="Merged", ar="تُضم")
    articles = (Article(article="1", text=text), Article(article="2", text=text, measures=(MEASURE, "m-2")))
    issued = ISSUED.model_copy(update={"articles": articles})
    case.store.run(lambda turn: turn.get(Decree, DECREE).note(issued, NOW))
    return case


@pytest.mark.parametrize(
    ("step", "slug", "named"),
    [
        (Pause(date(2025, 8, 10), None, article="9"), "decree-part-not-found", "no article 9"),
        (Pause(date(2025, 8, 10), None, measure="m-9"), "decree-part-not-found", "no measure m-9"),
        (Pause(date(2025, 8, 10), None, "2", MEASURE), "hold-scope-ambiguous", "not both"),
    ],
)
async def test_a_hold_on_what_the_decree_has_not_is_refused_as_the_registry_refuses_it(
    step: Step, slug: str, named: str
) -> None:
    with pytest.raises(Refusal, match=named) as told:
        await suppose(with_parts(), step)
    assert told.value.slug == slug


async def test_a_hold_on_a_part_of_the_decree_is_supposed() -> None:
    for part in ({"article": "2"}, {"measure": MEASURE}):
        assert (await suppose(with_parts(), Pause(date(2025, 8, 10), None, **part)))["suspended"] > 0
    for other in ({"article": "1"}, {"measure": "m-2"}):
        assert (await suppose(with_parts(), Pause(date(2025, 8, 10), None, **other)))["suspended"] == 0


async def test_the_parts_are_those_after_amendments() -> None:
    # Given a decree of which an amendment dropped a row and added another,
    case = with_parts()
    amended = DecreeAmended(by="9-2025", on=date(2025, 7, 1), rows_added=("m-3",), rows_dropped=("m-2",))
    case.store.run(lambda turn: turn.get(Decree, DECREE).note_amendment(amended, NOW))
    # When holds on either are supposed, then only the row that it has now can be held.
    await suppose(case, Pause(date(2025, 8, 10), None, measure="m-3"))
    with pytest.raises(NoSuchPart):
        await suppose(case, Pause(date(2025, 8, 10), None, measure="m-2"))


async def test_what_was_noted_before_its_rows_were_told_is_not_judged_by_them() -> None:
    # Given a decree that was noted when its event did not tell the rows of its tables,
    case = Dated().at("2025-08-01")
    noted = said.DecreeNoted(
        decree=DECREE, title=ISSUED.title, announced_on=ISSUED.announced_on, objectives=()
    )
    case.store.run(lambda turn: turn.get(Decree, DECREE).record(noted, turn.moment))
    # When a hold on any of them is supposed, then nobody can say that it is not there.
    assert (await suppose(case, Pause(date(2025, 8, 10), None, measure="m-9")))["suspended"] == 0


def acknowledged(dates: ClosingDates = DATES) -> Dated:
    """A plan whose dates the host State has acknowledged, or others than its own."""
    case = Dated().at("2025-08-01")

    def satisfy(turn: Turn) -> None:
        plan = turn.get(Plan, MEASURE)
        gate = said.PlanGateSatisfied(
            **plan.about,
            condition=HOST_NOTIFIED,
            tasks=(FIRST,),
            evidence=(LETTER,),
            public_on=dates.public_on,
            official_on=dates.official_on,
        )
        plan.record(gate, turn.moment)

    case.store.run(satisfy)
    return case


async def test_dates_that_the_host_has_acknowledged_stand_in_suppositions_too() -> None:
    # Given dates that were notified and acknowledged, when others are supposed, then they are refused;
    with pytest.raises(DatesAcknowledged, match="17/2025") as told:
        await suppose(acknowledged(), Dates(MEASURE, DATES.public_on, date(2025, 10, 1)))
    assert (told.value.slug, told.value.status) == ("closing-dates-acknowledged", 409)
    # the same ones again change nothing, as on the mission,
    told_again = await suppose(acknowledged(), Dates(MEASURE, DATES.public_on, DATES.official_on))
    assert told_again["deadlines"] == []
    # and an acknowledgement of former dates binds nobody.
    former = acknowledged(ClosingDates(date(2025, 8, 1), date(2025, 9, 1)))
    assert (await suppose(former, Dates(MEASURE, DATES.public_on, date(2025, 10, 1))))["moved"] > 0


async def test_the_refusal_of_a_part_is_told_over_http(client: httpx.AsyncClient, store: MemoryStore) -> None:
    store.run(lambda turn: turn.get(Decree, DECREE).note(ISSUED, NOW))
    step = {"kind": "hold", "since": "2025-08-10", "article": "7"}
    answer = await post(client, f"/decrees/{DECREE}/suppose", steps=[step])
    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (404, "decree-part-not-found")


async def test_a_hold_that_ends_on_its_own_day_is_supposed() -> None:
    day = date(2025, 8, 10)
    told = await suppose(Dated().at("2025-08-01"), Pause(day, day), Dates(MEASURE, day, date(2026, 2, 1)))
    assert told["moved"] == len(told["deadlines"])


async def test_a_wrong_step_is_told_once(client: httpx.AsyncClient) -> None:
    wrong = {"kind": "dates", "plan": MEASURE, "public_on": "soon", "official_on": "2026-01-01"}
    answer = await post(client, f"/decrees/{DECREE}/suppose", steps=[wrong])
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/steps/0/dates/public_on"]
    none = await post(client, f"/decrees/{DECREE}/suppose", steps=[])
    assert [error["code"] for error in none.json()["errors"]] == ["too_short"]
