"""When an attempt that failed is followed by the next: the delays that Standard Webhooks recommends."""

from datetime import datetime, timedelta

DELAYS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""After the first failure, the second … (Standard Webhooks, "Deliverability and reliability"). The first
attempt is made at once, and after the tenth there is none."""

LONGEST_ASKED = timedelta(hours=24)
"""The longest wait that a receiver can ask for (Retry-After, RFC 9110, 10.2.3)."""


def next_attempt(failures: int, failed_at: datetime, asked: timedelta | None = None) -> datetime | None:
    """Return when to try again after so many failures in a row, or None after the last.

    A receiver that asks for a longer wait gets it, within bounds; a shorter one does not count.
    """
    if failures > len(DELAYS):
        return None
    delay = DELAYS[failures - 1]
    return failed_at + (delay if asked is None else max(delay, min(asked, LONGEST_ASKED)))
