"""A body that nobody reads to its end: the connection ends with the answer.

The server would else go on reading, and throw away, whatever a client keeps sending, only to be able to
take another request on the same connection.
"""

from starlette.types import Scope

from shared.web.request import DEFAULT_LIMIT, READ


def may_still_come(scope: Scope) -> bool:
    """Whether so much of the body may still come that the connection is not worth it.

    That is a body without an announced length, or one longer than endpoints take by default.
    """
    if READ in scope:
        return False
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return True
        if name == b"content-length":
            return not value.isdigit() or int(value[:19]) > DEFAULT_LIMIT
    return False
