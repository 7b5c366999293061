"""What the events of a task have in common: its query keys."""

from typing import TypedDict


class About(TypedDict):
    """The query keys that every event of a task carries."""

    task: str
    plan: str | None
    decree: str | None
    article: str | None
    measure: str | None
    mission: str | None
    department: str
