"""What is to be sent, and what came of it: the two commands around an attempt."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from services.notifier.notification import Notification
from services.notifier.reactions import SERVICE
from services.notifier.sending.outcome import Attempted
from services.notifier.subscription import Subscription
from shared.contracts.notifier import Channel
from shared.eventstore.command import Command, Instruction, Turn

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
    now: datetime


def assigning(notification: str, correlation: UUID, event: UUID) -> Command[Assignment | None]:
    """Build the command that says what to send now; it drops what was for a subscription that is closed."""

    def decide(turn: Turn) -> Assignment | None:
        found = turn.get(Notification, notification)
        if not found.is_due(turn.moment.recorded_at):
            return None
        subscription = turn.get(Subscription, found.subscription)
        if not subscription.is_open:
            found.drop(CLOSED, turn.moment)
            return None
        return Assignment(
            notification=notification,
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
            now=turn.moment.recorded_at,
        )

    by = _instruction(notification, "drop", correlation, event)
    return Command("assign-attempt", by, decide, ((Notification, notification),))


def recording(assignment: Assignment, attempted: Attempted, correlation: UUID) -> Command[None]:
    """Build the command that records what came of an attempt; recorded again, it changes nothing."""

    def decide(turn: Turn) -> None:
        found, attempt = turn.get(Notification, assignment.notification), assignment.attempt
        if attempted.reason is None:
            found.deliver(attempt, attempted.status, turn.moment)
        elif attempted.final:
            found.park(attempt, attempted.status, attempted.reason, turn.moment)
        else:
            found.fail(attempt, attempted.status, attempted.reason, attempted.asked, turn.moment)

    name = f"attempt {assignment.attempt}"
    by = _instruction(assignment.notification, name, correlation, assignment.event)
    return Command("record-attempt", by, decide, ((Notification, assignment.notification),))


def dropping(notification: str, correlation: UUID, event: UUID) -> Command[bool]:
    """Build the command that drops a notification; tell whether it was still to be sent."""
    by = _instruction(notification, "drop", correlation, event)
    return Command(
        "drop-notification",
        by,
        lambda turn: turn.get(Notification, notification).drop(CLOSED, turn.moment),
        ((Notification, notification),),
    )


def _instruction(notification: str, name: str, correlation: UUID, event: UUID) -> Instruction:
    return Instruction(
        id=uuid5(event, f"notifier {notification} {name}"),
        actor=SERVICE,
        correlation=correlation,
        causation=event,
    )
