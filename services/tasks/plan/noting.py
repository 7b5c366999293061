"""What a plan tells of the calendar of the host State, where tasks ask for it and are not counted by it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shared.contracts.text import Text

UNKNOWN = "host-unknown"
WITHOUT = "host-without-calendar"
NOT_APPROVED = "host-calendar-not-approved"

_TOLD = {
    UNKNOWN: Text(
        en="The host State is not known: {count} tasks that ask for its calendar count by {ministry} alone.",
        ar="الدولة المضيفة غير معروفة: {count} من المهام تطلب تقويمها وتُحسب بالتقويم {ministry} وحده.",
    ),
    WITHOUT: Text(
        en="No calendar of {country} is declared: {count} tasks that ask for it count by {ministry} alone.",
        ar="لم يُعلن تقويم للدولة {country}: {count} من المهام تطلبه وتُحسب بالتقويم {ministry} وحده.",
    ),
    NOT_APPROVED: Text(
        en="Calendar {calendar} of {country} was declared after the plan was dated: until it is approved for "
        "the plan, {count} tasks that ask for it count by {ministry} alone.",
        ar="أُعلن التقويم {calendar} للدولة {country} بعد تحديد تاريخ الخطة: إلى أن يُعتمد لها تُحسب {count} من "
        "المهام التي تطلبه بالتقويم {ministry} وحده.",
    ),
}

_TOLD_OF_FORMER = {
    WITHOUT: Text(
        en="No calendar of {country} is declared any more: {count} tasks that ask for it go on counting by "
        "{counted}, which was approved for the plan.",
        ar="لم يعد للدولة {country} تقويم معلن: تبقى {count} من المهام التي تطلبه محسوبة بالتقويم {counted} "
        "المعتمد للخطة.",
    ),
    NOT_APPROVED: Text(
        en="Calendar {calendar} is that of {country} now: until it is approved for the plan, {count} tasks "
        "that ask for it go on counting by {counted}.",
        ar="أصبح التقويم {calendar} تقويم الدولة {country}: إلى أن يُعتمد للخطة تبقى {count} من المهام التي "
        "تطلبه محسوبة بالتقويم {counted}.",
    ),
}
"""The same where the plan was dated under a calendar that was the country's once."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan asks of the calendar of its host State, and what it has of it.

    `asking` are the tasks that ask, `declared` the name of the calendar that is the country's now, and
    `counted` that of the host's calendar under which the plan is dated, None where there is none.
    """

    country: str | None
    ministry: str
    asking: Sequence[str]
    declared: str | None
    dated: bool
    counted: str | None


def notes(asked: Asked) -> list[dict[str, Any]]:
    """Tell why tasks that ask for the host's calendar do not count by it, where any does."""
    code = _code(asked)
    if code is None:
        return []
    facts = {
        "country": asked.country,
        "calendar": asked.declared,
        "ministry": asked.ministry,
        "counted": asked.counted,
    }
    texts = _TOLD if asked.counted is None else _TOLD_OF_FORMER
    text = texts[code].format(**facts, count=len(asked.asking))
    return [{"code": code, **facts, "tasks": list(asked.asking), "text": text.model_dump()}]


def _code(asked: Asked) -> str | None:
    if not asked.asking:
        return None
    if asked.country is None:
        return UNKNOWN if asked.counted is None else None
    if asked.counted is not None:
        return _code_of_former(asked)
    if asked.declared is None:
        return WITHOUT
    # Where the ministry's calendar is the host's own, nothing is missing.
    return NOT_APPROVED if asked.dated and asked.declared != asked.ministry else None


def _code_of_former(asked: Asked) -> str | None:
    """Whether the calendar that the plan is dated under is the host's no more."""
    if asked.declared is None:
        return WITHOUT
    return None if asked.declared == asked.counted else NOT_APPROVED
