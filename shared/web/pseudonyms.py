"""What a token may say about who acts: it is published with every event, so it must not name a person."""

import re
from typing import TypeGuard

from shared.contracts.identity import TOKEN_PATTERN

PSEUDONYM = "1 to 64 of A-Z a-z 0-9 : _ -"
DEPARTMENT = "1 to 64 of A-Z a-z 0-9 _ -"

_PSEUDONYM = re.compile(r"[A-Za-z0-9:_-]{1,64}")
_DEPARTMENT = re.compile(TOKEN_PATTERN)


def is_pseudonym(value: str) -> bool:
    """Whether it may stand for a person: no address can (it has @ and dots), nor a name with spaces."""
    return _PSEUDONYM.fullmatch(value) is not None


def is_department(value: object) -> TypeGuard[str]:
    """Whether it has the form of a department's key."""
    return isinstance(value, str) and _DEPARTMENT.fullmatch(value) is not None
