"""Who leads a department, and who may act for its head: facts that the events of several services hold."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from shared.contracts.identity import Token


class Headship(BaseModel):
    """The head of a department by pseudonym, and in which role and for which mission the head acts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: str
    role: str
    mission: Token | None = None
    since: datetime


class StandIn(BaseModel):
    """Somebody who may act on behalf of a head, from `since` on and before `until`.

    An acting head may do everything that the head may; so may a deputy for whom no `actions` are named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Token
    head: str
    deputy: str
    since: datetime
    until: datetime
    acting: bool = False
    actions: tuple[str, ...] | None = None
    ended_at: datetime | None = None
