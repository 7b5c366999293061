"""A FastAPI endpoint that reads the same request and stores nothing: what HTTP alone costs."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from shared.contracts.text import Text

app = FastAPI()


class Letter(BaseModel):
    """The request's body."""

    subject: Text
    sha256: str


@app.post("/files/{file}/letters")
async def receive(file: str, letter: Letter) -> dict[str, Any]:
    """Answer as if the letter had been filed."""
    return {"file": file, "number": 1}
