import pytest

from services.registry.decree import Decree, holding
from services.registry.department import Department
from services.registry.measure import Measure
from services.registry.mission import Mission
from services.registry.organisation import MINISTRY, Organisation
from services.registry.staff import StaffMember
from shared.domain import Aggregate
from shared.eventstore import snapshots
from tests.unit.registry.world import DECREE, MEASURE, NOW, WHY, closing, evidence, hold, recall

FULL: list[tuple[type[Aggregate], str]] = [
    (Decree, DECREE),
    (Department, "cabinet"),
    (Organisation, MINISTRY),
    (Measure, MEASURE),
    (Mission, "emb-va"),
    (Mission, "emb-it"),
    (StaffMember, "p-1"),
    (StaffMember, "p-2"),
]


@pytest.mark.parametrize(("kind", "id"), FULL)
def test_a_snapshot_holds_everything_that_an_aggregate_is(kind: type[Aggregate], id: str) -> None:
    world = closing()
    evidence(world, 7)
    recall(world, "p-1")
    hold(world)
    holding.hold(world.decree, "h-2", "cabinet", "cabinet", WHY, (), NOW, article="2")
    holding.lift(world.decree, "h-2", "cabinet", {}, WHY, NOW)
    holding.fulfil(world.decree, "h-1", "financial", ("9/2025",), NOW)
    original = world.get(kind, id)
    copy = kind.blank(id)
    snapshots.restore(copy, snapshots.dump(original))
    for name in kind.__annotations__:
        assert getattr(copy, name) == getattr(original, name), name
