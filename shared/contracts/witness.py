"""What a witness says about another service's log; the same in every service that is one.

The declarations stand here once, and each witnessing service has events of its own of them.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.identity import Token


class Finding(StrEnum):
    """What contradicts what."""

    MALFORMED = "malformed"
    """What the source answers cannot be read."""
    OTHER_KEY = "other-key"
    """It signs with another key than the one that is known."""
    BAD_SIGNATURE = "bad-signature"
    """Its checkpoint, or one that it names, is not signed with its key."""
    FOREIGN_LOG = "foreign-log"
    """It has another log id, and does not name the known log as one that it continues."""
    SHORTER = "shorter"
    """It states fewer events than were witnessed or received: its end was cut off."""
    OTHER_ROOT = "other-root"
    """It states another root at a size that was witnessed."""
    NOT_PROVED = "not-proved"
    """It does not prove that it begins with what was witnessed."""
    OTHER_EVENTS = "other-events"
    """Its root is not that of the events which were received over NATS."""


class Witnessed(BaseModel):
    """A checkpoint was verified: its signature, growth from the one before, what else could be checked.

    Where the source was restored from a backup since, `continues` is the log that was witnessed before,
    `previous_size` is what both have in common, and `passed_over` says how many events were witnessed
    beyond it that the new log does not have. `verifier_key` is the key of the log, trusted since the
    first checkpoint of it. `cosigned` is the note with the witness's cosignature (C2SP tlog-cosignature);
    `compared` says how many events, as they were received over NATS, the witness compared with the root
    by itself (0 where it receives none). `root` is in base64.
    """

    source: Token
    log_id: UUID
    size: int
    root: str
    verifier_key: str
    previous_size: int
    continues: UUID | None = None
    passed_over: int = 0
    compared: int
    cosigned: str
    witnessed_at: datetime


class Inconsistent(BaseModel):
    """A log contradicts what was known of it. `position` is the first that does, where that is known."""

    source: Token
    log_id: UUID | None
    known_size: int
    stated_size: int | None
    position: int | None
    finding: Finding
    reason: str
    found_at: datetime
