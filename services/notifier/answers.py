"""What notifier answers, described: subscriptions, notifications, counts."""

from uuid import UUID

from pydantic import AwareDatetime

from services.notifier.notification import NotificationState
from services.notifier.subscription import SubscriptionState
from shared.contracts.notifier import NotificationQueued, SubscriptionOpened
from shared.service.answers import Overview
from shared.web import AnswerModel, shows, sometimes

States = dict[NotificationState, int]
"""Counts of notifications by state."""


class SubscriptionStands(AnswerModel, SubscriptionOpened):
    """How a subscription stands after a command."""

    state: SubscriptionState


class SubscriptionRow(SubscriptionStands):
    """A subscription; `clear_at` while something may wait for a closed one, `dropped` of what did."""

    opened_at: AwareDatetime
    closed_at: AwareDatetime | None
    closed_by: str | None
    clear_at: AwareDatetime | None
    dropped: int
    changed_at: AwareDatetime
    version: int


class Secret(AnswerModel):
    """The secret that verifies webhooks, and which of the subscription's it is."""

    subscription: str
    secret_number: int
    secret: str


@shows(
    NotificationQueued,
    (
        "notification",
        "subscription",
        "event",
        "channel",
        "of_service",
        "of_type",
        "of_stream",
        "of_position",
        "of_keys",
    ),
    renamed={"of_type": "event_type"},
)
class NotificationRow(AnswerModel):
    """A notification: of what, for whom, how it stands, what came of it, and when the next attempt is due."""

    decree: str | None
    correlation: UUID
    traceparent: str | None = sometimes()
    state: NotificationState
    attempts: int
    status: int | None
    reason: str | None
    due_at: AwareDatetime | None
    queued_at: AwareDatetime
    changed_at: AwareDatetime
    version: int


class NotificationStands(AnswerModel):
    """How a notification stands after a command."""

    notification: str
    subscription: str
    state: NotificationState
    attempts: int


class DecreeCounts(AnswerModel):
    """The notifications of the events of a decree by state."""

    notifications: States


class NotifierOverview(Overview):
    """How far the service is, and what it sent of each decree."""

    decrees: dict[str, DecreeCounts]
