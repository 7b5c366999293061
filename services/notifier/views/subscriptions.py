"""One row per subscription: whose it is, what it asks for, where it goes, and whether it is open."""

from collections.abc import Iterable
from typing import Any

from shared.contracts import notifier as said
from shared.contracts.meta import rfc3339
from shared.eventstore.record import Record
from shared.projections.view import View


class SubscriptionsView(View):
    """Answers lists of subscriptions; a closed one is due to be cleared at once."""

    name = "subscriptions"
    facets = ("owner", "channel", "state")
    due = "clear_at"

    def keys(self, record: Record) -> Iterable[str]:
        """The subscription itself."""
        return (record.id,) if record.kind == "subscription" else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Apply one event of the subscription."""
        row = {} if doc is None else doc
        event, at = record.event, rfc3339(record.recorded_at)
        match event:
            case said.SubscriptionOpened():
                row = event.model_dump(mode="json")
                row |= {"state": "open", "opened_at": at, "closed_at": None, "closed_by": None}
                row |= {"clear_at": None, "dropped": 0}
            case said.SubscriptionChanged():
                told = event.model_dump(mode="json")
                row |= {"interest": told["interest"], "url": told["url"]}
            case said.SubscriptionSecretRenewed():
                row["secret_number"] = event.secret_number
            case said.SubscriptionClosed():
                row |= {"state": "closed", "closed_at": at, "closed_by": event.by, "clear_at": at}
            case said.SubscriptionCleared():
                row |= {"clear_at": None, "dropped": event.dropped}
        row |= {"version": record.version, "changed_at": at}
        return row
