"""A step of a scenario, as a file of one has it."""

from typing import Any

Step = dict[str, Any]

WHY = {"en": "Made up", "ar": "افتراضي"}


def step(do: str, body: Any = None, by: str = "office", at: str | None = None, **more: Any) -> Step:
    """A request that somebody sends; `at` is when it is so, where that is not the moment of the step."""
    asked = {"as": by, "do": do, **more} | ({} if body is None else {"with": body})
    return asked if at is None else asked | {"effective_at": at}
