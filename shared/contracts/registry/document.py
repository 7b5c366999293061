"""Documents with their letter numbers; their bytes are kept beside the log, under their SHA-256."""

from datetime import date
from enum import StrEnum

from shared.contracts.identity import Token
from shared.contracts.registry.base import RegistryEvent
from shared.contracts.text import Text


class DocumentKind(StrEnum):
    """What a document is."""

    DECISION = "decision"
    NOTE = "note"
    MINUTES = "minutes"
    EVIDENCE = "evidence"
    LETTER = "letter"


class DocumentRegistered(RegistryEvent, type="document.registered"):
    """A document is known, with its numbers in the registers of incoming and outgoing letters.

    `sha256` in hex, `size` in bytes and `media_type` are those of the bytes that were stored. `decree` and
    `mission` are what it is about, where it is about one.
    """

    document_kind: DocumentKind
    title: Text
    sender: Text
    dated: date
    incoming: str | None
    outgoing: str | None
    sha256: str
    size: int
    media_type: str
    decree: Token | None = None
    mission: Token | None = None


class DocumentWithdrawn(RegistryEvent, type="document.withdrawn"):
    """The document counts no longer. It and its bytes stay, since others rest on it."""

    reason: Text
    reference: str
