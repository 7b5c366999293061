"""Whether what somebody published can be told on as JSON."""

from typing import Any

import orjson

AROUND = 8
"""More levels than an answer or a report puts around an event."""


def can_be_told(value: Any) -> bool:
    """Whether a parsed value can be written again in an answer: orjson reads more levels than it writes."""
    for _ in range(AROUND):
        value = [value]
    try:
        orjson.dumps(value)
    except TypeError:
        return False
    return True
