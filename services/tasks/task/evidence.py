"""The documents that support a task: how many there may be, and which of them the procedure asks for."""

import unicodedata

from services.tasks.task.refusals import TooMuchEvidence
from shared.contracts.tasks import Evidence
from shared.contracts.text import Text

MOST_DOCUMENTS = 60
"""Documents of one task: with the longest names they stay well within the 256 kB of an event."""

Documents = tuple[Evidence, ...]


def new_among(offered: Documents, known: Documents, task: str) -> Documents:
    """What is new to a task among the documents offered, each once; refuses more than it may have."""
    new = tuple(document for document in dict.fromkeys(offered) if document not in known)
    count = len(known) + len(new)
    if count > MOST_DOCUMENTS:
        raise TooMuchEvidence(task=task, count=count, most=MOST_DOCUMENTS)
    return new


def has_document(named: Text, evidence: Documents) -> bool:
    """Whether a document bears the name that the procedure gives, in either language."""
    names = {_plain(name) for name in (named.en, named.ar) if name}
    return any(_plain(document.document) in names for document in evidence)


def _plain(name: str) -> str:
    """A name without what people do not see as a difference: outer blanks, case, composed letters."""
    return unicodedata.normalize("NFC", name).strip().casefold()
