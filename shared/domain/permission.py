"""Who may do what: one readable table for each service."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from shared.contracts.text import Text
from shared.domain.actor import Actor
from shared.domain.delegation import check_covered
from shared.domain.naming import in_arabic
from shared.domain.refusal import Forbidden

NEVER = datetime(1, 1, 1, tzinfo=UTC)

OWN = "department:own"
"""In a table: a department, where it is among those concerned."""

OWN_MISSION = "mission:own"
"""In a table: a head of mission, where the mission that they head is among those concerned."""

_SCOPES = {"department": OWN, "head-of-mission": OWN_MISSION}
"""What stands in a table for a role that acts for its own only."""

ROLES = {
    "admin": Text(en="administrator", ar="مدير النظام"),
    "follow-up-office": Text(en="follow-up office", ar="مكتب المتابعة"),
    "department": Text(en="department", ar="إدارة"),
    OWN: Text(en="the department concerned", ar="الإدارة المعنية"),
    "head-of-mission": Text(en="head of mission", ar="رئيس بعثة"),
    OWN_MISSION: Text(en="the head of the mission concerned", ar="رئيس البعثة المعنية"),
    "issuer": Text(en="issuer", ar="الجهة المُصدِرة"),
    "controller": Text(en="controller", ar="جهة رقابية"),
    "auditor": Text(en="auditor", ar="مدقق"),
    "service": Text(en="service", ar="خدمة"),
}
"""Every role that a table may name, as people read it."""


class NotPermitted(Forbidden):
    """The actor's role is not among those that may do it."""

    slug = "not-permitted"
    detail = Text(
        en="{action} is not for the role {role_en}; these may do it: {roles_en}.",
        ar="الإجراء «{action_ar}» ليس للدور {role_ar}؛ يجوز لكل من: {roles_ar}.",
    )

    def told(self) -> Text:
        """Name the roles in the reader's language."""
        allowed = [ROLES[role] for role in self.facts["allowed"]]
        own = ROLES.get(self.facts["role"], Text(en=self.facts["role"]))
        return self.detail.format(
            **self.facts,
            **in_arabic(self.facts),
            role_en=own.in_language("en"),
            role_ar=own.in_language("ar"),
            roles_en=", ".join(role.in_language("en") for role in allowed),
            roles_ar="، ".join(role.in_language("ar") for role in allowed),
        )


class Permissions:
    """A table of actions and the roles that may do them.

    ``department:own`` lets a department act only where it is among those concerned, ``mission:own`` a head of
    mission for that mission only. An action that the table does not name is a programming error, and a
    KeyError: nothing is allowed by silence. Whoever acts on behalf of somebody needs a delegation besides,
    which no table knows: `check` refuses them, and `shared/service/permitting.py` asks for it.

    Raises:
        ValueError: the table names a role that does not exist, or nobody for an action.
    """

    def __init__(self, table: Mapping[str, tuple[str, ...]]) -> None:
        for action, roles in table.items():
            unknown = [role for role in roles if role not in ROLES]
            if unknown or not roles:
                raise ValueError(f"{action} names {unknown or 'no role'}; roles are {', '.join(ROLES)}")
        self.table = dict(table)

    def allows(
        self, actor: Actor, action: str, departments: Iterable[str] = (), missions: Iterable[str] = ()
    ) -> bool:
        """Tell whether the role may do `action` where `departments` and `missions` are concerned."""
        roles = self.table[action]
        if actor.role in roles and ":" not in actor.role:
            return True
        if _SCOPES.get(actor.role) not in roles:
            return False
        own, concerned = (
            (actor.department, departments) if actor.role == "department" else (actor.mission, missions)
        )
        return own is not None and own in tuple(concerned)

    def check_role(
        self, actor: Actor, action: str, departments: Iterable[str] = (), missions: Iterable[str] = ()
    ) -> None:
        """Refuse as forbidden what the table does not allow; the refusal names the roles that may."""
        if not self.allows(actor, action, departments, missions):
            raise NotPermitted(action=action, role=actor.role, allowed=list(self.table[action]))

    def check(
        self, actor: Actor, action: str, departments: Iterable[str] = (), missions: Iterable[str] = ()
    ) -> None:
        """Refuse what the table does not allow, and everything that is done on behalf of somebody else."""
        self.check_role(actor, action, departments, missions)
        check_covered(None, actor, action, NEVER)
