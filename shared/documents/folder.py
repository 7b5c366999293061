"""Bytes as files named by their digest, in a folder that all replicas share."""

from hashlib import sha256 as digest_of
from pathlib import Path

from shared.documents.contents import ContentsUnusable, Damaged
from shared.eventstore.sealing.files import make

FORMAT = b"tanfidh contents 1\n"


class ContentsFolder:
    """Files ``ab/abcdef…``: whole or not there, written once and open to nobody else.

    A file whose content is not what its name says makes room when the right bytes come again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            make(folder / "FORMAT", FORMAT)
            known = (folder / "FORMAT").read_bytes()
        except OSError as error:
            raise ContentsUnusable(f"the folder of documents {folder} cannot be used: {error}") from error
        if known != FORMAT:
            raise ContentsUnusable(f"the folder of documents {folder} has a format that is not known")

    def put(self, sha256: str, content: bytes) -> bool:
        """Keep bytes; return False where they are kept already."""
        file = self._place(sha256)
        try:
            if self._is_damaged(sha256):
                file.unlink(missing_ok=True)
            file.parent.mkdir(mode=0o700, exist_ok=True)
            return make(file, content)
        except OSError as error:
            raise ContentsUnusable(f"{file} cannot be written: {error}") from error

    def read(self, sha256: str) -> bytes | None:
        """Return bytes, checked; None where they are not kept."""
        file = self._place(sha256)
        try:
            content = file.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ContentsUnusable(f"{file} cannot be read: {error}") from error
        if digest_of(content).hexdigest() != sha256:
            raise Damaged(f"{file} does not hold what its name says")
        return content

    def has(self, sha256: str) -> bool:
        """Whether there is a file of that name."""
        try:
            return self._place(sha256).is_file()
        except OSError as error:
            raise ContentsUnusable(f"{self._folder} cannot be read: {error}") from error

    def _is_damaged(self, sha256: str) -> bool:
        try:
            self.read(sha256)
        except Damaged:
            return True
        return False

    def _place(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise ValueError(f"{sha256[:80]!r} is no SHA-256 in hex")
        return self._folder / sha256[:2] / sha256
