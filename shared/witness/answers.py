"""What a witness answers, described."""

from pydantic import AwareDatetime

from shared.contracts.witness import Inconsistent, Witnessed
from shared.web import AnswerModel, Items


class WatchedLog(AnswerModel):
    """A watched log: what was witnessed of it last, and everything that was found wrong."""

    source: str
    witnessed: Witnessed | None
    cosigned_age: float | None
    examined_at: AwareDatetime | None
    findings: list[Inconsistent]
    losses: list[Inconsistent]
    alarm: str | None


class WatchedLogs(Items[WatchedLog]):
    """Every watched log, and the key that verifies the cosignatures."""

    verifier_key: str


class LossAcknowledged(AnswerModel):
    """The loss that somebody of oversight took note of."""

    source: str
    log_id: str
    known_size: int
