"""From events that arrived to the commands that take them in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import uuid5

from shared.contracts.event import CATALOGUE
from shared.domain import Actor
from shared.eventstore.command import Command, InboxStep, Instruction, Turn
from shared.messaging.received import Received

Reaction = Callable[[Received], Command[Any] | None]
"""What a service does when another's event arrives; pure, and None where it does nothing."""


class ReactionFailed(Exception):
    """An event could not be taken in; the text says which and why."""

    def __init__(self, received: Received, source: str, cause: BaseException) -> None:
        self.about = {
            "event_id": str(received.event_id),
            "event_position": received.position,
            "correlation": str(received.about.fields.get("correlation")),
        }
        super().__init__(
            f"event {received.event_id} ({received.type}) at position {received.position} "
            f"of {source} cannot be taken in: {cause!r}"
        )


@dataclass(frozen=True, slots=True)
class Step:
    """A command that moves the inbox up to the event that it takes in."""

    command: Command[Any]
    received: Received


def plan(service: str, inbox: str, after: int, events: Sequence[Received], react: Reaction) -> list[Step]:
    """Build the commands for consecutive events; they must be executed in order.

    Events without a reaction are passed over by the next command, or by one that does nothing else.
    A reaction that fails ends the plan before its event.

    Raises:
        ReactionFailed: the very first event's reaction failed.
    """
    steps: list[Step] = []
    stands = after
    passed: Received | None = None
    for received in events:
        try:
            command = react(received) if received.type in CATALOGUE else None
        except Exception as error:
            if received is events[0]:
                raise ReactionFailed(received, inbox, error) from error
            break
        if command is None:
            passed = received
            continue
        steps.append(_step(command, inbox, stands, received))
        stands, passed = received.position, None
    if passed is not None:
        steps.append(_step(_pass_over(service, passed), inbox, stands, passed))
    return steps


def _step(command: Command[Any], inbox: str, after: int, received: Received) -> Step:
    step = InboxStep(inbox, after, received.position)
    return Step(replace(command, by=replace(command.by, inbox=step)), received)


def _pass_over(service: str, last: Received) -> Command[None]:
    by = Instruction(
        id=uuid5(last.event_id, f"{service}.passed-over"),
        actor=Actor(subject=f"service:{service}", role="service"),
        correlation=last.correlation,
        causation=last.event_id,
    )
    return Command("pass-over", by, _nothing)


def _nothing(_: Turn) -> None:
    """Decide nothing: only the inbox moves."""
