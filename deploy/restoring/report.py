"""What a restored store has lost, and what other services did about it: for a person to mend."""

import base64
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from deploy.restoring.plan import ServicePlan
from shared.messaging.legible import can_be_told
from shared.messaging.received import Received

_REACTIONS = """
    SELECT meta, position FROM "{service}".events
    WHERE recorded_at >= $1 AND convert_from(meta, 'UTF8')::jsonb ->> 'causation' = ANY($2::text[])
    ORDER BY position
"""


def report_path(folder: Path, plan: ServicePlan) -> Path:
    """The file for what a service has lost; a restore that is repeated writes the same one again."""
    log = plan.stream.log_id if plan.stream is not None else plan.log.log_id
    return folder / f"lost-{plan.service}-after-{plan.matched}-{str(log)[:8]}.json"


async def write_report(folder: Path, plan: ServicePlan, others: Sequence[str]) -> Path:
    """Write down the lost events, each with the events of other services that it caused."""
    path = report_path(folder, plan)
    lost = plan.stream.lost if plan.stream is not None else ()
    reactions = await _reactions(plan, lost, others)
    content = {
        "service": plan.service,
        "log": plan.stream.log_id if plan.stream is not None else None,
        "matched": plan.matched,
        "lost": [tell(event) | {"caused": reactions[event.event_id]} for event in lost],
    }
    unfinished = path.with_suffix(".new")
    unfinished.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    unfinished.rename(path)
    return path


def tell(event: Received) -> dict[str, Any]:
    """Tell of an event what a person needs to do it again.

    Whoever may publish decides what stands in it: what is missing is told as null, and what is no JSON, or
    nests too deep to be written down, as it came: `data` gives way to `body` or, where that is no text, to
    `body_base64`.
    """
    about = event.about.fields
    return {
        "position": event.position,
        "id": event.event_id,
        "type": event.type,
        "stream": event.stream,
        "recorded_at": event.recorded_at,
        "effective_at": event.effective_at,
        "actor": _as_json(about.get("actor")),
        "command": _as_json(about.get("command")),
        **_payload(event.data),
    }


def _payload(data: bytes) -> dict[str, Any]:
    with suppress(ValueError):
        if can_be_told(told := orjson.loads(data)):
            return {"data": told}
    try:
        return {"body": data.decode()}
    except UnicodeDecodeError:
        return {"body_base64": base64.b64encode(data).decode()}


def _as_json(value: Any) -> Any:
    return value if can_be_told(value) else "nested too deep to be told"


async def _reactions(
    plan: ServicePlan, lost: Sequence[Received], others: Sequence[str]
) -> dict[UUID, list[dict[str, Any]]]:
    caused: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    if not lost:
        return caused
    ids = [str(event.event_id) for event in lost]
    first = min(event.recorded_at for event in lost)
    for service in others:
        for row in await plan.log.connection.fetch(_REACTIONS.format(service=service), first, ids):
            meta = orjson.loads(row["meta"])
            told = {"service": service, "position": row["position"]}
            told |= {name: _as_json(meta.get(name)) for name in ("id", "type", "stream", "command")}
            caused[UUID(meta["causation"])].append(told)
    return caused
