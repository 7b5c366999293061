"""Rows of a service's views, told to other services over NATS as of a position, page by page (``rows``).

An answer is as of one position of the log, which it names, so that whoever needs several pages, or wants the
same again later, asks for the rest as of that position.
"""

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.contracts.text import Text
from shared.domain.refusal import Refusal
from shared.eventstore.store import EventStore
from shared.service.inquiries import Inquiries
from shared.web.horizon import Horizon

ROWS = "rows"
MOST = 200


class UnreadableQuestion(Refusal):
    """A question for rows that cannot be read, or names no view."""

    slug = "bad-question-for-rows"
    status = 400
    title = Text(en="The question for rows cannot be read", ar="تعذّرت قراءة السؤال عن الصفوف")
    detail = Text(
        en="Ask for the rows of a view that there is, filtered by its facets.",
        ar="اسأل عن صفوف عرض موجود مع ترشيحها بأوجهه.",
    )


class Question(BaseModel):
    """What is asked: rows of a view by facets, after a key; or one row by its key.

    `as_of` is a position of the log, or a moment; the head where neither is given. With `effective_at` the
    row is told as it was in law or fact at that moment, where its view answers that.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    view: str
    id: str | None = None
    where: dict[str, str] = Field(default_factory=dict)
    after: str | None = None
    as_of: int | AwareDatetime | None = None
    effective_at: AwareDatetime | None = None


class RowsAsked:
    """Answers the question."""

    def __init__(self, store: EventStore, inquiries: Inquiries, horizon: Horizon) -> None:
        self._store = store
        self._inquiries = inquiries
        self._horizon = horizon

    async def answer(self, question: Any) -> dict[str, Any]:
        """Tell the rows, and of which log and position; `more` is whether the page was full."""
        try:
            asked = Question.model_validate(question)
            known = asked.view in self._inquiries.kinds
        except ValidationError as error:
            raise UnreadableQuestion() from error
        if not known:
            raise UnreadableQuestion()
        asked_as_of = await self._horizon.head() if asked.as_of is None else asked.as_of
        when = await self._horizon.resolve(asked_as_of)
        await self._inquiries.folded(when)
        told = {"log": str(self._store.log_id), "position": when.position, "recorded_at": when.moment}
        if asked.id is not None:
            row = await self._inquiries.row(asked.view, asked.id, when)
            return told | {"row": row | self._so_at(asked.view, row, asked.effective_at)}
        try:
            rows = await self._inquiries.rows(asked.view, asked.where, asked.after, MOST, when)
        except ValueError as error:  # no such facet
            raise UnreadableQuestion() from error
        return told | {"rows": rows, "more": len(rows) == MOST}

    def _so_at(self, view: str, row: dict[str, Any], moment: datetime | None) -> dict[str, Any]:
        effective = self._inquiries.effective.get(view)
        if moment is None or effective is None:
            return {}
        return {"so": effective(row, moment)}
