"""The competences of a ministry: which authority decides on the postings of which category of staff."""

from collections.abc import Sequence
from dataclasses import field

from services.registry.organisation import refusals
from shared.contracts.event import Event
from shared.contracts.registry import Competence, CompetencesDeclared
from shared.domain import Aggregate, Moment

MINISTRY = "ministry"
"""The id of the one organisation that a registry serves."""


class Organisation(Aggregate):
    """Competences as the dossiers declared them; nobody who asks for a posting says who is competent."""

    kind = "organisation"

    competences: dict[str, str] = field(default_factory=dict)

    def declare(self, competences: Sequence[Competence], moment: Moment) -> None:
        """Declare competences; those that are known are left alone, others than known are refused."""
        for one in competences:
            known = self.competences.get(one.category, one.authority)
            if known != one.authority:
                raise refusals.CompetenceKnownOtherwise(
                    category=one.category, authority=known, given=one.authority
                )
        if new := tuple(one for one in competences if one.category not in self.competences):
            self.record(CompetencesDeclared(competences=new), moment)

    def competent_for(self, category: str) -> str:
        """Return the authority that decides on a category; refuse where none is declared."""
        if category not in self.competences:
            raise refusals.CategoryUnknown(category=category)
        return self.competences[category]

    def check_competent(self, staff: str, category: str, by: str) -> None:
        """Refuse another authority than the one that decides on the category."""
        authority = self.competent_for(category)
        if by != authority:
            raise refusals.NotCompetent(staff=staff, by=by, category=category, authority=authority)

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case CompetencesDeclared(competences=declared):
                self.competences |= {one.category: one.authority for one in declared}
