"""What a witness says about another service's log; the same in every service that is one.

The declarations stand here once, and each witnessing service has events of its own of them.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from shared.contracts.identity import Token
from shared.contracts.text import Text


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
    ROLLED_BACK = "rolled-back"
    """It goes on under another log id, and lacks events that were witnessed or received before."""
    OWN_COPY = "own-copy"
    """The witness's own copy of what it received was changed or has a gap; nothing is said of the log."""


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
    """A log contradicts what was known of it. `position` is the first that does, where that is known.

    Of a log that lost events in a restore (`rolled-back`) `log_id` is the one that had them, `known_size`
    how many events of it were witnessed or received, and `stated_size` how many the log after it has in
    common with it: the events from `position` to `upto` are gone. It stays open until `Acknowledged`.
    """

    source: Token
    log_id: UUID | None
    known_size: int
    stated_size: int | None
    position: int | None
    upto: int | None = None
    finding: Finding
    reason: str
    found_at: datetime


class Acknowledged(BaseModel):
    """Somebody of oversight has seen that a log lost events in a restore, and says why that is in order.

    `log_id`, `known_size` and `common` are those of the finding (`log_id`, `known_size`, `stated_size`).
    `by` is the role of whoever did; who it was stands in the event's meta. `reason` is published as it is
    written.
    """

    source: Token
    log_id: UUID
    known_size: int
    common: int
    reason: Text
    by: str
