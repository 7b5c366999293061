"""What is told of the handover of a mission."""

from typing import get_type_hints

from pydantic import create_model

from services.registry.handover import Handover
from shared.contracts.registry import Signatory
from shared.web import AnswerModel


class LedgerHead(AnswerModel):
    """The ledger of a mission: what has a successor, an owner or a fate, or has none yet."""

    mission: str
    version: int


_KEPT = {name: kind for name, kind in get_type_hints(Handover).items() if name in Handover.__annotations__}

Ledger = create_model("Ledger", __base__=LedgerHead, **{name: (kind, ...) for name, kind in _KEPT.items()})  # type: ignore[call-overload]  # fields by name
"""It tells exactly what the aggregate keeps."""


class EntryMade(AnswerModel):
    """An entry in the ledger, and the sides whose signatures count no longer."""

    mission: str
    version: int
    signatures_voided: list[Signatory]


class MinutesSigned(AnswerModel):
    """The sides that have signed the closing minutes."""

    mission: str
    signed: list[Signatory]
