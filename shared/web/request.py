"""The base of every request body."""

from pydantic import BaseModel, ConfigDict


class RequestModel(BaseModel):
    """A request body: what it does not know it refuses, so that a misspelt field is never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)
