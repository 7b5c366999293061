"""The bytes of documents: by their SHA-256, in a folder that all replicas share, never run nor changed."""

from shared.documents.contents import Contents, Described
from shared.documents.folder import ContentsFolder
from shared.documents.keeping import Keeping

__all__ = ["Contents", "ContentsFolder", "Described", "Keeping"]
