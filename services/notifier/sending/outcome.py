"""What can come of an attempt to send."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why an attempt failed; no reason names an address, or tells which names exist inside."""

    TIMEOUT = "timeout"
    HOST_UNUSABLE = "host-unusable"
    CONNECTION_FAILED = "connection-failed"
    TLS_FAILED = "tls-failed"
    BROKEN_ANSWER = "broken-answer"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    GONE = "gone"
    EVENT_MISSING = "event-missing"
    FAILED_HERE = "failed-here"


class NotSent(Exception):
    """A request went nowhere, or nothing came back."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Attempted:
    """What came of one attempt: `reason` is None where it succeeded.

    `final` says that no other attempt makes sense; `asked` is how long the receiver wants to be left alone.
    """

    reason: Reason | None = None
    status: int | None = None
    asked: timedelta | None = None
    final: bool = False


DONE = Attempted()


def judged(status: int) -> Attempted:
    """Judge an answer by its status: 2xx alone is success, and 410 means never again (Standard Webhooks)."""
    if 200 <= status < 300:
        return Attempted(status=status)
    if status == 410:
        return Attempted(Reason.GONE, status, final=True)
    reason = Reason.REDIRECTED if 300 <= status < 400 else Reason.REFUSED
    return Attempted(reason, status)
