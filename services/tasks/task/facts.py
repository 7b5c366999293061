"""What the events of a task have in common: its query keys, and who takes part beside the lead."""

from typing import TypedDict


class About(TypedDict):
    """The query keys and the co-executors that every event of a task carries."""

    task: str
    plan: str | None
    decree: str | None
    article: str | None
    measure: str | None
    mission: str | None
    department: str
    co_executors: tuple[str, ...]
