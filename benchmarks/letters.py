"""What the benchmarks do: files that receive letters. One event makes a row of about 600 bytes."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from shared.contracts.event import Event
from shared.contracts.identity import Token
from shared.contracts.text import Text
from shared.domain import Aggregate
from shared.eventstore.command import Turn
from shared.eventstore.record import Record
from shared.projections import View

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SUBJECT = Text(en="Closing minutes", ar="محضر إقفال")


class BenchEvent(Event, service="bench"):
    """The base of the benchmarks' events."""


class LetterFiled(BenchEvent, type="file.letter-filed"):
    """A file got its next letter."""

    file: Token
    department: Token
    number: int
    subject: Text
    sha256: str


class File(Aggregate):
    """A file that counts its letters."""

    kind = "file"
    letters: int = 0

    def receive(self, subject: Text, sha256: str, turn: Turn) -> dict[str, Any]:
        """File the next letter; return its number."""
        number = self.letters + 1
        letter = LetterFiled(
            file=self.id, department="follow-up", number=number, subject=subject, sha256=sha256
        )
        self.record(letter, turn.moment)
        return {"file": self.id, "number": number}

    def evolve(self, event: Event) -> None:
        """Count."""
        if isinstance(event, LetterFiled):
            self.letters = event.number


def filing(file: str, subject: Text = SUBJECT, sha256: str = SHA256) -> Callable[[Turn], dict[str, Any]]:
    """Return the decision that files a letter."""
    return lambda turn: turn.get(File, file).receive(subject, sha256, turn)


class Files(View):
    """One row for a file, with its newest letter."""

    name = "files"
    facets: ClassVar[tuple[str, ...]] = ("department",)

    def keys(self, record: Record) -> Iterable[str]:
        """The file itself."""
        return [record.id]

    def fold(self, key: str, doc: dict[str, Any] | None, record: Record) -> dict[str, Any] | None:
        """Keep the newest letter."""
        event = record.event
        if not isinstance(event, LetterFiled):
            return doc
        return {
            "department": event.department,
            "letters": event.number,
            "subject": event.subject.model_dump(),
            "sha256": event.sha256,
        }
