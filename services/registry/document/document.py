"""A document: registered → withdrawn, never deleted."""

from enum import StrEnum

from services.registry.document import refusals
from shared.contracts.event import Event
from shared.contracts.registry import DocumentRegistered, DocumentWithdrawn
from shared.domain import Aggregate, Lifecycle, Moment, Step, Text


class DocumentState(StrEnum):
    """Where a document stands."""

    UNKNOWN = "unknown"
    REGISTERED = "registered"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    DocumentState.UNKNOWN,
    Step(DocumentRegistered, (DocumentState.UNKNOWN,), DocumentState.REGISTERED),
    Step(DocumentWithdrawn, (DocumentState.REGISTERED,), DocumentState.WITHDRAWN),
)


class Document(Aggregate):
    """A document, whose bytes are known by their digest and kept elsewhere."""

    kind = "document"
    lifecycle = LIFECYCLE

    state: DocumentState = DocumentState.UNKNOWN
    registered: DocumentRegistered | None = None

    def register(self, described: DocumentRegistered, moment: Moment) -> None:
        """Make the document known. Registering it again as it is changes nothing."""
        if self.registered == described:
            return
        if self.exists:
            raise refusals.DocumentKnownOtherwise(document=self.id)
        if described.incoming is None and described.outgoing is None:
            raise refusals.NoLetterNumber(document=self.id)
        if described.dated > moment.latest_day:
            raise refusals.DatedAhead(document=self.id, dated=described.dated.isoformat())
        self.record(described, moment)

    def withdraw(self, reason: Text, reference: str, moment: Moment) -> None:
        """Let the document count no longer."""
        self.must_exist()
        if self.state is DocumentState.WITHDRAWN:
            raise refusals.AlreadyWithdrawn(document=self.id)
        self.record(DocumentWithdrawn(reason=reason, reference=reference), moment)

    @property
    def sha256(self) -> str:
        """The digest of its bytes; refuses where there is no such document."""
        self.must_exist()
        assert self.registered is not None, "it exists by being registered"
        return self.registered.sha256

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case DocumentRegistered():
                self.state, self.registered = DocumentState.REGISTERED, event
            case DocumentWithdrawn():
                self.state = DocumentState.WITHDRAWN
