"""The base of the events of `tasks`, and what several of them hold."""

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event


class TasksEvent(Event, service="tasks"):
    """The base of every event of this service."""


class Evidence(BaseModel):
    """A document that shows a task is done: its name, its SHA-256 in hex, its letter number if it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str = Field(min_length=1, max_length=200)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    letter_number: str | None = Field(default=None, min_length=1, max_length=64)
