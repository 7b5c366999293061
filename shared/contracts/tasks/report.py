"""Reports: of which positions of which logs, and the digest by which one can be proved."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.contracts.identity import Token
from shared.contracts.tasks.base import TasksEvent


class ReportKind(StrEnum):
    """The report that an article demands, or one that compares with an earlier moment."""

    ARTICLE = "article"
    PERIODIC = "periodic"


class LogPosition(BaseModel):
    """A position of a log, everything up to which counts, and when the event there was recorded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    log: UUID
    position: int
    recorded_at: datetime | None


class ReportGenerated(TasksEvent, type="report.generated"):
    """A report was made. From the same positions, the same form gives the same JSON, byte for byte.

    `as_of` are the positions of the logs from which it was made, by service, `since` those with which it
    compares, and `effective_at` is the moment in law of which it tells the decree's state. `sha256` is the
    digest of its JSON, in hex, and `form` the version of the rules that made it.
    """

    report: Token
    decree: Token
    article: Token | None
    report_kind: ReportKind
    as_of: dict[str, LogPosition]
    since: dict[str, LogPosition] | None
    effective_at: datetime
    sha256: str
    form: int
    by: tuple[str, ...]
