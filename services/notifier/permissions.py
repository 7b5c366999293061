"""Who may do what in this service. Everybody who is known may read everything but secrets."""

from shared.domain import Actor, Forbidden, Text
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
        "subscription.to-everything": ("admin", "follow-up-office", "controller", "auditor"),
        "subscription.close": ("admin",),
        "notification.retry": ("admin", "follow-up-office"),
    }
)
"""The last two: besides the owner of the subscription, whatever their role."""

OWNERS_ONLY = frozenset({"subscription.change", "secret.read", "secret.renew"})
"""What no role permits. Whoever has the secret can forge what the receiver takes for ours; whoever moves the
address, narrows the interest or renews the secret silences it unseen. Among those who subscribe are they who
audit administrators and the follow-up office."""


class NotTheOwner(Forbidden):
    """The action is for the owner of the subscription, and for no role."""

    slug = "not-the-owner"
    detail = Text(
        en="{action} is only for the owner of the subscription, and for whoever acts on their behalf.",
        ar="الإجراء «{action_ar}» مقصور على صاحب الاشتراك ومن ينوب عنه.",
    )


def check_owner_or_permitted(actor: Actor, action: str, owner: str) -> None:
    """Refuse whoever is neither the owner (or stands in for them) nor permitted by the table."""
    if owner in (actor.subject, actor.on_behalf_of):
        return
    if action in OWNERS_ONLY:
        raise NotTheOwner(action=action)
    PERMISSIONS.check(actor, action)
