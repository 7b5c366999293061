"""Given an indicator, when a value is told or a day is over, then its target is met or missed, for good."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from services.tasks.application import Tasks
from services.tasks.decree import Decree
from services.tasks.indicator import (
    BaselineAfterTarget,
    Heading,
    Indicator,
    IndicatorEnded,
    IndicatorExists,
    IndicatorJudged,
    IndicatorState,
    MeasuredAhead,
    Measurement,
    TargetNotAhead,
    TargetNotBetter,
    Terms,
    UnknownObjective,
    trend_of,
)
from services.tasks.judging import Judging, judging
from services.tasks.mission import Mission, UnknownMission
from shared.contracts import tasks as said
from shared.contracts.registry import Objective
from shared.contracts.tasks import Direction
from shared.contracts.text import Text
from shared.domain import NotFound
from shared.eventstore.command import Command
from shared.projections import Due
from tests.unit.tasks.given import (
    ISSUED,
    NOON,
    NOW,
    OFFICE,
    MemoryStore,
    MemoryViews,
    by,
    store_with_procedure,
)

TARGET_ON = date(2025, 6, 1)
AFTER = datetime(2025, 6, 2, 9, tzinfo=UTC)
DAY = date(2025, 5, 5)


def terms(**changes: object) -> Terms:
    facts: dict[str, object] = {
        "objective": "spending",
        "mission": None,
        "name": Text(en="Spending", ar="الإنفاق"),
        "unit": Text(en="million", ar="مليون"),
        "direction": Direction.DOWN,
        "baseline": Decimal(100),
        "baseline_on": None,
        "target": Decimal(80),
        "target_on": TARGET_ON,
    }
    return Terms(**facts | changes)  # type: ignore[arg-type]


@pytest.fixture
def store() -> MemoryStore:
    store = store_with_procedure()
    objective = Objective(key="spending", text=Text(en="Spend less"))
    issued = ISSUED.model_copy(update={"objectives": (objective,)})
    store.run(lambda turn: turn.get(Decree, "298-2025").note(issued, NOW))
    return store


@pytest.fixture
async def tasks(store: MemoryStore) -> Tasks:
    tasks = Tasks(store, MemoryViews(store))  # type: ignore[arg-type]  # engines in memory
    await tasks.indicators.define(by(OFFICE), "i1", "298-2025", "ly", terms())
    return tasks


async def measure(tasks: Tasks, value: str, on: date = DAY) -> None:
    await tasks.indicators.measure(by(OFFICE), "i1", Decimal(value), on, "Accounts", None)


async def swept(store: MemoryStore) -> None:
    await store.execute(judging("i1", "x"))


def state(store: MemoryStore) -> IndicatorState:
    return store.find(Indicator, "i1").state


async def test_the_verdict_goes_back_to_the_definition(store: MemoryStore, tasks: Tasks) -> None:
    commands: list[Command[Any]] = []

    class Told:
        async def execute(self, command: Command[Any]) -> None:
            commands.append(command)

    defined = store.log[-1].about
    row = MemoryViews(store).rows("indicators")["i1"]
    await Judging(Told()).act(Due(AFTER, "i1", row))  # type: ignore[arg-type]  # told what it does
    assert [(one.by.causation, one.by.correlation) for one in commands] == [
        (defined.event_id, defined.correlation)
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("80", IndicatorState.MET), ("80.000001", IndicatorState.MISSED), (None, IndicatorState.MISSED)],
)
async def test_the_value_that_stands_at_the_end_of_the_day_decides(
    value: str | None, expected: IndicatorState, store: MemoryStore, tasks: Tasks
) -> None:
    if value is not None:
        await measure(tasks, value)
    await swept(store)
    assert state(store) is IndicatorState.RUNNING, "its day is not over"
    store.now = AFTER
    await swept(store)
    await swept(store)
    assert state(store) is expected
    verdicts = [*store.said(said.IndicatorTargetMet), *store.said(said.IndicatorTargetMissed)]
    assert [verdict.late for verdict in verdicts] == [True]
    # The day ends at midnight in Tripoli, two hours before it does in UTC.
    assert store.log[-1].effective_at == datetime(2025, 6, 1, 22, tzinfo=UTC)


async def test_the_newest_day_counts_and_not_what_was_told_last(store: MemoryStore, tasks: Tasks) -> None:
    store.now = NOON + timedelta(days=10)
    await measure(tasks, "90", DAY + timedelta(days=9))
    await measure(tasks, "70", DAY)
    store.now = AFTER
    await swept(store)
    assert state(store) is IndicatorState.MISSED


async def test_a_value_told_after_the_day_qualifies_the_miss_and_undoes_nothing(
    store: MemoryStore, tasks: Tasks
) -> None:
    store.now = AFTER
    await measure(tasks, "70", TARGET_ON)
    assert state(store) is IndicatorState.MISSED, "missed first, by what was known, without the sweeper"
    assert [event.reached for event in store.said(said.IndicatorMissQualified)] == [True]
    await measure(tasks, "60", TARGET_ON)
    assert len(store.said(said.IndicatorMissQualified)) == 1
    await measure(tasks, "95", TARGET_ON)
    assert [event.reached for event in store.said(said.IndicatorMissQualified)] == [True, False]
    assert len(store.said(said.IndicatorTargetMissed)) == 1


async def test_a_value_of_a_day_after_the_targets_changes_nothing(store: MemoryStore, tasks: Tasks) -> None:
    store.now = AFTER
    await measure(tasks, "10", date(2025, 6, 2))
    assert (state(store), store.said(said.IndicatorMissQualified)) == (IndicatorState.MISSED, [])


async def test_a_correction_makes_a_miss_of_what_was_met(store: MemoryStore, tasks: Tasks) -> None:
    await measure(tasks, "70")
    store.now = AFTER
    await swept(store)
    assert state(store) is IndicatorState.MET
    await measure(tasks, "99")
    assert state(store) is IndicatorState.MISSED
    assert [event.corrected for event in store.said(said.IndicatorTargetMissed)] == [True]
    assert [event.supersedes for event in store.said(said.IndicatorMeasured)] == [None, Decimal(70)]


async def test_what_is_withdrawn_is_neither_measured_nor_judged(store: MemoryStore, tasks: Tasks) -> None:
    await tasks.indicators.withdraw(by(OFFICE), "i1", "Another one is better")
    with pytest.raises(IndicatorEnded):
        await measure(tasks, "70")
    store.now = AFTER
    await swept(store)
    assert state(store) is IndicatorState.WITHDRAWN


async def test_nothing_is_withdrawn_from_its_judgement(store: MemoryStore, tasks: Tasks) -> None:
    store.now = AFTER
    await tasks.indicators.withdraw(by(OFFICE), "i1", "It looks bad")
    assert state(store) is IndicatorState.MISSED
    with pytest.raises(IndicatorJudged):
        await tasks.indicators.withdraw(by(OFFICE), "i1", "It looks bad")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"objective": "fame"}, UnknownObjective),
        ({"target": Decimal(100)}, TargetNotBetter),
        ({"direction": Direction.UP}, TargetNotBetter),
        ({"target_on": date(2025, 5, 4)}, TargetNotAhead),
    ],
)
async def test_what_is_not_defined(changes: dict[str, object], refusal: type, tasks: Tasks) -> None:
    with pytest.raises(refusal):
        await tasks.indicators.define(by(OFFICE), "i2", "298-2025", "ly", terms(**changes))


async def test_what_is_not_there_or_there_already(tasks: Tasks) -> None:
    with pytest.raises(IndicatorExists):
        await tasks.indicators.define(by(OFFICE), "i1", "298-2025", "ly", terms())
    with pytest.raises(NotFound):
        await tasks.indicators.define(by(OFFICE), "i2", "1-2024", "ly", terms())
    with pytest.raises(MeasuredAhead):
        await measure(tasks, "70", DAY + timedelta(days=1))
    with pytest.raises(NotFound):
        await tasks.indicators.measure(by(OFFICE), "i9", Decimal(1), DAY, "Accounts", None)


async def test_an_indicator_of_a_mission_is_of_one_that_is_registered(
    store: MemoryStore, tasks: Tasks
) -> None:
    of_mission = terms(mission="emb-va")
    with pytest.raises(UnknownMission) as refused:
        await tasks.indicators.define(by(OFFICE), "i2", "298-2025", "ly", of_mission)
    told = refused.value.told()
    assert "emb-va" in told.in_language("en") and "emb-va" in told.in_language("ar")
    store.run(lambda turn: turn.get(Mission, "emb-va").note_plan("298-2025-a2-r01", NOW))
    with pytest.raises(UnknownMission):
        await tasks.indicators.define(by(OFFICE), "i2", "298-2025", "ly", of_mission)
    store.run(lambda turn: turn.get(Mission, "emb-va").note(Text(en="Holy See"), NOW))
    await tasks.indicators.define(by(OFFICE), "i2", "298-2025", "ly", of_mission)
    assert store.find(Indicator, "i2").terms.mission == "emb-va"


async def test_the_row_tells_values_trend_and_verdict(store: MemoryStore, tasks: Tasks) -> None:
    store.now = NOON + timedelta(days=25)
    await measure(tasks, "100", DAY)
    await measure(tasks, "96", DAY + timedelta(days=10))
    await measure(tasks, "95", DAY + timedelta(days=10))
    await measure(tasks, "90", DAY + timedelta(days=20))
    row = MemoryViews(store).rows("indicators")["i1"]
    assert [one["value"] for one in row["values"]] == ["100", "95", "90"]
    assert [one["value"] for one in row["values"][1]["superseded"]] == ["96"]
    assert row["trend"] == {
        "heading": "improving",
        "change_in_30_days": "-15.000000",
        "projected": "86.500000",
    }
    assert (row["state"], row["next_at"]) == ("running", "2025-06-01T22:00:00Z")
    store.now = AFTER
    await swept(store)
    row = MemoryViews(store).rows("indicators")["i1"]
    assert (row["state"], row["next_at"], row["verdict"]["value"]) == ("missed", None, "90")


def test_one_wrong_value_does_not_turn_a_trend() -> None:
    days = [Measurement(DAY + timedelta(days=day), Decimal(day)) for day in range(0, 60, 10)]
    wrong = [*days[:3], Measurement(days[3].on, Decimal(-900)), *days[4:]]
    for measurements in (days, wrong):
        found = trend_of(measurements, Direction.UP, DAY + timedelta(days=60))
        assert found is not None
        assert (found.heading, found.change, found.projected) == (Heading.IMPROVING, 30, 60)
    worse = trend_of(days, Direction.DOWN, DAY)
    assert worse is not None and worse.heading is Heading.WORSENING
    level = trend_of([days[0], Measurement(days[1].on, Decimal(0))], Direction.UP, DAY)
    assert level is not None and level.heading is Heading.STEADY
    assert trend_of(days[:1], Direction.UP, DAY) is None


async def test_a_baseline_is_not_of_after_the_targets_day(store: MemoryStore) -> None:
    indicators = Tasks(store, MemoryViews(store)).indicators  # type: ignore[arg-type]  # in memory
    after = terms(baseline_on=TARGET_ON + timedelta(days=1))
    with pytest.raises(BaselineAfterTarget) as refused:
        await indicators.define(by(OFFICE), "spending", "298-2025", "ly", after)
    told = refused.value.told()
    assert "2025-06-02" in told.in_language("en") and "2025-06-02" in told.in_language("ar")
    await indicators.define(by(OFFICE), "spending", "298-2025", "ly", terms(baseline_on=TARGET_ON))
