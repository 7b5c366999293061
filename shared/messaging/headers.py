"""The headers of a message, read as the NATS client reads them, in less than half of its time.

The client looks at each character of each header's name, for every message. There are few names, and each is
looked at once here.
"""

from functools import lru_cache

LONGEST = 64
"""Bytes of a name that is remembered, at most; ours are shorter."""


def parse_headers(lines: bytes) -> dict[str, str]:
    """Read the lines of headers, each ended by CR and LF; lines that are no header are passed over."""
    headers: dict[str, str] = {}
    for line in lines.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if colon and (key := _known(name) if len(name) <= LONGEST else name_of(name)) is not None:
            headers[key] = value.strip().decode("utf-8", "replace")
    return headers


def name_of(name: bytes) -> str | None:
    """A name as the client has it; None where it is no name of a header."""
    key = name.strip()
    if not key.isascii() or any(chr(character).isspace() for character in key):
        return None
    return key.decode()


_known = lru_cache(1024)(name_of)
