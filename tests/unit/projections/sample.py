"""A view of accounts and the events that it folds, for tests of projections."""

from collections.abc import Iterable, Sequence
from dataclasses import field
from typing import Any, ClassVar

from shared.contracts.event import Event
from shared.contracts.identity import Token
from shared.domain import Aggregate
from shared.eventstore.record import Record
from shared.projections import View


class LedgerEvent(Event, service="ledger"):
    pass


class AccountChanged(LedgerEvent, type="account.changed"):
    account: Token
    amount: int
    other: Token | None = None


class AccountClosed(LedgerEvent, type="account.closed"):
    account: Token


class Account(Aggregate):
    kind = "account"
    changes: list[int] = field(default_factory=list)

    def evolve(self, event: Event) -> None:
        if isinstance(event, AccountChanged):
            self.changes.append(event.amount)


class Balances(View):
    """One row for an account; a transfer touches two, closing deletes, a change of 0 leaves it as it is."""

    name = "balances"
    facets: ClassVar[tuple[str, ...]] = ("state", "sign")
    tallied: ClassVar[tuple[str, ...]] = ("state", "sign")

    def keys(self, record: Record) -> Iterable[str]:
        event = record.event
        if isinstance(event, AccountChanged):
            return [event.account, event.other] if event.other else [event.account]
        return [event.account] if isinstance(event, AccountClosed) else []

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        event = record.event
        if isinstance(event, AccountClosed):
            return None
        assert isinstance(event, AccountChanged)
        doc = doc or {"sum": 0, "name": f"حساب {key}"}
        doc["sum"] += event.amount if key == event.account else -event.amount
        doc["state"] = "overdrawn" if doc["sum"] < 0 else "good"
        doc["sign"] = doc["sum"] < 0
        return doc


def replay(view: View, records: Sequence[Record], upto: int | None = None) -> dict[str, dict[str, Any]]:
    """Fold one by one in a dictionary: what every other way must equal."""
    rows: dict[str, dict[str, Any]] = {}
    for record in records:
        if upto is not None and record.position > upto:
            break
        for key in dict.fromkeys(view.keys(record)):
            before = rows.get(key)
            after = view.fold(key, dict(before) if before is not None else None, record)
            if after is None:
                rows.pop(key, None)
            else:
                rows[key] = after
    return rows
