"""What is told of the handover of a mission."""

from services.registry.handover import Handover
from shared.contracts.registry import Signatory
from shared.web import AnswerModel, shows


@shows(Handover)
class Ledger(AnswerModel):
    """The ledger of a mission: what has a successor, an owner or a fate, or has none yet."""

    mission: str
    version: int


class EntryMade(AnswerModel):
    """An entry in the ledger, and the sides whose signatures count no longer."""

    mission: str
    version: int
    signatures_voided: list[Signatory]


class MinutesSigned(AnswerModel):
    """The sides that have signed the closing minutes."""

    mission: str
    signed: list[Signatory]
