"""Who may do what with meetings, indicators and reports: every role and every action."""

import pytest

from services.tasks.permissions import PERMISSIONS
from shared.domain import Actor
from shared.domain.permission import NotPermitted

OFFICE = {"admin", "follow-up-office"}
MATRIX = {
    "meeting.call": OFFICE,
    "meeting.change": OFFICE,
    "meeting.hold": OFFICE,
    "meeting.decide": OFFICE,
    "meeting.settle-decision": OFFICE,
    "meeting.write-minutes": OFFICE | {"department"},
    "meeting.approve-minutes": {"follow-up-office", "department", "head-of-mission", "issuer"},
    "meeting.close": OFFICE,
    "indicator.define": OFFICE,
    "indicator.measure": OFFICE | {"department", "head-of-mission"},
    "indicator.withdraw": OFFICE,
    "report.generate": OFFICE | {"issuer", "controller", "auditor"},
}
ROLES = (
    "admin",
    "follow-up-office",
    "department",
    "head-of-mission",
    "issuer",
    "controller",
    "auditor",
    "service",
)


def test_the_matrix_names_every_action() -> None:
    own = ("meeting.", "indicator.", "report.")
    assert set(MATRIX) == {action for action in PERMISSIONS.table if action.startswith(own)}


@pytest.mark.parametrize("action", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(role: str, action: str) -> None:
    actor = Actor(subject="s", role=role, department="legal" if role == "department" else None)
    if role in MATRIX[action]:
        PERMISSIONS.check(actor, action)
        return
    with pytest.raises(NotPermitted):
        PERMISSIONS.check(actor, action)
