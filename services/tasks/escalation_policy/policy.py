"""A policy of escalation: each declaration is a version of its ladder, and no version is ever changed."""

from collections.abc import Set
from datetime import datetime

from services.tasks.calendar import LabelTaken, NoSuchVersion
from services.tasks.moments import must_follow
from services.tasks.task import UnknownDepartment
from shared.contracts import tasks as said
from shared.contracts.event import Event
from shared.domain import Aggregate, Invalid, Moment, Text
from shared.domain.permission import ROLES

STANDING = "default"
"""The policy that is followed where a decree has none under its own id."""


ROLES_OF_PEOPLE = tuple(role for role in ROLES if ":" not in role and role != "service")
"""The roles that somebody can answer in."""


class NoSuchRole(Invalid):
    """A step goes to people: to a role that a token can carry."""

    slug = "no-such-role"
    title = Text(en="There is no such role", ar="لا وجود لهذا الدور")
    detail = Text(
        en="A step of the ladder goes to {roles}, and there is no such role; there are: {known}.",
        ar="إحدى درجات السلّم موجهة إلى {roles} ولا وجود لهذا الدور؛ والأدوار هي: {known}.",
    )


class EscalationPolicy(Aggregate):
    """A ladder under a name; its newest version is followed by the escalations that begin."""

    kind = "escalation-policy"
    snapshot_version = 2

    ladders: tuple[said.Ladder, ...] = ()
    declared_at: datetime | None = None

    def declare(self, ladder: said.Ladder, departments: Set[str], moment: Moment) -> int:
        """Declare the next version and return its number; `departments` are the known ones among those named.

        Refuses a label that an earlier version has, departments that nobody registered and roles that do not
        exist.
        """
        if any(ladder.label == earlier.label for earlier in self.ladders):
            raise LabelTaken(kind=self.kind, id=self.id, label=ladder.label)
        if unknown := [key for key in departments_of(ladder) if key not in departments]:
            raise UnknownDepartment(departments=", ".join(unknown))
        if foreign := [key for key in _named(ladder, said.Recipient.ROLE) if key not in ROLES_OF_PEOPLE]:
            raise NoSuchRole(roles=", ".join(foreign), known=", ".join(ROLES_OF_PEOPLE))
        must_follow(moment, self.declared_at)
        declared = said.EscalationPolicyDeclared(
            policy=self.id, version=self.version + 1, ladder=ladder, declared_at=moment.effective_at
        )
        self.record(declared, moment)
        return self.version

    def of_version(self, number: int) -> said.Ladder:
        """Return a version of the ladder; refuse where there is none."""
        if not 1 <= number <= len(self.ladders):
            raise NoSuchVersion(kind=self.kind, id=self.id, version=number)
        return self.ladders[number - 1]

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case said.EscalationPolicyDeclared():
                self.ladders, self.declared_at = (*self.ladders, event.ladder), event.declared_at


def departments_of(ladder: said.Ladder) -> tuple[str, ...]:
    """The departments that a ladder names, each once."""
    return _named(ladder, said.Recipient.DEPARTMENT)


def _named(ladder: said.Ladder, to: said.Recipient) -> tuple[str, ...]:
    named = (step.named for step in ladder.steps if step.to is to)
    return tuple(dict.fromkeys(key for key in named if key is not None))
