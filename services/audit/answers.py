"""What audit answers, described: the trail, chains in it, and how much is filed."""

from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.contracts.registry import ArticleText
from shared.contracts.text import Text
from shared.service.answers import Overview
from shared.service.answers.history import ActorTold
from shared.web import AnswerModel


class CommandTold(AnswerModel):
    """The command behind events, the one with which its chain began, and who gave it."""

    command: UUID | None
    correlation: UUID | None
    actor: ActorTold | None


class Entry(CommandTold):
    """A filed event; `data` is that of its type in AsyncAPI. `superseded` where its service lost it."""

    id: UUID
    service: str
    position: int
    log_id: UUID
    stream: str
    version: int
    type: str
    schema_: int = Field(alias="schema")
    recorded_at: AwareDatetime
    effective_at: AwareDatetime
    causation: UUID | None
    keys: dict[str, str]
    data: dict[str, Any]
    superseded: bool


class Evidence(AnswerModel):
    """The leaf of an event in its log, and what it is computed from; hashes in hex."""

    leaf: str
    leaf_log: UUID
    previous: str
    sealed_digest: str
    meta: str


class EntryInFull(Entry):
    """A filed event, and what its leaf is computed from."""

    evidence: Evidence


class GroundTold(AnswerModel):
    """The decree, article and measure that a chain goes back to, and the events that establish them."""

    decree: str
    title: Text | None
    issuer: Text | None
    article: ArticleText | None
    measure: str | None
    issued: Entry | None
    listed: Entry | None
    ordered: Entry | None


class Causes(AnswerModel):
    """What an event goes back to, the nearest first; `unknown_cause` is one that is not filed."""

    event: Entry
    causes: list[Entry]
    unknown_cause: UUID | None
    command: CommandTold
    ground: GroundTold | None


class Effect(Entry):
    """An event that followed, and how many steps after."""

    depth: int


class Effects(AnswerModel):
    """What followed from an event, and whether that is all."""

    event: Entry
    effects: list[Effect]
    complete: bool


class FiledOf(AnswerModel):
    """How many events of a service are filed, and how many are published and not filed, if NATS tells."""

    events: int
    behind: int | None


class AuditOverview(Overview):
    """How far the service is, and how much of each service is filed; of decrees it counts nothing."""

    decrees: dict[str, int] = Field(max_length=0)
    filed: dict[str, FiledOf]
