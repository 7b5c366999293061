import pytest

from services.notifier.permissions import OWNERS_ONLY, PERMISSIONS, NotTheOwner, check_owner_or_permitted
from shared.domain import Actor
from shared.domain.permission import NotPermitted

OFFICE = {"admin", "follow-up-office"}
ROLES = {"admin", "follow-up-office", "department", "head-of-mission", "controller", "auditor", "service"}
MATRIX = {
    "subscription.open": ROLES,
    "subscription.to-everything": OFFICE | {"controller", "auditor"},
    "subscription.close": {"admin"},
    "notification.retry": OFFICE,
    "subscription.change": set(),
    "secret.read": set(),
    "secret.renew": set(),
}


def test_the_matrix_names_every_action() -> None:
    assert set(MATRIX) == set(PERMISSIONS.table) | OWNERS_ONLY
    assert not OWNERS_ONLY & set(PERMISSIONS.table)


@pytest.mark.parametrize("action", MATRIX)
@pytest.mark.parametrize("role", sorted(ROLES))
def test_who_may_do_what(role: str, action: str) -> None:
    actor = Actor(subject="somebody", role=role, department="legal")
    check_owner_or_permitted(actor, action, "somebody")
    check_owner_or_permitted(actor.model_copy(update={"on_behalf_of": "head"}), action, "head")
    if role in MATRIX[action]:
        check_owner_or_permitted(actor, action, "another")
        return
    with pytest.raises(NotPermitted if MATRIX[action] else NotTheOwner, match=action):
        check_owner_or_permitted(actor, action, "another")
