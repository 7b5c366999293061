"""The OpenAPI 3.1 document of a service, completed with what all its endpoints have in common."""

from collections.abc import Iterable
from typing import Any

from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import BaseRoute

from shared.web.answer_model import close
from shared.web.as_of import as_of_asked
from shared.web.caller import caller
from shared.web.endpoint import Call
from shared.web.instruction import instruct, instruct_on_version
from shared.web.problems import MEDIA_TYPE, PROBLEM
from shared.web.waiting import LONGEST

JsonObject = dict[str, Any]

SECURITY: JsonObject = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An access token (RFC 9068) with the claim role, and department where it has one.",
    }
}


def _header(name: str, description: str, schema: JsonObject, required: bool = False) -> JsonObject:
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


PARAMETERS: JsonObject = {
    "IdempotencyKey": _header(
        "Idempotency-Key",
        "Names the command: a repetition with the same key and request gets the stored answer.",
        {"type": "string", "pattern": "^[!-~]{1,128}$"},
        required=True,
    ),
    "IfMatch": _header(
        "If-Match",
        "The ETag that the caller saw; 412 where it has changed since.",
        {"type": "string", "pattern": '^("(0|[1-9][0-9]{0,17})"|\\*)$'},
    ),
    "IfMatchRequired": _header(
        "If-Match",
        "The ETag that the caller saw; 412 where it has changed since, 428 without.",
        {"type": "string", "pattern": '^("(0|[1-9][0-9]{0,17})"|\\*)$'},
        required=True,
    ),
    "EffectiveAt": _header(
        "Tanfidh-Effective-At",
        "When it is so in law or fact: a date or an RFC 3339 moment in the years 1900 to 2200.",
        {"type": "string", "examples": ["2025-05-05", "2025-05-05T10:00:00+02:00"]},
    ),
    "TraceParent": _header("traceparent", "W3C trace context.", {"type": "string"}),
    "Prefer": _header(
        "Prefer",
        f"wait=n: wait up to n seconds ({LONGEST} at most) until what is read has come as far as the log was "
        "when the request came, or as the two headers below say (RFC 7240).",
        {"type": "string", "examples": ["wait=5"]},
    ),
    "SeenPosition": _header(
        "Tanfidh-Position",
        "With Prefer: wait, the position of this service to wait for: that of a command's answer, say.",
        {"type": "integer", "minimum": 0},
    ),
    "SeenElsewhere": _header(
        "Tanfidh-After",
        "With Prefer: wait, positions of other services whose effects here are waited for.",
        {"type": "string", "examples": ["registry=277"]},
    ),
    "AcceptLanguage": _header("Accept-Language", "Arabic or English texts.", {"type": "string"}),
}

ANSWER_HEADERS: JsonObject = {
    "ETag": {"description": "The version of the first aggregate.", "schema": {"type": "string"}},
    "Tanfidh-Position": {"description": "Where the log stands.", "schema": {"type": "integer"}},
    "Idempotency-Replayed": {
        "description": "true: the stored answer of an earlier request of this key.",
        "schema": {"const": "true"},
    },
}

READ_HEADERS: JsonObject = {
    "Tanfidh-Position": {
        "description": "Up to where what is read was folded, or the position as of which it is.",
        "schema": {"type": "integer"},
    },
    "Preference-Applied": {
        "description": "wait: what was waited for had come in time.",
        "schema": {"const": "wait"},
    },
}
AS_OF_HEADERS: JsonObject = {
    "Tanfidh-As-Of": {
        "description": "With as_of: when the last event that counts was recorded.",
        "schema": {"type": "string", "format": "date-time"},
    },
}

READ_ERRORS = (400, 404, 422)
PAST_ERRORS = (*READ_ERRORS, 503)
COMMAND_ERRORS = (400, 403, 404, 409, 412, 413, 415, 422, 503)


def rebuild_answers(routes: Iterable[BaseRoute]) -> None:
    """Build the models of answers anew: they were nothing yet when FastAPI built its fields of them."""
    for context in iter_route_contexts([*routes]):
        if isinstance(context.original_route, APIRoute) and context.response_field is not None:
            context.response_field.__post_init__()


def completed(document: JsonObject, routes: Iterable[BaseRoute]) -> JsonObject:
    """Add security, headers and problems to the document that FastAPI makes."""
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    assert "Problem" not in schemas, "a model of another thing has the name of RFC 9457's problem"
    close(schemas)
    schemas["Problem"] = PROBLEM
    components["securitySchemes"] = SECURITY
    components["parameters"] = PARAMETERS
    components["responses"] = {"Problem": _problem_response()}
    for declared in iter_route_contexts(list(routes)):
        if isinstance(declared.original_route, APIRoute) and declared.include_in_schema:
            functions = Call(declared.dependant).functions()
            for method in declared.methods or ():
                _complete(document["paths"][declared.path_format][method.lower()], functions)
    return document


def _problem_response() -> JsonObject:
    return {
        "description": "A problem, in Arabic or English.",
        "headers": {"Content-Language": {"schema": {"enum": ["ar", "en"]}}},
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _complete(operation: JsonObject, functions: set[Any]) -> None:
    conditional = instruct_on_version in functions
    command = conditional or instruct in functions
    added = ["AcceptLanguage"]
    errors: tuple[int, ...] = READ_ERRORS
    if command:
        added += [
            "IdempotencyKey",
            "IfMatchRequired" if conditional else "IfMatch",
            "EffectiveAt",
            "TraceParent",
        ]
        errors = (*COMMAND_ERRORS, 428) if conditional else COMMAND_ERRORS
        _describe_answers(operation)
    elif caller in functions:
        added += ["Prefer", "SeenPosition", "SeenElsewhere"]
        past = as_of_asked in functions
        errors = PAST_ERRORS if past else READ_ERRORS
        headers = READ_HEADERS | AS_OF_HEADERS if past else READ_HEADERS
        operation["responses"].get("200", {})["headers"] = headers
    if command or caller in functions:
        operation["security"] = [{"bearer": []}]
        errors = (*errors, 401)
    parameters = operation.setdefault("parameters", [])
    parameters += [{"$ref": f"#/components/parameters/{name}"} for name in added]
    responses = operation["responses"]
    responses.update({str(status): {"$ref": "#/components/responses/Problem"} for status in sorted(errors)})
    responses["default"] = {"$ref": "#/components/responses/Problem"}


def _describe_answers(operation: JsonObject) -> None:
    """A command is done, and may have created something; what is done later says so itself (202)."""
    responses = operation["responses"]
    done = responses.get("200") or responses.get("201")
    if done is not None:
        for status, description in (("200", "Done."), ("201", "Done, and created.")):
            responses.setdefault(status, {"description": description, "content": done["content"]})
    for given in responses.values():
        given["headers"] = ANSWER_HEADERS
