"""What was so in law or fact at a moment, found in what a row of a view tells about it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

Entry = Mapping[str, Any]
"""A part of a row that was so from ``since`` on, and until ``until`` where it has that; RFC 3339."""


def held_at(entries: Iterable[Entry], moment: datetime) -> Entry | None:
    """Return the entry that holds at a moment: of those that had begun by then the one that began last.

    Where two began at once, the one that was recorded later; the entries come in the order of recording.
    """
    begun = [(datetime.fromisoformat(entry["since"]), entry) for entry in entries]
    begun = [(since, entry) for since, entry in begun if since <= moment]
    if not begun:
        return None
    last = max(since for since, _ in begun)
    return next(entry for since, entry in reversed(begun) if since == last)


def told_at(entries: Iterable[Entry], moment: datetime) -> Entry | None:
    """Return the entry that was recorded last of those that had begun by a moment.

    For steps of a life, of which each ends what was before it: what was recorded later is the later step,
    though what it follows may have become known as of a later moment. So the last entry holds now.
    """
    return next(
        (one for one in reversed(list(entries)) if datetime.fromisoformat(one["since"]) <= moment), None
    )


def open_at(entries: Iterable[Entry], moment: datetime) -> list[Entry]:
    """Return the entries that had begun by a moment and had not ended yet."""
    return [
        entry
        for entry in entries
        if datetime.fromisoformat(entry["since"]) <= moment
        and (entry["until"] is None or moment < datetime.fromisoformat(entry["until"]))
    ]
