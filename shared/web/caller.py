"""Who reads."""

from typing import Annotated

from fastapi import Depends

from shared.domain.actor import Actor
from shared.web.context import context_of
from shared.web.request import LimitedRequest


async def caller(request: LimitedRequest) -> Actor:
    """Return who sends the request; refuse with 401 where nobody is proved."""
    return context_of(request).identity.authenticate(request.header(b"authorization"))


Caller = Annotated[Actor, Depends(caller)]
"""The authenticated reader."""
