"""The open subscriptions: whom an event is told to is decided on this aggregate, and on no read model."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from services.notifier.directory.limits import Holder, check_place
from services.notifier.subscription.interest import asks_for, fits
from shared.contracts.event import Event
from shared.contracts.notifier import Channel, Interest, Party, SubscriptionListed, SubscriptionUnlisted
from shared.domain import Aggregate, Moment

OPEN = "open"
"""The id of the one directory."""


class Listing(BaseModel):
    """What must be known of a subscription to tell whether an event is for it, and whose place it takes."""

    model_config = ConfigDict(frozen=True)

    owner: str
    party: Party
    department: str | None
    channel: Channel
    interest: Interest
    since: datetime

    @property
    def holder(self) -> Holder:
        """Whose place it takes."""
        return Holder(self.owner, self.party, self.department)


class Directory(Aggregate):
    """Each change of a subscription is also recorded here, in the same command."""

    kind = "directory"

    listings: dict[str, Listing] = field(default_factory=dict)

    def enter(
        self, subscription: str, holder: Holder, channel: Channel, interest: Interest, moment: Moment
    ) -> None:
        """List a subscription from now on; refused where its holder has as many as they may."""
        check_place(holder, (listing.holder for listing in self.listings.values()))
        listing = Listing(
            owner=holder.owner,
            party=holder.party,
            department=holder.department,
            channel=channel,
            interest=interest,
            since=moment.recorded_at,
        )
        self._list(subscription, listing, moment)

    def amend(self, subscription: str, interest: Interest, moment: Moment) -> None:
        """List another interest; whose it is stays, and since when."""
        listing = self.listings[subscription].model_copy(update={"interest": interest})
        self._list(subscription, listing, moment)

    def strike(self, subscription: str, moment: Moment) -> None:
        """List a subscription no more."""
        if subscription in self.listings:
            self.record(SubscriptionUnlisted(subscription=subscription), moment)

    def fitting(
        self,
        event_type: str,
        keys: Mapping[str, str],
        recorded_at: datetime,
        co_executors: Sequence[str] = (),
    ) -> dict[str, Listing]:
        """Return the subscriptions that an event is for, by id: not those opened after it was recorded."""
        return {
            subscription: listing
            for subscription, listing in self._asking_for(event_type).items()
            if listing.since <= recorded_at and fits(listing.interest, event_type, keys, co_executors)
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

    def _list(self, subscription: str, listing: Listing, moment: Moment) -> None:
        self.record(SubscriptionListed(subscription=subscription, **dict(listing)), moment)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        self.__dict__.pop("_remembered", None)
        match event:
            case SubscriptionListed():
                self.listings[event.subscription] = Listing(
                    owner=event.owner,
                    party=event.party,
                    department=event.department,
                    channel=event.channel,
                    interest=event.interest,
                    since=event.since,
                )
            case SubscriptionUnlisted():
                self.listings.pop(event.subscription, None)
