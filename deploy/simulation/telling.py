"""What one event of a simulation says to a person who reads its chronicle."""

from collections.abc import Iterator, Sequence

from deploy.simulation.names import Names
from shared.contracts import registry, tasks
from shared.contracts.event import Event
from shared.contracts.tasks import deadline
from shared.messaging.received import Received

Told = Iterator[tuple[str, str]]
"""The sort of happening, and what is told of it."""


def notable(received: Received, names: Names) -> Told:
    """Tell an event that is worth it: nothing, or one thing."""
    for tell in (_of_decree, _of_mission_or_person, _of_extension, _of_meeting_or_report):
        yield from tell(received, received.event, names)


def _of_decree(received: Received, event: Event, names: Names) -> Told:
    match event:
        case registry.DecreeIssued(title=title):
            yield "decree", f"Decree {received.id} entered: {title.in_language('en')}"
        case registry.DecreeHeld() as held:
            many = f", with {_conditions(held.conditions)}" if held.conditions else ""
            yield "hold", f"{names.department(held.by)} holds {_covered(held, names)}{many}"
        case registry.DecreeConditionWaived(reason=reason):
            yield "waived", f"A condition of the hold is waived: {reason.in_language('en')}"
        case registry.DecreeResumed() as resumed:
            yield "resumed", f"The hold on {_covered(resumed, names)} is lifted{_met(resumed.met)}"
        case registry.DecreeAmended(by=by, rows_changed=rows):
            changed = ", ".join(names.measure(row) for row in rows)
            yield "decree", f"Decree {received.id} amended by {by}" + (f": {changed}" if rows else "")
        case registry.DecreeExecuted():
            yield "decree", f"Decree {received.id} executed"


def _of_mission_or_person(received: Received, event: Event, names: Names) -> Told:
    match event:
        case registry.MissionConditionWaived(condition=condition, reason=reason):
            who = names.mission(received.id)
            yield "waived", f"Condition {condition} waived for {who}: {reason.in_language('en')}"
        case registry.MissionClosed(successor=successor, reservations=reservations):
            into = "" if successor is None else f" into {names.mission(successor)}"
            under = f", with {_number(len(reservations), 'reservation')}" if reservations else ""
            yield "closed", f"{names.mission(received.id)} closed{into}{under}"
        case registry.MissionReopened(decree=decree):
            yield "reopened", f"{names.mission(received.id)} opened again by Decree {decree}"
        case registry.StaffErased():
            yield "erased", "The personal data of one person is erased"


def _of_extension(_: Received, event: Event, names: Names) -> Told:
    match event:
        case deadline.ExtensionRequested() as asked:
            who, what = names.department(asked.department), names.task(asked.task)
            yield "asked", f"{who} asks for time until {asked.until:%-d %B} for “{what}”"
        case deadline.ExtensionGranted() as granted:
            what = names.task(granted.task)
            yield "granted", f"Extension until {granted.until:%-d %B} granted for “{what}”"
        case deadline.ExtensionRefused() as refused:
            yield "refused", f"Extension refused for “{names.task(refused.task)}”: {refused.reason}"
        case deadline.DeadlineMissQualified() as qualified:
            reason = qualified.reason.in_language("en")
            yield "qualified", f"Miss of “{names.task(qualified.task)}” qualified: {reason}"
        case tasks.EscalationAcknowledged(task=task, until=until):
            yield "answered", f"Answered for until {until:%-d %B}: “{names.task(task)}”"


def _of_meeting_or_report(received: Received, event: Event, _: Names) -> Told:
    match event:
        case tasks.MeetingHeld():
            yield "meeting", f"Meeting {received.id} held"
        case tasks.IndicatorTargetMet():
            yield "granted", f"Target of the indicator {received.id} met"
        case tasks.ReportGenerated():
            yield "report", f"Report {received.id} made from the events"


def _covered(hold: registry.DecreeHeld | registry.DecreeResumed, names: Names) -> str:
    if hold.measure is not None:
        return names.measure(hold.measure)
    return "the decree" if hold.article is None else f"Article {hold.article}"


def _met(met: Sequence[registry.MetCondition]) -> str:
    waived = sum(one.waived for one in met)
    shown = f": {_conditions(met[waived:])} met with evidence" if len(met) > waived else ""
    return shown + (f", {waived} waived" if waived else "")


def _conditions(listed: Sequence[object]) -> str:
    return _number(len(listed), "condition")


def _number(many: int, what: str) -> str:
    return f"{many} {what}{'' if many == 1 else 's'}"
