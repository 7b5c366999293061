"""A restore's plan, told to a person and as JSON."""

from typing import Any

from deploy.restoring.plan import ServicePlan
from deploy.restoring.report import tell


def describe(plan: ServicePlan) -> list[str]:
    """Tell what was found for a service and what will happen, a line each."""
    stream = plan.stream
    if plan.in_step:
        return [f"{plan.service}: in step at position {plan.log.head}"]
    lines = [f"{plan.service}: the store ends at position {plan.log.head}, {_stream(plan)}"]
    if stream is not None and stream.lost:
        lines.append(
            f"  {len(stream.lost)} published events are not in the store (after position {plan.matched})"
        )
        if plan.log.head > plan.matched:
            own = plan.log.head - plan.matched
            lines.append(f"  {own} events of the store were recorded since and stay")
    if stream is not None and stream.unreadable:
        lines.append(f"  {stream.unreadable} messages in the stream are no events of ours")
    if plan.new_log is not None:
        lines.append(f"  the log gets a new id, and names {plan.log.log_id} as the one that it continues")
    if plan.remakes_stream:
        lines.append("  the stream is deleted and made anew")
    if plan.to_publish or stream is None:
        lines.append(f"  {plan.to_publish} events are published into the stream")
    for moved in plan.moved:
        stood = _stood(plan, moved.service)
        lines.append(f"  {moved.service} goes on after position {moved.position} of it (stood at {stood})")
    for source in plan.sources:
        lines.append(f"  it is given the events of {source} again that it has not taken in")
    if plan.stale_views:
        lines.append(f"  {plan.stale_views} views stand beyond the log and begin anew")
    return lines


def as_json(plan: ServicePlan) -> dict[str, Any]:
    """Tell the same as an object; every lost event with its payload."""
    stream = plan.stream
    return {
        "in_step": plan.in_step,
        "store": {"log": str(plan.log.log_id), "position": plan.log.head},
        "stream": None
        if stream is None
        else {"log": stream.log_id, "position": last_position(plan), "unreadable": stream.unreadable},
        "new_log": plan.new_log is not None,
        "matched": plan.matched,
        "common": plan.common,
        "lost": [tell(event) for event in stream.lost] if stream is not None else [],
        "remakes_stream": plan.remakes_stream,
        "to_publish": plan.to_publish,
        "inboxes": [
            {"service": moved.service, "from": _stood(plan, moved.service), "to": moved.position}
            for moved in plan.moved
        ],
        "given_again": list(plan.sources),
        "stale_views": plan.stale_views,
    }


def last_position(plan: ServicePlan) -> int:
    """The position of the last event in the stream; 0 where there is none."""
    if plan.stream is None:
        return 0
    return plan.stream.lost[-1].position if plan.stream.lost else plan.stream.matched


def _stream(plan: ServicePlan) -> str:
    if plan.stream is None:
        return "and there is no stream"
    other = "" if plan.stream.log_id == plan.log.log_id else f" of the log {plan.stream.log_id}"
    return f"the stream at {last_position(plan)}{other}"


def _stood(plan: ServicePlan, service: str) -> int:
    return next(reader.position for reader in plan.readers if reader.service == service)
