from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import orjson
import pytest

from services.registry.amending import Amendment, ChangedRow, amend
from services.registry.closing import close, gather
from services.registry.measure import Measure
from services.registry.measure.ordering import order
from services.registry.reactions import RegistryReactions
from shared.contracts.event import Event
from shared.contracts.registry import MeasureKind, MissionConditionEvidenced, MissionReopened
from shared.contracts.tasks import Evidence, PlanChecklistCompleted, PlanGateSatisfied
from shared.domain import Moment, NotFound
from shared.eventstore.codec import encode
from shared.messaging.received import Received
from tests.unit.registry.test_registry_amendments import LATER, with_later
from tests.unit.registry.world import (
    DECREE,
    MEASURE,
    NOON,
    NOW,
    OFFICIAL_ON,
    PUBLIC_ON,
    World,
    closable,
    closing,
    listed,
    row,
)

EVENT_ID = UUID(int=7)
SECOND = "298-2025-a2-r02"
ON = date(2025, 5, 10)
AFTER = Moment(NOON + timedelta(days=30), NOON + timedelta(days=30))
CHAIN = UUID(int=9)
WHEN = datetime(2025, 6, 1, tzinfo=UTC)
PLAN = {"plan": MEASURE, "decree": DECREE, "article": "2", "measure": MEASURE, "mission": "emb-va"}
SATISFIED = PlanGateSatisfied.model_validate(
    PLAN
    | {
        "condition": 6,
        "public_on": PUBLIC_ON,
        "official_on": OFFICIAL_ON,
        "tasks": (f"{MEASURE}-t19",),
        "evidence": (
            Evidence(document="Quittances", sha256="a" * 64, letter_number="31/2025"),
            Evidence(document="List", sha256="b" * 64),
        ),
    }
)


def received(event: Event) -> Received:
    return Received(
        log_id=UUID(int=1),
        position=5,
        stream=f"plan.{MEASURE}",
        version=3,
        type=event.event_type,
        schema=1,
        recorded_at=WHEN,
        effective_at=WHEN,
        event_id=EVENT_ID,
        data=encode(event),
        meta=orjson.dumps({"correlation": str(CHAIN)}),
        sealed_digest=bytes(32),
        previous=bytes(32),
    )


def react(event: Event, world: World) -> None:
    command = RegistryReactions().react(received(event))
    assert command is not None
    command.decide(world)


def test_a_satisfied_gate_becomes_evidence_of_the_mission() -> None:
    world = closing()
    react(SATISFIED, world)
    assert world.news == [
        MissionConditionEvidenced(
            decree=DECREE,
            measure=MEASURE,
            condition=6,
            tasks=(f"{MEASURE}-t19",),
            evidence=(f"31/2025: Quittances (sha256 {'a' * 64})", f"List (sha256 {'b' * 64})"),
            public_on=PUBLIC_ON,
            official_on=OFFICIAL_ON,
        )
    ]


def test_the_same_event_is_always_the_same_command_and_continues_its_chain() -> None:
    first = RegistryReactions().react(received(SATISFIED))
    second = RegistryReactions().react(received(SATISFIED))
    assert first is not None and second is not None
    assert first.by.id == second.by.id
    assert (first.by.correlation, first.by.causation, first.by.effective_at) == (CHAIN, EVENT_ID, WHEN)
    assert first.by.actor.role == "service"


def test_a_gate_of_a_measure_that_closes_nothing_is_no_evidence() -> None:
    world = listed(row(measure_kind=MeasureKind.REDUCE_STAFF, receiver=None))
    react(SATISFIED, world)
    assert not world.news


def called_off(world: World) -> None:
    """The row is taken out, and the mission stays."""
    amend(world, with_later(world).decree, Amendment(LATER, ON, rows_dropped=(MEASURE,)), AFTER)


def moved(world: World) -> None:
    """The row is about another mission, and ordered of that."""
    changed = (ChangedRow(MEASURE, mission="emb-fr"),)
    amend(world, with_later(world).decree, Amendment(LATER, ON, rows_changed=changed), AFTER)
    assert order(world, world.measure, AFTER)


def reopened(world: World) -> None:
    """The mission was closed, and is open again."""
    close(gather(world, world.mission), NOW)
    world.mission.record(MissionReopened(decree=DECREE, measure="298-2025-a2-r09"), AFTER)


def closed(world: World) -> None:
    close(gather(world, world.mission), NOW)


def closing_again(world: World) -> None:
    """The mission was opened again, and closes by the second row."""
    reopened(world)
    again = world.get(Measure, SECOND)
    again.list_in(world.decree, row(row=2), AFTER)
    assert order(world, again, AFTER)
    assert world.mission.must_be_closing().measure == SECOND


@pytest.mark.parametrize("over", [closed, called_off, moved, reopened, closing_again])
def test_a_gate_of_a_closing_that_is_over_has_no_meaning_any_more(over: Callable[[World], None]) -> None:
    world = closable()
    over(world)
    world.forget_news()
    react(SATISFIED, world)
    assert not world.news


def test_a_gate_of_the_later_closing_is_its_evidence() -> None:
    world = closable()
    closing_again(world)
    world.forget_news()
    react(SATISFIED.model_copy(update={"plan": SECOND, "measure": SECOND}), world)
    (noted,) = world.news
    assert isinstance(noted, MissionConditionEvidenced) and noted.measure == SECOND


def test_a_gate_of_a_measure_that_is_not_there_is_an_error() -> None:
    with pytest.raises(NotFound):
        react(SATISFIED, World())


@pytest.mark.parametrize(
    "event",
    [
        PlanChecklistCompleted.model_validate(PLAN | {"conditions": (1, 2)}),
        SATISFIED.model_copy(update={"condition": 13}),
    ],
)
def test_other_events_are_passed_by(event: Event) -> None:
    assert RegistryReactions().react(received(event)) is None
