"""Identifiers: one expression validates them, one function builds a stream's name.

A token becomes part of a NATS subject, and JetStream stores a subject that holds ``>`` or ``*``
without complaint; so nothing else than these characters may ever become one.
"""

import re
from typing import Annotated

from pydantic import StringConstraints

from shared.contracts.text import WrongValue

TOKEN_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"
STREAM_PATTERN = r"^[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,64}$"
"""What the name of an aggregate's stream looks like: its kind and its id."""

Token = Annotated[str, StringConstraints(pattern=TOKEN_PATTERN, strict=True)]

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def check_token(value: str) -> str:
    """Return `value` when it may stand in a subject; raise ValueError otherwise."""
    if _TOKEN.fullmatch(value) is None:
        shown = value if len(value) <= 80 else value[:80] + "…"
        raise WrongValue(
            en=f"{shown!r} is not an identifier: 1 to 64 of A-Z a-z 0-9 _ -",
            ar=f"{shown!r} ليس معرّفًا: من 1 إلى 64 من A-Z a-z 0-9 _ -",
        )
    return value


def stream_of(kind: str, id: str) -> str:
    """Name the stream of an aggregate, for example ``mission.emb-va``."""
    return f"{kind}.{check_token(id)}"
