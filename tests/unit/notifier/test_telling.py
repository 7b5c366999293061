"""Given a directory, when an event arrives, then each subscription that it fits gets one notification."""

from datetime import timedelta
from typing import Any

from services.notifier.directory import Directory
from services.notifier.notification import Notification, notification_id
from services.notifier.reactions import react
from shared.contracts.audit import CheckpointWitnessed
from shared.contracts.event import CATALOGUE
from shared.contracts.notifier import Channel, NotificationQueued
from shared.domain import Aggregate
from tests.unit.notifier.given import EVENT, NOON, NOW, in_force, listed, opened, received, said


class Turn:
    """A turn over aggregates in memory."""

    moment = NOW

    def __init__(self, directory: Directory) -> None:
        self.got: dict[str, Aggregate] = {directory.stream: directory}

    def get(self, kind: type[Aggregate], id: str) -> Any:
        blank = kind.blank(id)
        return self.got.setdefault(blank.stream, blank)


def told(directory: Directory, *events: Any, lately: Directory | None = None) -> list[NotificationQueued]:
    turn = Turn(directory)
    for event in events:
        command = react(event, directory if lately is None else lately)
        if command is not None:
            command.decide(turn)  # type: ignore[arg-type]  # a turn in memory
    return [event for found in turn.got.values() for event in said(found)]  # type: ignore[misc]


def test_an_event_that_fits_n_subscriptions_queues_n_notifications() -> None:
    directory = listed(opened("a"), opened("b", Channel.LOG), opened("c", types=("tasks.*",)))
    queued = told(directory, in_force())
    assert [(event.subscription, event.channel.value) for event in queued] == [("a", "webhook"), ("b", "log")]
    first = queued[0]
    assert first.notification == notification_id(EVENT, "a")
    assert (first.of_service, first.of_type) == ("registry", "registry.decree.entered-into-force")
    assert (first.of_stream, first.of_position, first.of_keys) == (
        "decree.298-2025",
        3,
        {"decree": "298-2025"},
    )
    assert first.due_at == NOON


def test_an_event_that_comes_again_queues_nothing_more() -> None:
    assert len(told(listed(opened("a")), in_force(), in_force())) == 1
    assert len(told(listed(opened("a")), in_force(), in_force(number=9))) == 2


def test_history_is_not_told() -> None:
    assert told(listed(opened("a")), in_force(NOON - timedelta(seconds=1))) == []


def test_what_was_known_lately_only_says_what_to_look_up() -> None:
    directory = listed(opened("a"))
    assert len(told(directory, in_force(), lately=listed())) == 1
    command = react(in_force(), directory)
    assert command is not None
    assert command.reads[1:] == ((Notification, notification_id(EVENT, "a")),)


def test_witnessing_is_passed_over() -> None:
    event = CheckpointWitnessed.model_construct()
    kind = CATALOGUE["audit.witness.checkpoint-witnessed"]
    assert kind is CheckpointWitnessed
    witnessed = received(event, "registry", {})
    assert react(witnessed, listed(opened("a"))) is None
