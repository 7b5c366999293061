"""What a plan tells of the calendar of the host State, where tasks ask for it and it is not counted by."""

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


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan asks of the calendar of its host State, and what it has of it.

    `asking` are the tasks that ask, `declared` the name of the calendar that is the country's now, and
    `counted` whether the plan is dated under a calendar of the host.
    """

    country: str | None
    ministry: str
    asking: Sequence[str]
    declared: str | None
    dated: bool
    counted: bool


def notes(asked: Asked) -> list[dict[str, Any]]:
    """Tell why tasks that ask for the host's calendar count by the ministry's alone, where any does."""
    code = _code(asked)
    if code is None:
        return []
    facts = {"country": asked.country, "calendar": asked.declared, "ministry": asked.ministry}
    text = _TOLD[code].format(**facts, count=len(asked.asking))
    return [{"code": code, **facts, "tasks": list(asked.asking), "text": text.model_dump()}]


def _code(asked: Asked) -> str | None:
    if not asked.asking or asked.counted:
        return None
    if asked.country is None:
        return UNKNOWN
    if asked.declared is None:
        return WITHOUT
    # Where the ministry's calendar is the host's own, nothing is missing.
    return NOT_APPROVED if asked.dated and asked.declared != asked.ministry else None
