"""What several answers have in common."""

from pydantic import AwareDatetime

from shared.web import AnswerModel


class Row(AnswerModel):
    """A row of a view that is about one aggregate, with the aggregate's version."""

    id: str
    version: int


class Span(AnswerModel):
    """From when to when something was so; with no end it still is."""

    since: AwareDatetime
    until: AwareDatetime | None


class ByLaw(AnswerModel):
    """What was so in law or fact at a moment."""

    effective_at: AwareDatetime
