"""What a rehearsal's copies share with what is known, and what they do not."""

from services.registry.application.rehearsing import _copied
from services.registry.decree import holding
from shared.eventstore import snapshots
from tests.unit.registry.world import NOW, STUDIES, closing, evidence, hold, recall, registered


def test_what_is_decided_on_a_copy_leaves_the_original_as_it_was() -> None:
    world = closing()
    hold(world)
    world.forget_news()
    before = {key: snapshots.dump(one) for key, one in world.known.items()}
    originals = dict(world.known)
    world.known = {key: _copied(one) for key, one in originals.items()}
    assert {key: snapshots.dump(one) for key, one in world.known.items()} == before
    recall(world, "p-1")
    evidence(world, 3)
    holding.hold(world.decree, "h-2", "cabinet", "b-1", STUDIES[0].text, STUDIES, NOW)
    holding.fulfil(world.decree, "h-1", "financial", ("7/2026",), NOW)
    assert snapshots.dump(world.mission) != before["mission", "emb-va"]
    assert {key: snapshots.dump(one) for key, one in originals.items()} == before
    assert not any(one.pending_events for one in originals.values())


def test_a_copy_is_of_the_same_version() -> None:
    mission = registered().mission
    assert (_copied(mission).version, _copied(mission).id) == (mission.version, mission.id)
