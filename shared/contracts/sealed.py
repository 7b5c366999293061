"""Personal fields of events: as whoever has no key sees them.

An event class declares such a field as ``name: Sealed = None``. Its value is a token, which holds the
encrypted text and can be moved from field to field unopened. It stands in the column ``sealed`` of the stored
row, and never in ``data`` or ``meta``: on the wire the field is missing, and ``tf-sealed`` has the digest.
"""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Self

from pydantic import Field

FORMAT = 1
TOKEN_FORM = (
    r"^1:[0-9a-f]{32}:[a-z-]{1,32}\.[A-Za-z0-9_-]{1,64}:[1-9][0-9]{0,17}:[a-z][a-z0-9_]{0,63}"
    r":[A-Za-z0-9_-]{38,}$"
)

_TOKEN = re.compile(TOKEN_FORM)


class _Personal:
    """Marks a field as personal."""


PERSONAL: Final = _Personal()

Sealed = Annotated[str | None, PERSONAL, Field(exclude=True, pattern=TOKEN_FORM)]
"""The type of a personal field: a token, or None where nothing was recorded or the wire left it out."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a text was sealed: the event, by stream and version, and the field of that time."""

    stream: str
    version: int
    field: str


@dataclass(frozen=True, slots=True)
class Token:
    """A sealed text: the id of the key that opens it, where it comes from, and what the cipher made of it.

    `content` is base64url without padding. Written as ``1:key:stream:version:field:content``, where 1 is the
    format; everything before `content` is bound to it by the cipher.
    """

    key: str
    origin: Origin
    content: str

    def __str__(self) -> str:
        return f"{self.head}:{self.content}"

    @property
    def head(self) -> str:
        """Everything but the content."""
        at = self.origin
        return f"{FORMAT}:{self.key}:{at.stream}:{at.version}:{at.field}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Read a token. Raises ValueError, which does not repeat the text."""
        if _TOKEN.fullmatch(text) is None:
            raise ValueError("this is no sealed token of a format that is known")
        _, key, stream, version, field, content = text.split(":")
        return cls(key, Origin(stream, int(version), field), content)
