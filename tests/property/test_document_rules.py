"""A document, driven at random: registered once, withdrawn once, never another."""

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from services.registry.document import Document, DocumentState
from shared.contracts.registry import DocumentRegistered
from tests.property.refused import check_replay, refusing
from tests.unit.registry.test_registry_documents import described
from tests.unit.registry.world import NOW, WHY


class Filing(RuleBasedStateMachine):
    """One key, to which different documents are to be filed."""

    def __init__(self) -> None:
        super().__init__()
        self.document = Document.blank("doc-1")
        self.first: DocumentRegistered | None = None
        self.withdrawn = 0

    @rule(
        sha256=st.sampled_from(("a" * 64, "b" * 64)),
        incoming=st.sampled_from((None, "1/2025")),
        outgoing=st.sampled_from((None, "2/2025")),
    )
    def register(self, sha256: str, incoming: str | None, outgoing: str | None) -> None:
        offered = described(sha256=sha256, incoming=incoming, outgoing=outgoing)
        with refusing(self.document):
            self.document.register(offered, NOW)
            assert (incoming or outgoing) is not None
            self.first = self.first or offered
            assert self.first == offered

    @rule()
    def withdraw(self) -> None:
        with refusing(self.document):
            self.document.withdraw(WHY, "9/2025", NOW)
            self.withdrawn += 1

    @invariant()
    def it_is_what_it_was_first(self) -> None:
        assert self.document.registered == self.first
        assert self.withdrawn == (self.document.state is DocumentState.WITHDRAWN)
        assert self.document.exists is (self.first is not None)

    def teardown(self) -> None:
        check_replay((self.document,))


TestFiling = Filing.TestCase
TestFiling.settings = settings(max_examples=50, stateful_step_count=12, deadline=None)
