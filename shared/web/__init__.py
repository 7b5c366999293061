"""HTTP for every service: identity, idempotency, preconditions, problems, pages."""

from shared.web.answers import answered, json_response
from shared.web.caller import Caller
from shared.web.cursors import PageAsked, PageQuery, page
from shared.web.instruction import Instruct, InstructOnVersion
from shared.web.request import RequestModel

__all__ = [
    "Caller",
    "Instruct",
    "InstructOnVersion",
    "PageAsked",
    "PageQuery",
    "RequestModel",
    "answered",
    "json_response",
    "page",
]
