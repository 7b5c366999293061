"""What is to be sent, and what came of it: the two commands around an attempt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID, uuid5

from services.notifier.notification import Notification
from services.notifier.reactions import SERVICE
from services.notifier.sending.agenda import Waiting
from services.notifier.sending.outcome import Attempted
from services.notifier.subscription import Subscription
from shared.contracts.notifier import Channel
from shared.eventstore.command import Command, Instruction, Turn

T = TypeVar("T")

CLOSED = "subscription-closed"


@dataclass(frozen=True, slots=True)
class Assignment:
    """One attempt to be made: of what, for whom, where to, signed with which secrets."""

    notification: str
    attempt: int
    subscription: str
    owner: str
    channel: Channel
    url: str | None
    secret_numbers: tuple[int, ...]
    event: UUID
    of_type: str
    of_stream: str
    of_position: int
    of_keys: dict[str, str]


def assigning(waiting: Waiting) -> Command[Assignment | None]:
    """Build the command that says what to send now; it drops what was for a subscription that is closed."""

    def decide(turn: Turn) -> Assignment | None:
        found = turn.get(Notification, waiting.notification)
        if not found.is_due(turn.moment.recorded_at):
            return None
        subscription = turn.get(Subscription, found.subscription)
        if not subscription.is_open:
            found.drop(CLOSED, turn.moment)
            return None
        return Assignment(
            notification=found.id,
            attempt=found.attempts + 1,
            subscription=subscription.id,
            owner=subscription.owner,
            channel=subscription.channel,
            url=subscription.url,
            secret_numbers=subscription.secret_numbers(turn.moment.recorded_at),
            event=found.event,
            of_type=found.of_type,
            of_stream=found.of_stream,
            of_position=found.of_position,
            of_keys=found.of_keys,
        )

    return _command("assign-attempt", waiting, "drop", decide)


def recording(waiting: Waiting, attempt: int, attempted: Attempted) -> Command[None]:
    """Build the command that records what came of an attempt; recorded again, it changes nothing."""

    def decide(turn: Turn) -> None:
        found = turn.get(Notification, waiting.notification)
        if attempted.reason is None:
            found.deliver(attempt, attempted.status, turn.moment)
        elif attempted.final:
            found.park(attempt, attempted.status, attempted.reason, turn.moment)
        else:
            found.fail(attempt, attempted.status, attempted.reason, attempted.asked, turn.moment)

    return _command("record-attempt", waiting, f"attempt {attempt}", decide)


def dropping(waiting: Waiting) -> Command[bool]:
    """Build the command that drops a notification; tell whether it was still to be sent."""

    def decide(turn: Turn) -> bool:
        return turn.get(Notification, waiting.notification).drop(CLOSED, turn.moment)

    return _command("drop-notification", waiting, "drop", decide)


def _command(name: str, waiting: Waiting, part: str, decide: Callable[[Turn], T]) -> Command[T]:
    by = Instruction(
        id=uuid5(waiting.event, f"notifier {waiting.notification} {part}"),
        actor=SERVICE,
        correlation=waiting.correlation,
        causation=waiting.event,
        traceparent=waiting.traceparent,
    )
    return Command(name, by, decide, ((Notification, waiting.notification),))
