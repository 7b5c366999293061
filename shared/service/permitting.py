"""Permission to act, where somebody may act on behalf of somebody else.

Most acts are somebody's own: the table alone decides, before anything is read. Whoever acts on behalf of a
head is held against the department that their token names, and that in the command's turn: a delegation that
ends in between makes the command fail, as everything else does that it read.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from shared.domain import Actor
from shared.domain.delegation import check_covered
from shared.domain.leadership import Leadership
from shared.domain.permission import Permissions
from shared.eventstore.command import Instruction, Turn

LeadershipOf = Callable[[Turn, str], Leadership]
"""Reads who leads a department, by the service's own aggregate of it."""


class Permitting:
    """The table of a service, and the delegations that it knows of.

    Args:
        table: who may do what.
        leadership_of: who leads a department, and who acts for its head.
    """

    def __init__(self, table: Permissions, leadership_of: LeadershipOf) -> None:
        self.table = table
        self._leadership_of = leadership_of

    def ask(
        self, by: Instruction, action: str, departments: Iterable[str] = (), missions: Iterable[str] = ()
    ) -> Instruction:
        """Refuse what the table does not allow; return the instruction with which the command goes on.

        That of a stand-in has the condition that a delegation is in force in its turn, and was at the moment
        of which the caller says that it is, beside its own. The days of a dossier's steps are none such.
        """
        self.table.check_role(by.actor, action, departments, missions)
        if by.actor.on_behalf_of is None:
            return by
        asked = by.condition

        def condition(turn: Turn) -> None:
            if asked is not None:
                asked(turn)
            self._check_covered(turn, action, by.effective_at)

        return replace(by, condition=condition)

    def check(
        self, turn: Turn, action: str, departments: Iterable[str] = (), missions: Iterable[str] = ()
    ) -> None:
        """Refuse in the turn: where only the aggregates tell which departments and missions are concerned."""
        self.table.check_role(turn.actor, action, departments, missions)
        self._check_covered(turn, action, turn.moment.effective_at)

    def _check_covered(self, turn: Turn, action: str, said: datetime | None) -> None:
        if turn.actor.on_behalf_of is None:
            return
        now = turn.moment.recorded_at
        claimed = None if said == now else said
        check_covered(self._led(turn, turn.actor), turn.actor, action, now, claimed)

    def _led(self, turn: Turn, actor: Actor) -> Leadership | None:
        return None if actor.department is None else self._leadership_of(turn, actor.department)
