"""The open subscriptions: whom an event is told to is decided on this aggregate, and on no read model."""

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.notifier.subscription.interest import asks_for, fits
from services.notifier.subscription.refusals import TooManySubscriptions
from shared.contracts.event import Event
from shared.contracts.notifier import Channel, Interest, SubscriptionListed, SubscriptionUnlisted
from shared.domain import Aggregate, Moment

OPEN = "open"
"""The id of the one directory."""

MOST_OPEN = 500
"""Open subscriptions, at most."""


class Listing(BaseModel):
    """What must be known of a subscription to tell whether an event is for it."""

    model_config = ConfigDict(frozen=True)

    channel: Channel
    interest: Interest
    since: datetime


class Directory(Aggregate):
    """Each change of a subscription is also recorded here, in the same command."""

    kind = "directory"

    listings: dict[str, Listing] = field(default_factory=dict)

    def enter(self, subscription: str, channel: Channel, interest: Interest, moment: Moment) -> None:
        """List a subscription from now on; one that is listed keeps the moment since when it is."""
        known = self.listings.get(subscription)
        if known is None and len(self.listings) >= MOST_OPEN:
            raise TooManySubscriptions(most=MOST_OPEN)
        since = moment.recorded_at if known is None else known.since
        self.record(
            SubscriptionListed(subscription=subscription, channel=channel, interest=interest, since=since),
            moment,
        )

    def strike(self, subscription: str, moment: Moment) -> None:
        """List a subscription no more."""
        if subscription in self.listings:
            self.record(SubscriptionUnlisted(subscription=subscription), moment)

    def fitting(self, event_type: str, keys: Mapping[str, str], recorded_at: datetime) -> dict[str, Listing]:
        """Return the subscriptions that an event is for, by id: not those opened after it was recorded."""
        return {
            subscription: listing
            for subscription, listing in self._asking_for(event_type).items()
            if listing.since <= recorded_at and fits(listing.interest, event_type, keys)
        }

    def _asking_for(self, event_type: str) -> dict[str, Listing]:
        """Return those that ask for a type; remembered until a listing changes, as most events fit nobody."""
        remembered: dict[str, dict[str, Listing]] = self.__dict__.setdefault("_remembered", {})
        if event_type not in remembered:
            remembered[event_type] = {
                subscription: listing
                for subscription, listing in self.listings.items()
                if asks_for(listing.interest, event_type)
            }
        return remembered[event_type]

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        self.__dict__.pop("_remembered", None)
        match event:
            case SubscriptionListed():
                self.listings[event.subscription] = Listing(
                    channel=event.channel, interest=event.interest, since=event.since
                )
            case SubscriptionUnlisted():
                self.listings.pop(event.subscription, None)
