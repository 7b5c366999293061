"""One row per policy of escalation: its newest ladder."""

from collections.abc import Iterable
from typing import Any

from shared.contracts.tasks import EscalationPolicyDeclared
from shared.eventstore.record import Record
from shared.projections.view import View


class EscalationPoliciesView(View):
    """Answers which ladders are followed."""

    name = "escalation-policies"

    def keys(self, record: Record) -> Iterable[str]:
        """The policy itself."""
        return (record.id,) if isinstance(record.event, EscalationPolicyDeclared) else ()

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Take the newest version."""
        told = record.event.model_dump(mode="json")
        return {"policy": told["policy"], "version": told["version"], **told["ladder"]}
