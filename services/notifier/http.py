"""The endpoints: parse, call, render."""

from enum import StrEnum

from fastapi import APIRouter
from starlette.responses import Response

from services.notifier.answers import (
    NotificationRow,
    NotificationStands,
    Secret,
    States,
    SubscriptionRow,
    SubscriptionStands,
)
from services.notifier.application import Notifications, Subscriptions
from services.notifier.inquiries import NotifierInquiries
from services.notifier.requests import Changing, Filter, Id, Opening, OwnerFilter, TypeFilter
from shared.contracts.notifier import Channel
from shared.service.inquiries import standing
from shared.web import AsOfQuery, Caller, Instruct, Items, PageQuery, answered, json_response
from shared.web.joining import joined


class Openness(StrEnum):
    """By which state subscriptions can be listed."""

    OPEN = "open"
    CLOSED = "closed"


class Standing(StrEnum):
    """By which state notifications can be listed."""

    QUEUED = "queued"
    FAILED = "failed"
    DELIVERED = "delivered"
    PARKED = "parked"
    DROPPED = "dropped"


def router(
    subscriptions: Subscriptions, notifications: Notifications, inquiries: NotifierInquiries
) -> APIRouter:
    """Build every endpoint of the service."""
    return joined((_subscriptions(subscriptions, inquiries), _notifications(notifications, inquiries)))


def _subscriptions(subscriptions: Subscriptions, inquiries: NotifierInquiries) -> APIRouter:
    routes = APIRouter(tags=["subscriptions"])

    @routes.post("/subscriptions", response_model=SubscriptionStands)
    async def open_subscription(by: Instruct, body: Opening) -> Response:
        """Subscribe to events that are recorded from now on."""
        return answered(
            await subscriptions.open(by, body.subscription, body.channel, body.interest, body.url)
        )

    @routes.post("/subscriptions/{subscription}/change", response_model=SubscriptionStands)
    async def change(by: Instruct, subscription: Id, body: Changing) -> Response:
        """Ask for other events, or have them sent elsewhere; for the owner alone."""
        return answered(await subscriptions.change(by, subscription, body.interest, body.url))

    @routes.post("/subscriptions/{subscription}/close", response_model=SubscriptionStands)
    async def close(by: Instruct, subscription: Id) -> Response:
        """Be told no more; what waits to be sent is dropped. For the owner and administrators."""
        return answered(await subscriptions.close(by, subscription))

    @routes.post("/subscriptions/{subscription}/secret/renew", response_model=SubscriptionStands)
    async def renew(by: Instruct, subscription: Id) -> Response:
        """Have webhooks signed with another secret; for a day they carry the former signature besides.

        For the owner alone.
        """
        return answered(await subscriptions.renew_secret(by, subscription))

    @routes.get("/subscriptions/{subscription}/secret", response_model=Secret)
    async def secret(reader: Caller, subscription: Id) -> Response:
        """Read the secret that verifies webhooks; for the owner alone, as whoever has it can forge them."""
        told = await subscriptions.secret(reader, subscription)
        return json_response(told, headers={"Cache-Control": "no-store"})

    @routes.get("/subscriptions", response_model=Items[SubscriptionRow])
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        owner: OwnerFilter = None,
        channel: Channel | None = None,
        state: Openness | None = None,
    ) -> Response:
        """List subscriptions, filtered by what is given."""
        where: dict[str, str | None] = {"owner": owner, "channel": channel, "state": state}
        return await inquiries.listed("subscriptions", query, where, when)

    @routes.get("/subscriptions/{subscription}", response_model=SubscriptionRow)
    async def item(_: Caller, when: AsOfQuery, subscription: Id) -> Response:
        """Read a subscription."""
        return await inquiries.item("subscriptions", subscription, when)

    return routes


def _notifications(notifications: Notifications, inquiries: NotifierInquiries) -> APIRouter:
    routes = APIRouter(tags=["notifications"])

    @routes.get("/notifications", response_model=Items[NotificationRow])
    async def listed(
        _: Caller,
        query: PageQuery,
        when: AsOfQuery,
        subscription: Filter = None,
        state: Standing | None = None,
        event_type: TypeFilter = None,
        decree: Filter = None,
    ) -> Response:
        """List notifications, filtered by what is given."""
        where: dict[str, str | None] = {
            "subscription": subscription,
            "state": state,
            "event_type": event_type,
            "decree": decree,
        }
        return await inquiries.listed("notifications", query, where, when)

    @routes.get("/notifications/{notification}", response_model=NotificationRow)
    async def item(_: Caller, when: AsOfQuery, notification: Id) -> Response:
        """Read a notification: how often it was tried, what came of it, when the next attempt is due."""
        return await inquiries.item("notifications", notification, when)

    @routes.post("/notifications/{notification}/retry", response_model=NotificationStands)
    async def retry(by: Instruct, notification: Id) -> Response:
        """Send what failed or is parked now; for the owner, the follow-up office and administrators."""
        return answered(await notifications.retry(by, notification))

    @routes.get("/counts/notifications", response_model=States)
    async def counts(_: Caller, when: AsOfQuery) -> Response:
        """Count all notifications by state."""
        position = await inquiries.folded(when)
        return json_response(await inquiries.counts(when), headers=standing(position, when))

    return routes
