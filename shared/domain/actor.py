"""Who acts, in which role, and for whom."""

from pydantic import BaseModel, ConfigDict


class Actor(BaseModel):
    """The person or service behind a command, as its credentials name it; no personal data.

    `mission` is the mission that a head of mission heads. `on_behalf_of` is the subject of the head who
    delegated, when the actor stands in for somebody.
    """

    model_config = ConfigDict(frozen=True)

    subject: str
    role: str
    department: str | None = None
    mission: str | None = None
    on_behalf_of: str | None = None


def acting(actor: Actor) -> tuple[str, ...]:
    """The subject who acts, and the one on whose behalf where there is one."""
    return (actor.subject,) if actor.on_behalf_of is None else (actor.subject, actor.on_behalf_of)
