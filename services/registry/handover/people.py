"""The local employees of a closing mission: each is given notice, and settled with or has a claim."""

from services.registry.handover import refusals
from services.registry.handover.entering import enter
from services.registry.handover.entries import Employee
from services.registry.handover.handover import Handover
from services.registry.mission import Mission
from shared.contracts.registry import (
    HandoverEmployeeClaimed,
    HandoverEmployeeListed,
    HandoverEmployeeNotified,
    HandoverEmployeeSettled,
)
from shared.domain import Moment


def list_employee(handover: Handover, mission: Mission, employee: str, moment: Moment) -> None:
    """Enter a local employee by a random id; again it changes nothing."""
    mission.must_exist()
    if employee not in handover.employees:
        enter(handover, mission, HandoverEmployeeListed(mission=mission.id, employee=employee), moment)


def notify_employee(
    handover: Handover, mission: Mission, employee: str, reference: str, moment: Moment
) -> None:
    """Note that an employee was given notice."""
    if not _listed(handover, mission, employee).notified:
        enter(
            handover,
            mission,
            HandoverEmployeeNotified(mission=mission.id, employee=employee, reference=reference),
            moment,
        )


def settle_employee(
    handover: Handover, mission: Mission, employee: str, reference: str, moment: Moment
) -> None:
    """Note that an employee's dues are settled, after the notice."""
    if not (known := _listed(handover, mission, employee)).notified:
        raise refusals.NoticeFirst(employee=employee)
    if not known.settled:
        enter(
            handover,
            mission,
            HandoverEmployeeSettled(mission=mission.id, employee=employee, reference=reference),
            moment,
        )


def record_claim(handover: Handover, mission: Mission, employee: str, reference: str, moment: Moment) -> None:
    """Note that an employee claims more; a settled one has no claim any more."""
    known = _listed(handover, mission, employee)
    if known.settled:
        raise refusals.EmployeeSettled(employee=employee)
    if not known.claimed:
        enter(
            handover,
            mission,
            HandoverEmployeeClaimed(mission=mission.id, employee=employee, reference=reference),
            moment,
        )


def _listed(handover: Handover, mission: Mission, employee: str) -> Employee:
    if employee not in handover.employees:
        raise refusals.NotListed(mission=mission.id, what=employee)
    return handover.employees[employee]
