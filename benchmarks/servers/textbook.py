"""The textbook way: the library's application and its PostgreSQL recorder behind a ``def`` endpoint."""

import os
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from eventsourcing.application import AggregateNotFoundError, Application
from eventsourcing.domain import Aggregate, event
from fastapi import FastAPI
from pydantic import BaseModel


class File(Aggregate):
    """The same file, as the library's own documentation would write it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.letters = 0

    @staticmethod
    def create_id(name: str) -> UUID:
        """Derive the id from the name."""
        return uuid5(NAMESPACE_URL, f"/files/{name}")

    @event("LetterFiled")
    def receive(self, department: str, subject: dict[str, str], sha256: str) -> None:
        """Count."""
        self.letters += 1


class Letter(BaseModel):
    """The request's body."""

    subject: dict[str, str]
    sha256: str


url = urlsplit(os.environ["BENCH_DATABASE_URL"])
files: Application[UUID] = Application(
    {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": url.path.removeprefix("/"),
        "POSTGRES_HOST": str(url.hostname),
        "POSTGRES_PORT": str(url.port),
        "POSTGRES_USER": str(url.username),
        "POSTGRES_PASSWORD": str(url.password),
    }
)
app = FastAPI()


@app.post("/files/{name}/letters")
def receive(name: str, letter: Letter) -> dict[str, Any]:
    """Load, decide, save."""
    try:
        file: File = files.repository.get(File.create_id(name))
    except AggregateNotFoundError:
        file = File(name)
    file.receive("follow-up", letter.subject, letter.sha256)
    files.save(file)
    return {"file": name, "number": file.letters}
