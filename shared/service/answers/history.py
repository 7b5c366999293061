"""What is told of the history of an aggregate, and of its state."""

from typing import Any, Literal

from pydantic import AwareDatetime

from shared.web import AnswerModel, sometimes


class ActorTold(AnswerModel):
    """Who did it, by pseudonym, in which role, and for whom."""

    subject: str
    role: str
    department: str | None = sometimes()
    on_behalf_of: str | None = sometimes()


class EventTold(AnswerModel):
    """An event; `data` is that of its type in AsyncAPI, `sealed` tells what became of personal fields."""

    position: int
    version: int
    type: str
    recorded_at: AwareDatetime
    effective_at: AwareDatetime
    actor: ActorTold
    data: dict[str, Any]
    sealed: dict[str, Literal["sealed", "erased"]] | None = sometimes()


class StateTold(AnswerModel):
    """An aggregate as of a position; the fields in `state` are its own and may change with a release."""

    kind: str
    id: str
    version: int
    position: int
    as_of: AwareDatetime | None
    state: dict[str, Any]
