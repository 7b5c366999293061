import pytest

from services.registry.permissions import PERMISSIONS
from shared.domain import Actor
from shared.domain.permission import NotPermitted

OFFICE = {"admin", "follow-up-office"}
DEPARTMENTS = {"department of its own", "another department", "department without a key"}
COMPETENT = OFFICE | {"department of its own"}
ROLES = ("admin", "follow-up-office", "head-of-mission", "issuer", "controller", "auditor", "service")
PERSONNEL = {"admin", "department of its own"}
ROLES = ("admin", "follow-up-office", "head-of-mission", "controller", "auditor", "service")
MATRIX = {
    "dossier.import": OFFICE,
    "decree.amend": OFFICE,
    "decree.repeal": OFFICE,
    "decree.hold": {"controller"},
    "decree.fulfil-condition": OFFICE | {"controller"},
    "decree.waive-condition": {"controller"},
    "decree.resume": {"admin", "controller"},
    "decree.execute": OFFICE,
    "decree.report": OFFICE,
    "decree.approve-report": {"issuer", "controller"},
    "decree.remove-from-control": {"issuer", "controller"},
    "measure.order": OFFICE,
    "measure.identify": OFFICE,
    "measure.assess": OFFICE,
    "measure.execute": OFFICE,
    "mission.set-dates": OFFICE,
    "mission.announce": OFFICE,
    "mission.stop-services": OFFICE | {"head-of-mission"},
    "mission.close": OFFICE,
    "mission.waive-condition": {"issuer"},
    "mission.settle": OFFICE,
    "mission.archive": OFFICE,
    "handover.enter": OFFICE | DEPARTMENTS | {"head-of-mission"},
    "handover.sign-outgoing": {"head-of-mission"},
    "handover.sign-receiving": DEPARTMENTS | {"head-of-mission"},
    "handover.sign-inspection": DEPARTMENTS | {"controller", "auditor"},
    "staff.post": COMPETENT,
    "staff.reassign": COMPETENT,
    "staff.recall": COMPETENT,
    "staff.separate": COMPETENT,
    "staff.extend": COMPETENT,
    "staff.record-person": PERSONNEL,
    "staff.read-person": PERSONNEL,
    "staff.erase": PERSONNEL,
}
ACTORS = {role: Actor(subject="s", role=role) for role in ROLES} | {
    "department of its own": Actor(subject="s", role="department", department="cabinet"),
    "another department": Actor(subject="s", role="department", department="legal"),
    "department without a key": Actor(subject="s", role="department"),
}


def test_the_matrix_names_every_action() -> None:
    assert set(MATRIX) == set(PERMISSIONS.table)


@pytest.mark.parametrize("action", MATRIX)
@pytest.mark.parametrize("who", ACTORS)
def test_who_may_do_what(who: str, action: str) -> None:
    if who in MATRIX[action]:
        PERMISSIONS.check(ACTORS[who], action, ("cabinet",))
        return
    with pytest.raises(NotPermitted):
        PERMISSIONS.check(ACTORS[who], action, ("cabinet",))
