"""A subscription: open → closed → cleared; its owner, its channel, its interest and its secret's number."""

from dataclasses import field
from datetime import datetime, timedelta
from enum import StrEnum

from services.notifier.subscription import refusals
from services.notifier.subscription.address import check_url
from services.notifier.subscription.interest import check_interest
from services.notifier.subscription.terms import Terms
from shared.contracts.event import Event
from shared.contracts.notifier import (
    Channel,
    Interest,
    SubscriptionChanged,
    SubscriptionCleared,
    SubscriptionClosed,
    SubscriptionOpened,
    SubscriptionSecretRenewed,
)
from shared.domain import Aggregate, Lifecycle, Moment, Step

CHANGING_OVER = timedelta(hours=24)
"""How long after a renewal webhooks are also signed with the secret before."""


class SubscriptionState(StrEnum):
    """Where a subscription stands."""

    NONE = "none"
    OPEN = "open"
    CLOSED = "closed"


class Subscription(Aggregate):
    """Somebody who wants to be told."""

    kind = "subscription"
    lifecycle = Lifecycle(
        SubscriptionState.NONE,
        Step(SubscriptionOpened, (SubscriptionState.NONE,), SubscriptionState.OPEN),
        Step(SubscriptionChanged, (SubscriptionState.OPEN,)),
        Step(SubscriptionSecretRenewed, (SubscriptionState.OPEN,)),
        Step(SubscriptionClosed, (SubscriptionState.OPEN,), SubscriptionState.CLOSED),
        Step(SubscriptionCleared, (SubscriptionState.CLOSED,)),
    )

    state: SubscriptionState = SubscriptionState.NONE
    owner: str = ""
    channel: Channel = Channel.LOG
    interest: Interest = field(default_factory=Interest)
    url: str | None = None
    secret_number: int = 0
    former_until: datetime | None = None
    cleared: bool = False

    @property
    def is_open(self) -> bool:
        """Whether anything is sent for it."""
        return self.state is SubscriptionState.OPEN

    def open(
        self, owner: str, channel: Channel, interest: Interest, url: str | None, terms: Terms, moment: Moment
    ) -> None:
        """Begin to be told."""
        if self.exists:
            raise refusals.SubscriptionExists(subscription=self.id)
        check_interest(interest, terms.everything)
        _check_address(channel, url, terms.private)
        self.record(
            SubscriptionOpened(
                subscription=self.id, owner=owner, channel=channel, interest=interest, url=url
            ),
            moment,
        )

    def change(self, interest: Interest | None, url: str | None, terms: Terms, moment: Moment) -> bool:
        """Take another interest or address; what is None stays. Tell whether anything is another."""
        self.must_be_open()
        wanted, place = interest or self.interest, url or self.url
        check_interest(wanted, terms.everything)
        _check_address(self.channel, place, terms.private)
        if (wanted, place) == (self.interest, self.url):
            return False
        self.record(SubscriptionChanged(subscription=self.id, interest=wanted, url=place), moment)
        return True

    def renew_secret(self, moment: Moment) -> None:
        """Sign with another secret from now on, and for a day with the former one besides."""
        self.must_be_open().must_have_secret()
        self.record(
            SubscriptionSecretRenewed(
                subscription=self.id,
                secret_number=self.secret_number + 1,
                former_until=moment.recorded_at + CHANGING_OVER,
            ),
            moment,
        )

    def close(self, by: str, moment: Moment) -> None:
        """End it for good; it is told who did."""
        self.must_be_open()
        self.record(SubscriptionClosed(subscription=self.id, by=by), moment)

    def clear(self, dropped: int, moment: Moment) -> None:
        """Note that nothing waits to be sent any more; said again, it changes nothing."""
        if self.state is SubscriptionState.CLOSED and not self.cleared:
            self.record(SubscriptionCleared(subscription=self.id, dropped=dropped), moment)

    def must_be_open(self) -> "Subscription":
        """Return self, or refuse: there is none, or it is closed."""
        self.must_exist()
        if not self.is_open:
            raise refusals.SubscriptionIsClosed(subscription=self.id)
        return self

    def must_have_secret(self) -> "Subscription":
        """Return self, or refuse where nothing is signed."""
        self.must_exist()
        if self.channel is not Channel.WEBHOOK:
            raise refusals.NoSecret(subscription=self.id)
        return self

    def secret_numbers(self, now: datetime) -> tuple[int, ...]:
        """Which secrets sign at a moment, the newest first."""
        if self.former_until is not None and now < self.former_until:
            return self.secret_number, self.secret_number - 1
        return (self.secret_number,)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case SubscriptionOpened():
                self.state, self.owner, self.channel = SubscriptionState.OPEN, event.owner, event.channel
                self.interest, self.url = event.interest, event.url
                self.secret_number = event.secret_number
            case SubscriptionChanged():
                self.interest, self.url = event.interest, event.url
            case SubscriptionSecretRenewed():
                self.secret_number, self.former_until = event.secret_number, event.former_until
            case SubscriptionClosed():
                self.state = SubscriptionState.CLOSED
            case SubscriptionCleared():
                self.cleared = True


def _check_address(channel: Channel, url: str | None, private: bool) -> None:
    if channel is not Channel.WEBHOOK:
        if url is not None:
            raise refusals.NoAddressAllowed(channel=channel.value)
    elif url is None:
        raise refusals.AddressNeeded()
    else:
        check_url(url, private)
