"""What the events of a task have in common: its query keys, and who acted."""

from typing import TypedDict

from shared.domain import Actor


class About(TypedDict):
    """The query keys that every event of a task carries."""

    task: str
    plan: str | None
    decree: str
    article: str | None
    measure: str | None
    mission: str | None
    department: str


def acting(actor: Actor) -> tuple[str, ...]:
    """The subject who acts, and the one on whose behalf where there is one."""
    return (actor.subject,) if actor.on_behalf_of is None else (actor.subject, actor.on_behalf_of)
