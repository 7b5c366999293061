"""Who may do what in this service. Everybody who is known may read everything but secrets."""

from shared.domain import Actor
from shared.domain.permission import Permissions

PERMISSIONS = Permissions(
    {
        "subscription.open": (
            "admin",
            "follow-up-office",
            "department",
            "head-of-mission",
            "controller",
            "auditor",
            "service",
        ),
        "subscription.change": ("admin", "follow-up-office"),
        "subscription.close": ("admin", "follow-up-office"),
        "secret.read": ("admin",),
        "secret.renew": ("admin",),
        "notification.retry": ("admin", "follow-up-office"),
    }
)
"""For all but the first: besides the owner of the subscription, whatever their role."""


def check_owner_or_permitted(actor: Actor, action: str, owner: str) -> None:
    """Refuse whoever is neither the owner (or stands in for them) nor permitted by the table."""
    if owner not in (actor.subject, actor.on_behalf_of):
        PERMISSIONS.check(actor, action)
