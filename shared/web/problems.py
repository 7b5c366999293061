"""Every error as a problem document (RFC 9457) in the reader's language."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from shared.domain.refusal import Refusal
from shared.web.answers import render_json
from shared.web.language import language_of
from shared.web.refusals import ValidationFailed

MEDIA_TYPE = "application/problem+json"
TYPES = "https://tanfidh.org/problems/"
RETRY_AFTER_S = 2
"""What 503 asks a client to wait: an engine that restarts is back within seconds."""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. The facts of a problem are further members; GET /problems lists the types.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "description": f"What is wrong, value by value ({ValidationFailed.slug}).",
            "items": {
                "type": "object",
                "required": ["in", "pointer", "code", "what"],
                "properties": {
                    "in": {"enum": ["body", "query", "path", "header"]},
                    "pointer": {"type": "string", "description": "RFC 6901"},
                    "code": {"type": "string"},
                    "what": {
                        "type": "object",
                        "properties": {"en": {"type": "string"}, "ar": {"type": "string"}},
                    },
                },
            },
        },
    },
}
"""A problem in the OpenAPI document."""


def document(refusal: Refusal, language: str, instance: str | None = None) -> dict[str, Any]:
    """Render a refusal; its facts are members beside the standard ones, which they never replace."""
    standard: dict[str, Any] = {
        "type": TYPES + refusal.slug,
        "title": refusal.title.in_language(language),
        "status": refusal.status,
        "detail": refusal.told().in_language(language),
    }
    if instance is not None:
        standard["instance"] = instance
    facts = {name: _member(fact, language) for name, fact in refusal.facts.items() if name not in standard}
    return standard | facts


def _member(fact: Any, language: str) -> Any:
    if isinstance(fact, BaseModel):
        return fact.model_dump(mode="json")
    if isinstance(fact, Refusal):
        return document(fact, language)
    if isinstance(fact, Mapping):
        return {str(name): _member(value, language) for name, value in fact.items()}
    if isinstance(fact, list | tuple | set | frozenset):
        return [_member(value, language) for value in fact]
    if isinstance(fact, bool | str | float | None) or (isinstance(fact, int) and abs(fact) < 2**53):
        return fact
    return str(fact)


def problem(refusal: Refusal, accepted: str | None, instance: str | None = None) -> Response:
    """Answer with a refusal in the language that `accepted` (Accept-Language) asks for."""
    language = language_of(accepted)
    headers = {
        "Content-Language": language,
        "Vary": "Accept-Language",
        "Cache-Control": "no-store",
        **getattr(refusal, "headers", {}),
    }
    if refusal.status == 503:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return Response(render_json(document(refusal, language, instance)), refusal.status, headers, MEDIA_TYPE)


def known_problems() -> list[dict[str, Any]]:
    """List every problem type of this process in both languages, by type."""
    kinds: dict[str, type[Refusal]] = {}
    for kind in _every(Refusal):
        kinds.setdefault(kind.slug, kind)
    return [
        {
            "type": TYPES + slug,
            "status": kind.status,
            "title": kind.title.model_dump(),
            "detail": kind.detail.model_dump() if kind.detail else None,
        }
        for slug, kind in sorted(kinds.items())
    ]


def _every(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    yield kind
    for narrower in kind.__subclasses__():
        yield from _every(narrower)
