"""The bodies and parameters that this service's endpoints read; unknown fields are refused."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from shared.contracts.identity import TOKEN_PATTERN, Token
from shared.contracts.notifier import Channel, Interest
from shared.web import RequestModel

Id = Annotated[str, Path(pattern=TOKEN_PATTERN)]
"""An identifier in a path."""

Filter = Annotated[str | None, Query(pattern=TOKEN_PATTERN)]
"""A filter of a list: an identifier, or nothing."""

OwnerFilter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9:_-]{1,64}$")]
"""The subject of a token, or nothing."""

TypeFilter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.-]{1,200}$")]
"""A whole event type, or nothing."""

Url = Annotated[str, Field(max_length=2000)]


class Opening(RequestModel):
    """Of what to tell, and how. Without an id of its own, a subscription gets one by its Idempotency-Key.

    The url is public, as every event is: it must hold no secret.
    """

    subscription: Token | None = None
    channel: Channel
    interest: Interest = Interest()
    url: Url | None = None


class Changing(RequestModel):
    """What is left out stays as it is."""

    interest: Interest | None = None
    url: Url | None = None
