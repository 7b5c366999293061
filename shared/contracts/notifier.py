"""The events of the service `notifier`: subscriptions, and what was sent to whom."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.identity import Token
from shared.contracts.inbox import GivenUp, Parked, Retried, Skipped, TakenIn


class NotifierEvent(Event, service="notifier"):
    """The base of every event of this service."""


class Channel(StrEnum):
    """How somebody is told."""

    WEBHOOK = "webhook"
    LOG = "log"


class Interest(BaseModel):
    """Which events are wanted: all that fit every field that is not empty.

    `types` are event types, whole (``tasks.deadline.missed``) or with ``*`` for the last parts
    (``tasks.deadline.*``, ``registry.*``). The others are query keys, any of those listed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    types: tuple[str, ...] = ()
    decrees: tuple[Token, ...] = ()
    missions: tuple[Token, ...] = ()
    departments: tuple[Token, ...] = ()


class SubscriptionOpened(NotifierEvent, type="subscription.opened"):
    """Somebody wants to be told. `url` is where a webhook goes; its secret is no part of any event.

    `secret_number` counts the secrets that the subscription has had: the secret follows from it.
    """

    subscription: Token
    owner: str
    channel: Channel
    interest: Interest
    url: str | None = None
    secret_number: int = Field(default=1, ge=1)


class SubscriptionChanged(NotifierEvent, type="subscription.changed"):
    """The interest or the address is another one from now on."""

    subscription: Token
    interest: Interest
    url: str | None = None


class SubscriptionSecretRenewed(NotifierEvent, type="subscription.secret-renewed"):
    """Webhooks are signed with the secret of that number from now on.

    Until `former_until` they carry a second signature with the one before, so that receivers can change over.
    """

    subscription: Token
    secret_number: int
    former_until: datetime


class SubscriptionClosed(NotifierEvent, type="subscription.closed"):
    """Nothing is sent any more. `by` is who closed it: its owner, or an administrator."""

    subscription: Token
    by: str


class SubscriptionCleared(NotifierEvent, type="subscription.cleared"):
    """Nothing waits any more for a closed subscription; `dropped` counts what was dropped for that.

    What fell due in the meantime is dropped by itself, and not counted here.
    """

    subscription: Token
    dropped: int


class Party(StrEnum):
    """Whose places among all open subscriptions one takes: each party has its own."""

    OFFICE = "office"
    OVERSIGHT = "oversight"
    OTHERS = "others"


class SubscriptionListed(NotifierEvent, type="directory.subscription-listed"):
    """The subscription gets events of this interest that are recorded at `since` or later.

    It counts among those of `owner`, and of `party` and `department`, as they were when it was opened.
    """

    subscription: Token
    owner: str
    party: Party
    department: Token | None = None
    channel: Channel
    interest: Interest
    since: datetime


class SubscriptionUnlisted(NotifierEvent, type="directory.subscription-unlisted"):
    """The subscription gets no event any more."""

    subscription: Token


class NotificationFact(NotifierEvent):
    """What every event of a notification says about it: one event for one subscription.

    `event` is the id of the event that it tells of. All attempts carry the same id.
    """

    notification: Token
    subscription: Token
    event: UUID


class NotificationQueued(NotificationFact, type="notification.queued"):
    """An event fits a subscription; it is to be sent.

    Where the event is: its type, its stream, and its position in the log of `of_service`; `of_keys` are its
    query keys. Its payload is not repeated here: it is read from its service's stream when it is sent.
    """

    channel: Channel
    of_service: Token
    of_type: str
    of_stream: str
    of_position: int
    of_keys: dict[str, str]
    due_at: datetime


class NotificationDelivered(NotificationFact, type="notification.delivered"):
    """It was sent; a webhook was answered with 2xx."""

    attempt: int
    status: int | None = None


class NotificationFailed(NotificationFact, type="notification.failed"):
    """An attempt failed; the next one is at `next_at`. `reason` names no address."""

    attempt: int
    status: int | None = None
    reason: str
    next_at: datetime


class NotificationParked(NotificationFact, type="notification.parked"):
    """No attempt is left, or none makes sense; it waits for a person to retry it."""

    attempt: int
    status: int | None = None
    reason: str


class NotificationRetried(NotificationFact, type="notification.retried"):
    """A person asked for it to be sent now, parked or waiting for its next attempt; attempts count on."""

    due_at: datetime


class NotificationDropped(NotificationFact, type="notification.dropped"):
    """It will not be sent: its subscription was closed."""

    reason: str


class InboxEventParked(NotifierEvent, Parked, type="inbox.event-parked"):
    """An event was not taken in, and waits."""


class InboxEventGivenUp(NotifierEvent, GivenUp, type="inbox.event-given-up"):
    """A parked event waits for a person."""


class InboxEventRetried(NotifierEvent, Retried, type="inbox.event-retried"):
    """A person wants a parked event tried again."""


class InboxEventSkipped(NotifierEvent, Skipped, type="inbox.event-skipped"):
    """A person decided that a parked event never takes effect here."""


class InboxEventTakenIn(NotifierEvent, TakenIn, type="inbox.event-taken-in"):
    """A parked event was taken in after all."""
