"""Who leads a department and who acts for its head, each for a time: appointed, named, delegated, ended."""

from datetime import datetime

from services.registry.department import refusals
from services.registry.department.department import Department
from shared.contracts.delegation import Headship, StandIn
from shared.contracts.meta import rfc3339
from shared.contracts.registry import (
    DepartmentActingHeadNamed,
    DepartmentDelegated,
    DepartmentDelegationEnded,
    DepartmentHeadAppointed,
)
from shared.domain import Actor, Moment, NotFound
from shared.domain.naming import ACTIONS
from shared.domain.permission import ROLES

HEADS = tuple(role for role in ROLES if ":" not in role and role not in ("admin", "service"))
"""The roles in which a head may act."""


def appoint_head(
    department: Department, head: str, role: str, mission: str | None, reference: str, moment: Moment
) -> None:
    """Give the department a head from the day on of which that is said, until the head of a later day.

    Whoever leads it on that day already, in the same role and for the same mission, changes nothing.
    """
    department.must_exist()
    if role not in HEADS:
        raise refusals.UnknownRole(role=role, roles=", ".join(HEADS))
    moment.must_not_be_ahead()
    former = department.leadership.head_at(moment.effective_at)
    if former is not None and (former.head, former.role, former.mission) == (head, role, mission):
        return
    headship = Headship(head=head, role=role, mission=mission, since=moment.effective_at)
    appointed = DepartmentHeadAppointed(
        headship=headship, former=None if former is None else former.head, reference=reference
    )
    department.record(appointed, moment)


def name_acting_head(
    department: Department,
    key: str,
    deputy: str,
    since: datetime,
    until: datetime,
    reference: str,
    moment: Moment,
) -> None:
    """Let somebody act as head for a time; one at a time."""
    stand_in = StandIn(
        key=key, head=_head_of(department), deputy=deputy, since=since, until=until, acting=True
    )
    if _is_known(department, stand_in):
        return
    _check(department, stand_in, moment)
    _check_alone(department, stand_in, moment)
    department.record(DepartmentActingHeadNamed(stand_in=stand_in, reference=reference), moment)


def delegate(
    department: Department,
    key: str,
    deputy: str,
    since: datetime,
    until: datetime,
    actions: tuple[str, ...] | None,
    reference: str,
    actor: Actor,
    moment: Moment,
) -> None:
    """Let somebody act for the head for a time, in some actions or in all; only the head in person does."""
    head = _head_of(department)
    if actor.subject != head or actor.on_behalf_of is not None:
        raise refusals.NotTheHead(department=department.id, subject=actor.subject)
    named = None if actions is None else tuple(sorted(set(actions)))
    if unknown := [action for action in named or () if action not in ACTIONS]:
        raise refusals.UnknownActions(actions=", ".join(unknown))
    stand_in = StandIn(key=key, head=head, deputy=deputy, since=since, until=until, actions=named)
    if _is_known(department, stand_in):
        return
    _check(department, stand_in, moment)
    department.record(DepartmentDelegated(stand_in=stand_in, reference=reference), moment)


def stand_in_of(department: Department, key: str) -> StandIn:
    """Return a delegation or an acting appointment; refuse where there is none of that key."""
    department.must_exist()
    if key not in department.leadership.stand_ins:
        raise NotFound(kind="delegation", id=key)
    return department.leadership.stand_ins[key]


def end(department: Department, key: str, moment: Moment) -> None:
    """End a delegation or an acting appointment at once, before its time."""
    stand_in_of(department, key)
    now, (since, until) = moment.recorded_at, department.leadership.span_of(key)
    if until <= max(since, now):
        raise refusals.DelegationOver(department=department.id, key=key)
    department.record(DepartmentDelegationEnded(key=key, ended_at=now), moment)


def _head_of(department: Department) -> str:
    department.must_exist()
    if department.leadership.headship is None:
        raise refusals.NoHead(department=department.id)
    return department.leadership.headship.head


def _is_known(department: Department, stand_in: StandIn) -> bool:
    known = department.leadership.stand_ins.get(stand_in.key)
    if known is not None and known.model_copy(update={"ended_at": None}) != stand_in:
        raise refusals.DelegationKnownOtherwise(department=department.id, key=stand_in.key)
    return known is not None


def _check(department: Department, stand_in: StandIn, moment: Moment) -> None:
    headship = department.leadership.headship
    moment.must_not_precede(None if headship is None else headship.since, department.id)
    if stand_in.deputy == stand_in.head:
        raise refusals.OwnDeputy(department=department.id, deputy=stand_in.deputy)
    if stand_in.until <= max(stand_in.since, moment.recorded_at):
        raise refusals.PeriodSenseless(since=rfc3339(stand_in.since), until=rfc3339(stand_in.until))


def _check_alone(department: Department, acting: StandIn, moment: Moment) -> None:
    """Refuse a second acting head at any moment at which both would be in force."""
    leadership = department.leadership
    since, until = leadership.with_stand_in(acting, moment.effective_at).span_of(acting.key)
    for other in (one for one in leadership.stand_ins.values() if one.acting):
        begun, over = leadership.span_of(other.key)
        if max(since, begun) < min(until, over):
            raise refusals.ActingHeadAlready(department=department.id, deputy=other.deputy, key=other.key)
