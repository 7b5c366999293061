"""The small values of a scenario: moments, numbers of tasks, manners of work, expected answers."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}")
_YEARS = range(1971, 2200)
"""Signed moments count from 1970 on, and calendars end long before the other end."""
_MANNERS = re.compile(r"on time|late by (?P<late>[1-9]\d?) days?|recorded (?P<recorded>[1-9]\d?) days? late")
_RANGE = re.compile(r"([1-9]\d{0,3})(?:-([1-9]\d{0,3}))?")
_SLUG = re.compile(r"[a-z][a-z0-9-]{2,63}")
_REQUEST = re.compile(r"(?:POST|PUT) /[a-z]+/[!-~]+")


class Manner(BaseModel):
    """When work is handed in, in working days: `days` after its deadline, or on the day before it.

    `backdated`: it takes effect before the deadline and is only recorded later.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: int = 0
    backdated: bool = False


def read_moment(value: object) -> datetime:
    """Read a day and a time of the day, by clocks that the scenario names; raise ValueError otherwise."""
    moment = value
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"there is no {value}; write a day and a time that exist") from None
    if not isinstance(moment, datetime) or moment.tzinfo is not None or moment.second or moment.microsecond:
        raise ValueError(f"{_shown(value)}: write a day and a time to the minute, as 2025-04-30 09:00")
    if moment.year not in _YEARS:
        raise ValueError(f"the year {moment.year} cannot be played; {_YEARS[0]} to {_YEARS[-1]} can")
    return moment


def read_numbers(value: object) -> frozenset[int]:
    """Read ``1-5, 7`` as a set of numbers; raise ValueError where it is none."""
    numbers: set[int] = set()
    for part in str(value).split(","):
        matched = _RANGE.fullmatch(part.strip())
        if matched is None:
            raise ValueError(f"{part.strip()!r} is no number or range; write for example 1-5, 7")
        first, last = int(matched[1]), int(matched[2] or matched[1])
        if last < first:
            raise ValueError(f"the range {first}-{last} runs backwards")
        numbers |= set(range(first, last + 1))
    return frozenset(numbers)


def read_manner(value: object) -> Manner:
    """Read ``on time``, ``late by 3 days`` or ``recorded 3 days late``; raise ValueError otherwise."""
    matched = _MANNERS.fullmatch(str(value))
    if matched is None:
        raise ValueError(f"{_shown(value)}: write on time, late by 3 days, or recorded 3 days late")
    days = int(matched["late"] or matched["recorded"] or 0)
    return Manner(days=days, backdated=matched["recorded"] is not None)


def read_request(value: object) -> str:
    """Read a method and a path; raise ValueError where it is no request that changes something."""
    if not isinstance(value, str) or not _REQUEST.fullmatch(value):
        raise ValueError("write POST or PUT and a path, as POST /registry/missions/emb-al/close")
    return value


def read_expected(value: object) -> int | str:
    """Read a status or the slug of a refusal; raise ValueError otherwise."""
    if type(value) is int and 100 <= value < 600:
        return value
    if isinstance(value, str) and _SLUG.fullmatch(value):
        return value
    raise ValueError(f"{_shown(value)}: write a status, as 201, or the slug of a refusal, as decree-on-hold")


def listed(numbers: Iterable[int]) -> str:
    """Write numbers in order."""
    return ", ".join(map(str, sorted(numbers)))


def _shown(value: object) -> str:
    """Show a value as it was written, as far as it is short."""
    return repr(str(value)[:60])


Local = Annotated[datetime, BeforeValidator(read_moment)]
"""A moment by the clocks of the scenario's zone, to the minute."""
Numbers = Annotated[frozenset[int], BeforeValidator(read_numbers)]
Done = Annotated[Manner, BeforeValidator(read_manner)]
Asked = Annotated[str, BeforeValidator(read_request)]
Expected = Annotated[int | str, BeforeValidator(read_expected)]
