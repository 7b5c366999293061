from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from services.registry.document import Document, DocumentState, refusals
from services.registry.views.documents import DocumentsView, LettersView
from shared.contracts.event import Event
from shared.contracts.registry import DocumentKind, DocumentRegistered, DocumentWithdrawn
from shared.domain import Moment, NotFound, Text
from tests.unit.registry.folding import fold
from tests.unit.registry.world import NOW, WHY


def described(**changes: Any) -> DocumentRegistered:
    parts: dict[str, Any] = {
        "document_kind": DocumentKind.LETTER,
        "title": Text(en="On the studies"),
        "sender": Text(en="Audit Bureau"),
        "dated": date(2025, 5, 4),
        "incoming": "AB/2025/612",
        "outgoing": None,
        "sha256": "a" * 64,
        "size": 7,
        "media_type": "application/pdf",
    }
    return DocumentRegistered(**(parts | changes))


def test_a_document_is_registered_once_and_stays_as_it_is() -> None:
    document = Document.blank("doc-1")
    document.register(described(), NOW)
    document.register(described(), NOW)
    assert len(document.pending_events) == 1
    with pytest.raises(refusals.DocumentKnownOtherwise):
        document.register(described(sha256="b" * 64), NOW)
    assert (document.state, document.sha256) == (DocumentState.REGISTERED, "a" * 64)


def test_a_document_has_a_letter_number() -> None:
    with pytest.raises(refusals.NoLetterNumber):
        Document.blank("doc-1").register(described(incoming=None), NOW)
    Document.blank("doc-1").register(described(incoming=None, outgoing="7/2025"), NOW)


@pytest.mark.parametrize(("hour", "latest"), [(9, date(2025, 5, 5)), (10, date(2025, 5, 6))])
def test_a_document_is_of_a_day_that_has_begun_somewhere(hour: int, latest: date) -> None:
    then = datetime(2025, 5, 5, hour, tzinfo=UTC)
    Document.blank("doc-1").register(described(dated=latest), Moment(then, then))
    with pytest.raises(refusals.DatedAhead) as refused:
        ahead = described(dated=latest + timedelta(days=1))
        Document.blank("doc-1").register(ahead, Moment(then, then))
    told = refused.value.told()
    assert told.en and told.ar and "{" not in told.en + told.ar


def test_a_document_is_withdrawn_once_and_its_bytes_stay_known() -> None:
    document = Document.blank("doc-1")
    with pytest.raises(NotFound):
        document.withdraw(WHY, "8/2025", NOW)
    document.register(described(), NOW)
    document.withdraw(WHY, "8/2025", NOW)
    assert (document.state, document.sha256) == (DocumentState.WITHDRAWN, "a" * 64)
    with pytest.raises(refusals.AlreadyWithdrawn):
        document.withdraw(WHY, "8/2025", NOW)
    document.register(described(), NOW)
    assert document.state is DocumentState.WITHDRAWN, "the same again changes nothing"


def test_views_find_documents_and_both_their_numbers() -> None:
    story: list[tuple[str, Event]] = [
        ("document.doc-1", described()),
        ("document.doc-2", described(incoming="ab/2025/613", outgoing="٧/٢٠٢٥")),
        ("document.doc-1", DocumentWithdrawn(reason=WHY, reference="8/2025")),
    ]
    rows = fold(DocumentsView(), *story)
    assert [(key, row["state"]) for key, row in rows.items()] == [
        ("doc-1", "withdrawn"),
        ("doc-2", "registered"),
    ]
    assert rows["doc-1"]["withdrawn"]["reference"] == "8/2025"
    letters = fold_letters(*story)
    assert sorted(letters) == [
        "ab/2025/612 doc-1 incoming",
        "ab/2025/613 doc-2 incoming",
        "٧/٢٠٢٥ doc-2 outgoing",
    ]


def fold_letters(*story: tuple[str, Event]) -> dict[str, dict[str, Any]]:
    return fold(LettersView(), *story)  # type: ignore[arg-type]  # it takes any view
