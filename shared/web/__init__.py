"""HTTP for every service: identity, idempotency, preconditions, problems, pages.

What stands here is imported when it is first used: whoever only signs a token needs no web framework.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.web.answer_model import AnswerModel, Items, shows, sometimes
    from shared.web.answers import answered, json_response
    from shared.web.as_of import AsOfQuery
    from shared.web.caller import Caller
    from shared.web.cursors import PageAsked, PageQuery, page
    from shared.web.effective import EffectiveQuery
    from shared.web.horizon import AsOf
    from shared.web.instruction import Instruct, InstructOnVersion, Said
    from shared.web.request import RequestModel
else:
    _PLACES = {
        "AnswerModel": "answer_model",
        "Items": "answer_model",
        "shows": "answer_model",
        "sometimes": "answer_model",
        "answered": "answers",
        "json_response": "answers",
        "AsOf": "horizon",
        "AsOfQuery": "as_of",
        "Caller": "caller",
        "EffectiveQuery": "effective",
        "PageAsked": "cursors",
        "PageQuery": "cursors",
        "page": "cursors",
        "Instruct": "instruction",
        "InstructOnVersion": "instruction",
        "RequestModel": "request",
        "Said": "instruction",
    }

    def __getattr__(name: str) -> Any:
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_PLACES[name]}"), name)


__all__ = [
    "AnswerModel",
    "AsOf",
    "AsOfQuery",
    "Caller",
    "EffectiveQuery",
    "Instruct",
    "InstructOnVersion",
    "Items",
    "PageAsked",
    "PageQuery",
    "RequestModel",
    "Said",
    "answered",
    "json_response",
    "page",
    "shows",
    "sometimes",
]
