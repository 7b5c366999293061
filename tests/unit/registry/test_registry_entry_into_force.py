"""A decree binds from its day on: before that it is issued, its rows are listed, and nothing is ordered."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.commencing import CommencementSweep, commencing
from services.registry.decree import DecreeState
from services.registry.decree import refusals as refuses
from services.registry.importing.facts import decree_of, is_decree_of
from services.registry.measure import Measure, MeasureState
from services.registry.measure.ordering import order
from services.registry.mission import MissionState
from services.registry.views.decrees import DecreesView, in_law_at
from shared.contracts.registry import DecreeEnteredIntoForce, DecreeIssued, DecreeRepealed, MeasureKind
from shared.domain import Moment
from shared.dossier import read_folder
from shared.projections import Due
from tests.unit.registry.dossiers import EXAMPLE
from tests.unit.registry.folding import fold
from tests.unit.registry.world import DECREE, MEASURE, NOW, World, draft, registered, row

ON = date(2025, 6, 1)
BEGINS = datetime(2025, 6, 1, tzinfo=UTC)
THEN = Moment(BEGINS + timedelta(hours=3), BEGINS)
SECOND = "298-2025-a2-r02"


def issued(**changes: Any) -> World:
    """Given a decree that enters into force on 1 June, with its two rows listed on 5 May."""
    world = registered()
    world.decree.issue(draft(in_force_on=ON, **changes), NOW)
    world.measure.list_in(world.decree, row(), NOW)
    second = row(row=2, mission="emb-it", receiver=None, measure_kind=MeasureKind.CLOSE)
    world.get(Measure, SECOND).list_in(world.decree, second, NOW)
    world.forget_news()
    return world


def commence(world: World, moment: Moment = THEN) -> Any:
    world.moment = moment
    return commencing(DECREE, BEGINS, [MEASURE, SECOND]).decide(world)  # type: ignore[arg-type]  # read alike


@pytest.mark.parametrize(
    ("act", "told"),
    [
        (lambda world: order(world, world.measure, NOW), "2025-06-01"),
        (lambda world: world.decree.execute({MEASURE: True, SECOND: True}, NOW), "2025-06-01"),
        (lambda world: world.decree.enter_into_force(ON, NOW), "2025-06-01"),
    ],
)
def test_nothing_is_done_by_a_decree_before_its_day(act: Any, told: str) -> None:
    world = issued()
    with pytest.raises(refuses.NotYetInForce) as refused:
        act(world)
    assert told in (refused.value.told().en or "") and told in (refused.value.told().ar or "")
    assert world.decree.state is DecreeState.ISSUED and not world.news


def test_when_its_day_has_come_it_binds_and_what_can_be_is_ordered() -> None:
    world = issued()
    # When its day has come, then the first row is ordered; the second is about what receives by the first.
    answer = commence(world)
    assert world.decree.state is DecreeState.IN_FORCE and world.decree.in_force_on == ON
    assert (world.measure.state, world.mission.state) == (MeasureState.ORDERED, MissionState.CLOSING)
    assert answer["not_ordered"] == (SECOND,)
    assert world.get(Measure, SECOND).state is MeasureState.LISTED
    # Then again it changes nothing.
    world.forget_news()
    commence(world)
    assert not world.news


def test_a_decree_that_was_announced_for_a_later_day_waits_for_that() -> None:
    world = issued(announced_on=date(2025, 6, 2))
    with pytest.raises(refuses.NotYetInForce):
        commence(world)
    assert world.decree.state is DecreeState.ISSUED


def test_a_decree_that_ended_before_its_day_never_binds() -> None:
    world = issued()
    world.decree.record(DecreeRepealed(by="401-2025", on=date(2025, 5, 20), dropped=()), NOW)
    world.forget_news()
    commence(world)
    assert world.decree.state is DecreeState.REPEALED and not world.news


def test_its_row_is_due_on_its_day_and_no_more_afterwards() -> None:
    stream = f"decree.{DECREE}"
    waiting = fold(DecreesView(), (stream, draft(in_force_on=ON)))[DECREE]
    assert (waiting["state"], waiting["in_force_on"], waiting["binds_on"]) == ("issued", None, "2025-06-01")
    assert waiting["next_at"] == "2025-06-01T00:00:00.000000Z"
    later = draft(in_force_on=ON, announced_on=date(2025, 6, 5))
    assert fold(DecreesView(), (stream, later))[DECREE]["next_at"].startswith("2025-06-05")
    story = [(stream, draft(in_force_on=ON)), (stream, DecreeEnteredIntoForce(on=ON))]
    bound = fold(DecreesView(), *story, moments=[NOW.effective_at, BEGINS])[DECREE]
    assert (bound["state"], bound["next_at"]) == ("in-force", None)
    assert in_law_at(bound, BEGINS - timedelta(seconds=1))["state"] == "issued"
    assert in_law_at(bound, BEGINS)["state"] == "in-force"
    # Of a decree of before, of which the day was not kept, nothing is due.
    assert fold(DecreesView(), (stream, draft()))[DECREE]["next_at"] is None


async def test_the_sweeper_hands_the_day_and_the_rows_to_one_command() -> None:
    taken: list[Any] = []

    class Store:
        async def execute(self, command: Any) -> None:
            taken.append(command)

    doc = fold(DecreesView(), (f"decree.{DECREE}", draft(in_force_on=ON)))[DECREE]
    sweep = CommencementSweep(Store())  # type: ignore[arg-type]  # it only executes
    for _ in range(2):
        await sweep.act(Due(BEGINS, DECREE, doc))
    assert taken[0].by.id == taken[1].by.id and taken[0].by.effective_at == BEGINS
    assert [id for _, id in taken[0].reads] == [DECREE, MEASURE, SECOND]


def test_a_decree_that_was_entered_before_its_day_was_kept_is_still_that_decree() -> None:
    dossier = read_folder(EXAMPLE).dossier
    told = decree_of(dossier)
    assert told.in_force_on == date(2025, 4, 30) and is_decree_of(told, dossier)
    old = DecreeIssued.model_validate(told.model_dump(exclude={"in_force_on"}))
    assert old.in_force_on is None and is_decree_of(old, dossier)
    assert not is_decree_of(told.model_copy(update={"in_force_on": ON}), dossier)
