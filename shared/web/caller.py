"""Who reads."""

from typing import Annotated

from fastapi import Depends, Request

from shared.domain.actor import Actor
from shared.web.context import context_of


async def caller(request: Request) -> Actor:
    """Return who sends the request; refuse with 401 where nobody is proved."""
    return context_of(request).identity.authenticate(request.headers.get("authorization"))


Caller = Annotated[Actor, Depends(caller)]
"""The authenticated reader."""
