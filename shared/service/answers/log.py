"""What is told of a service's log; hashes are in base64."""

from uuid import UUID

from pydantic import Field

from shared.web import AnswerModel


class Checkpoint(AnswerModel):
    """A signed checkpoint (C2SP tlog-checkpoint)."""

    size: int
    note: str


class LogStanding(AnswerModel):
    """Which log this is, how far it is, and its newest checkpoint where it has signed one."""

    log_id: UUID
    position: int
    verifier_key: str
    checkpoint: str | None


class InclusionProof(AnswerModel):
    """That an event is in the log (RFC 9162, section 2.1.3)."""

    position: int
    index: int
    leaf: str
    path: list[str]
    checkpoint: Checkpoint


class ConsistencyProof(AnswerModel):
    """That a log begins with an earlier one (RFC 9162, section 2.1.4)."""

    path: list[str]
    earlier: Checkpoint = Field(alias="from")
    later: Checkpoint = Field(alias="to")
