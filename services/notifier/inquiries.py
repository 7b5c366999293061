"""The questions that this service answers."""

from collections.abc import Mapping
from typing import Any, ClassVar

from services.notifier.views.notifications import counts, counts_by_decree
from shared.service.inquiries import Inquiries, past
from shared.web import AsOf


class NotifierInquiries(Inquiries):
    """What is known of subscriptions and notifications."""

    kinds: ClassVar[Mapping[str, str]] = {
        "subscriptions": "subscription",
        "notifications": "notification",
    }

    async def counts(self, when: AsOf | None = None) -> dict[str, int]:
        """Count all notifications by state."""
        return await counts(self._views, past(when))

    async def counts_by_decree(self) -> Mapping[str, Mapping[str, Any]]:
        """Count the notifications of the events of every decree by state."""
        return {
            decree: {"notifications": told} for decree, told in (await counts_by_decree(self._views)).items()
        }
