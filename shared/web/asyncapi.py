"""The AsyncAPI 3.0 document of a service: what it publishes, made from the declared events."""

from typing import Any

from shared.contracts.event import CATALOGUE, Event

JsonObject = dict[str, Any]

ENVELOPE: JsonObject = {
    "type": "object",
    "description": "CloudEvents 1.0 in binary mode, and what a consumer needs to compute the log's leaf.",
    "required": [
        "ce-id",
        "ce-source",
        "ce-type",
        "ce-time",
        "ce-subject",
        "tf-log",
        "tf-position",
        "tf-previous",
        "tf-sealed",
        "tf-meta",
    ],
    "properties": {
        "ce-specversion": {"const": "1.0"},
        "ce-id": {"type": "string", "format": "uuid"},
        "ce-source": {"type": "string"},
        "ce-type": {"type": "string"},
        "ce-time": {"type": "string", "format": "date-time", "description": "When it was recorded."},
        "ce-subject": {"type": "string", "description": "The stream: kind and id of the aggregate."},
        "ce-datacontenttype": {"const": "application/json"},
        "traceparent": {"type": "string", "description": "W3C trace context, where the command had one."},
        "tf-log": {"type": "string", "format": "uuid", "description": "The log's id."},
        "tf-position": {"type": "string", "pattern": "^[1-9][0-9]*$", "description": "Dense, from 1."},
        "tf-previous": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "Leaf of the event before it in its stream; zeros for the first.",
        },
        "tf-leaf-log": {
            "type": "string",
            "format": "uuid",
            "description": "The older log id in the leaf, where the service was restored since.",
        },
        "tf-meta": {"type": "string", "description": "The stored meta, byte for byte."},
        "tf-sealed": {
            "type": "string",
            "pattern": "^[0-9a-f]{64}$",
            "description": "SHA-256 of the sealed bytes.",
        },
    },
}


def asyncapi(service: str, title: str, version: str) -> JsonObject:
    """Describe every event of `service`: channel, headers, payload."""
    published = {name: kind for name, kind in sorted(CATALOGUE.items()) if kind.service == service}
    schemas: JsonObject = {"Envelope": ENVELOPE}
    channels, operations, messages = {}, {}, {}
    for name, kind in published.items():
        address = _address(name)
        messages[name] = _message(name, kind, schemas)
        channels[name] = {
            "address": address,
            "parameters": {"id": {"description": "The aggregate's id: 1 to 64 of A-Z a-z 0-9 _ -"}},
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        }
        operations[f"publish-{name}"] = {
            "action": "send",
            "channel": {"$ref": f"#/channels/{name}"},
            "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        }
    return {
        "asyncapi": "3.0.0",
        "id": f"urn:tanfidh:{service}",
        "info": {
            "title": f"{title}: events",
            "version": version,
            "description": f"Stream EVT_{service.upper()}; in commit order, each event once, without gaps.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": schemas},
    }


def _address(event_type: str) -> str:
    service, aggregate, event = event_type.split(".", 2)
    return f"evt.{service}.{aggregate}.{{id}}.{event}"


def _message(name: str, kind: type[Event], schemas: JsonObject) -> JsonObject:
    payload = kind.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas.update(payload.pop("$defs", {}))
    schemas[name] = payload
    summary = (kind.__doc__ or name).strip().splitlines()[0]
    return {
        "name": f"tanfidh.{name}.v{kind.class_version}",
        "summary": summary,
        "contentType": "application/json",
        "headers": {"$ref": "#/components/schemas/Envelope"},
        "payload": {"$ref": f"#/components/schemas/{name}"},
    }
