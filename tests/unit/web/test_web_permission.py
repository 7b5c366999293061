"""The table of permissions, as a full matrix."""

import pytest

from shared.domain.actor import Actor
from shared.domain.permission import ROLES, NotPermitted, Permissions

TABLE = Permissions(
    {"mission.close": ("admin", "follow-up-office"), "task.submit": ("admin", "department:own")}
)
ALLOWED = {
    ("admin", "mission.close"),
    ("follow-up-office", "mission.close"),
    ("admin", "task.submit"),
    ("department", "task.submit"),
}


@pytest.mark.parametrize("role", [role for role in ROLES if ":" not in role])
@pytest.mark.parametrize("action", ["mission.close", "task.submit"])
def test_each_role_may_do_what_the_table_says(role, action):
    actor = Actor(subject="x", role=role, department="protocol")
    assert TABLE.allows(actor, action, ("legal", "protocol")) == ((role, action) in ALLOWED)


@pytest.mark.parametrize(
    ("own", "concerned"), [("protocol", ()), ("protocol", ("legal",)), (None, ("legal",)), (None, (None,))]
)
def test_a_department_acts_only_where_it_is_concerned(own, concerned):
    with pytest.raises(NotPermitted):
        TABLE.check(Actor(subject="x", role="department", department=own), "task.submit", concerned)


def test_nobody_has_the_role_own():
    actor = Actor(subject="x", role="department:own", department="legal")
    with pytest.raises(NotPermitted):
        TABLE.check(actor, "task.submit", ("protocol",))


def test_the_refusal_names_action_and_roles_in_both_languages():
    with pytest.raises(NotPermitted) as refused:
        TABLE.check(Actor(subject="x", role="auditor"), "task.submit")
    told = refused.value.told()
    assert told.en is not None
    action, _, roles = told.en.partition("; these may do it: ")
    assert action == "task.submit is not for the role auditor"
    assert roles == "administrator, the department concerned."
    assert "الإدارة المعنية" in told.ar
    assert refused.value.facts["allowed"] == ["admin", "department:own"]
    assert refused.value.status == 403


def test_an_action_that_is_not_in_the_table_is_a_mistake_of_the_program():
    with pytest.raises(KeyError):
        TABLE.check(Actor(subject="x", role="admin"), "mission.paint")


@pytest.mark.parametrize("roles", [(), ("king",)])
def test_a_table_with_unknown_roles_or_nobody_is_refused(roles):
    with pytest.raises(ValueError, match=r"mission\.close"):
        Permissions({"mission.close": roles})
