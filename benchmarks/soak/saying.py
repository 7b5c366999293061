"""What the replicas wrote into their logs that somebody should see: alarms, faults, outages."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

LONGEST = 1_500

UNREAD = ("coro=<PoolConnectionHolder.release()", "coro=<PullStreamSubscriber._consume_pull()")
"""Asyncpg gives a connection back, and FastStream fetches, in tasks of their own. Where an outage ends the
task and whoever waits for it too, nobody reads the task's error; it has been dealt with."""


def said(folder: Path) -> tuple[Counter[str], list[str]]:
    """Count the warnings by what they say; tell every kind of error once, with how often it came."""
    warnings: Counter[str] = Counter()
    errors: Counter[str] = Counter()
    first: dict[str, str] = {}
    for log in sorted(folder.glob("*-?.log")):
        for line in _lines(log):
            raised = [one["exc_type"] for one in line.get("exception", [])]
            kind = " ".join([str(line.get("event")), *raised])
            if any(coroutine in kind for coroutine in UNREAD):
                warnings["an error of a library's own task that nobody reads"] += 1
            elif line.get("level") == "warning":
                warnings[str(line.get("event"))] += 1
            elif line.get("level") in ("error", "critical"):
                errors[kind] += 1
                first.setdefault(kind, f"{log.stem}: {_short(line)}")
    return warnings, [f"said {errors[kind]} times, first by {text}" for kind, text in first.items()]


def _lines(log: Path) -> Iterator[dict[str, Any]]:
    for line in log.read_bytes().splitlines():
        try:
            told = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue  # what a command says in plain words
        if isinstance(told, dict):
            yield told


def _short(line: dict[str, Any]) -> str:
    raised = [
        f"{one['exc_type']}: {one['exc_value']} in "
        + ", ".join(f"{frame['name']}:{frame['lineno']}" for frame in one["frames"][-3:])
        for one in line.get("exception", [])
    ]
    kept = {name: value for name, value in line.items() if name not in ("exception", "level")}
    return f"{kept} {' <- '.join(raised)}"[:LONGEST]
