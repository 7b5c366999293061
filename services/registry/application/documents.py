"""What can be asked of documents."""

from collections.abc import Callable

from services.registry.application.executing import Answer, execute
from services.registry.decree import Decree
from services.registry.document import Document
from services.registry.mission import Mission
from services.registry.permissions import PERMISSIONS, PERMITS
from shared.contracts.registry import DocumentRegistered
from shared.documents import Described, Keeping
from shared.domain import Actor, Text
from shared.eventstore.command import Instruction, Outcome, Turn
from shared.eventstore.store import EventStore

Description = Callable[[Described], DocumentRegistered]
"""Completes what is said of a document with what its bytes are."""


class Documents:
    """Use cases of documents; their bytes are stored before them, and checked whenever they are read."""

    def __init__(self, store: EventStore, keeping: Keeping) -> None:
        self._store = store
        self._keeping = keeping

    async def register(
        self, by: Instruction, document: str, sha256: str, describe: Description
    ) -> Outcome[Answer]:
        """Register a document whose bytes are stored; what they are is found out from them."""
        by = PERMITS.ask(by, "document.register")
        described = describe(await self._keeping.describe(sha256))

        def decide(turn: Turn) -> Answer:
            registered = turn.get(Document, document)
            if described.decree is not None:
                turn.get(Decree, described.decree).must_exist()
            if described.mission is not None:
                turn.get(Mission, described.mission).must_exist()
            registered.register(described, turn.moment)
            return _told(registered)

        return await execute(self._store, "register-document", by, decide, Document, document)

    async def withdraw(self, by: Instruction, document: str, reason: Text, reference: str) -> Outcome[Answer]:
        """Let a document count no longer."""
        by = PERMITS.ask(by, "document.withdraw")

        def decide(turn: Turn) -> Answer:
            withdrawn = turn.get(Document, document)
            withdrawn.withdraw(reason, reference, turn.moment)
            return _told(withdrawn)

        return await execute(self._store, "withdraw-document", by, decide, Document, document)

    async def content(self, reader: Actor, document: str) -> tuple[bytes, str]:
        """Return the bytes of a document, withdrawn or not, and their digest."""
        PERMISSIONS.check_role(reader, "document.download")
        sha256 = (await self._store.load(Document, document)).sha256
        return await self._keeping.read(sha256), sha256


def _told(document: Document) -> Answer:
    return {"document": document.id, "state": document.state.value, "sha256": document.sha256}
