"""A restore's plan, told to a person and as JSON."""

from typing import Any

from deploy.restoring.plan import ServicePlan
from deploy.restoring.report import tell
from shared.contracts.envelope import stream_name
from shared.messaging.divergence import Divergence


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
    if stream is not None:
        lines += _faults(plan, stream)
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
        else {"log": stream.log_id, "position": last_position(plan)} | _faults_as_json(stream),
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


def _faults(plan: ServicePlan, stream: Divergence) -> list[str]:
    """Tell what is wrong in the stream, each place and then how much there is besides."""
    name, told = stream_name(plan.service), []
    for first, last in stream.missing:
        one, run = f"sequence {first} of {name} is", f"sequences {first} to {last} of {name} are"
        told.append(f"  {one if first == last else run} missing")
    told += [f"  {fault.told(plan.service)}" for fault in stream.faults]
    shown = len(stream.faults) + sum(last - first + 1 for first, last in stream.missing)
    further = sum(stream.counts.values()) - shown
    return told + ([f"  and {further} more"] if further else [])


def _faults_as_json(stream: Divergence) -> dict[str, Any]:
    return {
        "unreadable": stream.unreadable,
        "wrong": dict(stream.counts),
        "missing": [list(run) for run in stream.missing],
        "faults": [
            {"sequence": fault.sequence, "subject": fault.subject, "kind": fault.kind, "what": fault.what}
            for fault in stream.faults
        ],
    }


def _stream(plan: ServicePlan) -> str:
    if plan.stream is None:
        return "and there is no stream"
    other = "" if plan.stream.log_id == plan.log.log_id else f" of the log {plan.stream.log_id}"
    return f"the stream at {last_position(plan)}{other}"


def _stood(plan: ServicePlan, service: str) -> int:
    return next(reader.position for reader in plan.readers if reader.service == service)
