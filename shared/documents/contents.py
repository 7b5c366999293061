"""The port to where bytes of documents are kept, and what is said of them."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Described:
    """What bytes are: their SHA-256 in hex, how many they are, and of which media type."""

    sha256: str
    size: int
    media_type: str


class ContentsUnusable(Exception):
    """The place where bytes are kept does not answer as it should."""


class Damaged(Exception):
    """Bytes are not what their digest says any more."""


class Contents(Protocol):
    """Keeps bytes by their digest. All calls block."""

    def put(self, sha256: str, content: bytes) -> bool:
        """Keep bytes whose digest was checked; return False where they are kept already.

        Raises:
            ContentsUnusable: they cannot be kept now.
        """

    def read(self, sha256: str) -> bytes | None:
        """Return bytes, checked against their digest; None where they are not kept.

        Raises:
            Damaged: what is kept is something else.
            ContentsUnusable: they cannot be read now.
        """

    def has(self, sha256: str) -> bool:
        """Whether bytes are kept, by their name alone.

        Raises:
            ContentsUnusable: that cannot be told now.
        """
