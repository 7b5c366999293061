"""Documents: what they are, their letter numbers and the digest of their bytes."""

from services.registry.document.document import Document, DocumentState

__all__ = ["Document", "DocumentState"]
