"""The textbook way: the library's application and its PostgreSQL recorder behind a ``def`` endpoint."""

import os
from typing import Any

from eventsourcing.application import AggregateNotFoundError
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.textbook import File, application


class Letter(BaseModel):
    """The request's body."""

    subject: dict[str, str]
    sha256: str


files = application(os.environ["BENCH_DATABASE_URL"])
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
