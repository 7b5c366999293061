"""What is told of documents."""

from typing import Literal

from services.registry.answers.row import Row
from services.registry.document.document import DocumentState
from shared.contracts.registry import DocumentRegistered, DocumentWithdrawn
from shared.web import AnswerModel


class DocumentRow(Row, DocumentRegistered):
    """A document, and why it was withdrawn, if it was."""

    state: DocumentState
    withdrawn: DocumentWithdrawn | None


class Letter(AnswerModel):
    """A letter number, and the document that has it."""

    number: str
    direction: Literal["incoming", "outgoing"]
    document: DocumentRow


class DocumentStands(AnswerModel):
    """How a document stands after a command."""

    document: str
    state: DocumentState
    sha256: str
