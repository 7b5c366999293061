"""Documents by key, and their letter numbers in order."""

import unicodedata
from collections.abc import Iterable

from services.registry.views.row import OwnRows, Row, plain
from shared.contracts.registry import DocumentRegistered, DocumentWithdrawn
from shared.eventstore.record import Record
from shared.projections import View


class DocumentsView(OwnRows):
    """One row for each document."""

    name = "documents"
    kind = "document"
    facets = ("state", "document_kind", "incoming", "outgoing", "decree", "mission", "sha256")

    def tell(self, row: Row, record: Record) -> None:
        """Change the row by the event."""
        match record.event:
            case DocumentRegistered() as registered:
                row |= plain(registered) | {"state": "registered", "withdrawn": None}
            case DocumentWithdrawn() as withdrawn:
                row |= {"state": "withdrawn", "withdrawn": plain(withdrawn)}


class LettersView(View):
    """One row for each number of each document; keys begin with the number, so that a range has a prefix."""

    name = "letters"

    def keys(self, record: Record) -> Iterable[str]:
        """Both numbers of a document that is registered."""
        match record.event:
            case DocumentRegistered(incoming=incoming, outgoing=outgoing):
                numbers = {"incoming": incoming, "outgoing": outgoing}
                return tuple(
                    f"{folded(number)} {record.id} {direction}"
                    for direction, number in numbers.items()
                    if number is not None
                )
        return ()

    def fold(self, key: str, doc: Row | None, record: Record) -> Row | None:
        """Say which document has the number."""
        number, document, direction = key.split(" ")
        return {"number": number, "document": document, "direction": direction}


def folded(number: str) -> str:
    """A letter number as it is looked for: composed, and without case."""
    return unicodedata.normalize("NFC", number).casefold()
