"""The kinds of files that are taken, known by their first bytes and not by what somebody calls them."""

import unicodedata

_BY_BEGINNING: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
TEXT = "text/plain"
TAKEN = tuple(dict.fromkeys([*(kind for _, kind in (*_BY_BEGINNING, *_OFFICE)), TEXT]))
"""Every media type that is taken."""


def media_type_of(content: bytes) -> str | None:
    """Tell the media type of bytes; None where they are of no kind that is taken.

    Text is UTF-8 without control characters but tabs and line ends, and no markup that a browser would run.
    """
    for beginning, kind in _BY_BEGINNING:
        if content.startswith(beginning):
            return kind
    if content.startswith(b"PK\x03\x04"):
        if b"[Content_Types].xml" not in content:
            return None
        return next((kind for part, kind in _OFFICE if part in content), None)
    return TEXT if _is_text(content) else None


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    if not text.strip() or text.lstrip("\ufeff \t\r\n").startswith("<"):
        return False
    return not any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in text)
