"""What a witness says about another service's log; the same in every service that is one.

The declarations stand here once, and each witnessing service has events of its own of them.
"""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.identity import Token


class Witnessed(BaseModel):
    """A checkpoint was verified: its signature, growth from the one before, what else could be checked.

    `cosigned` is the note with the witness's cosignature (C2SP tlog-cosignature); `compared` says how many
    events, as they were received over NATS, the witness compared with the root by itself (0 where it
    receives none).
    """

    source: Token
    log_id: UUID
    size: int
    root: str
    previous_size: int
    compared: int
    cosigned: str


class Inconsistent(BaseModel):
    """A log contradicts what was known of it. `position` is the first that does, where that is known."""

    source: Token
    log_id: UUID | None
    known_size: int
    stated_size: int | None
    position: int | None
    reason: str
    found_at: datetime
