"""The competences of a ministry: who decides on the postings of which staff, who signs closing minutes."""

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

from services.registry.organisation import refusals
from services.registry.organisation.declared import Declared, declared_at, with_declaration
from shared.contracts.event import Event
from shared.contracts.registry import Competence, CompetencesDeclared, SigningDeclared, SigningSide
from shared.domain import Aggregate, Moment

MINISTRY = "ministry"
"""The id of the one organisation that a registry serves."""


class Organisation(Aggregate):
    """Competences as they were declared; nobody who asks for a posting, or signs, says who is competent.

    `signing` has what each department declared that it signs, in the order of law.
    """

    kind = "organisation"
    snapshot_version = 4

    competences: dict[str, Competence] = field(default_factory=dict)
    signing: dict[str, tuple[Declared, ...]] = field(default_factory=dict)

    def declare(self, competences: Sequence[Competence], moment: Moment) -> None:
        """Declare competences; those that are known are left alone, others than known are refused."""
        for one in competences:
            if self.knows_otherwise(one):
                known = self.competences[one.category]
                if known.authority == one.authority:
                    raise refusals.TermKnownOtherwise(category=one.category)
                raise refusals.CompetenceKnownOtherwise(
                    category=one.category, authority=known.authority, given=one.authority
                )
        if new := tuple(one for one in competences if one.category not in self.competences):
            self.record(CompetencesDeclared(competences=new), moment)

    def knows_otherwise(self, declared: Competence) -> bool:
        """Whether the category is known with another authority or another term; its title does not matter."""
        known = self.competences.get(declared.category)
        return known is not None and known.model_copy(update={"title": declared.title}) != declared

    def competence_for(self, category: str) -> Competence:
        """Return who decides on a category, and the terms of its postings; refuse where none is declared."""
        if category not in self.competences:
            raise refusals.CategoryUnknown(category=category)
        return self.competences[category]

    def competent_for(self, category: str) -> str:
        """Return the authority that decides on a category; refuse where none is declared."""
        return self.competence_for(category).authority

    def check_competent(self, staff: str, category: str, by: str) -> Competence:
        """Refuse another authority than the one that decides on the category; return its terms."""
        competence = self.competence_for(category)
        if by != competence.authority:
            raise refusals.NotCompetent(staff=staff, by=by, category=category, authority=competence.authority)
        return competence

    def note_signing(self, department: str, signs: tuple[SigningSide, ...], moment: Moment) -> None:
        """Note for which sides a department declared that it signs."""
        self.record(SigningDeclared(department=department, signs=signs), moment)

    def who_signs(self, side: str, at: datetime | None = None) -> tuple[str, ...]:
        """Return the departments that sign for a side by the last declarations, or those of a moment."""
        return tuple(sorted(key for key in self.signing if side in self._signs(key, at)))

    def signs_next(self, department: str, side: str, after: datetime) -> datetime | None:
        """Return the first moment after another since which a department signs for a side."""
        declared = self.signing.get(department, ())
        return next((one.since for one in declared if one.since > after and side in one.signs), None)

    def _signs(self, department: str, at: datetime | None) -> tuple[SigningSide, ...]:
        declared = self.signing[department]
        in_force = declared[-1] if at is None else declared_at(declared, at)
        return () if in_force is None else in_force.signs

    def evolve(self, event: Event) -> None:
        """Change state by one event."""
        match event:
            case CompetencesDeclared(competences=competences):
                self.competences |= {one.category: one for one in competences}
            case SigningDeclared(department=department, signs=signs):
                declared = Declared(self.last_effective_at, signs)
                self.signing[department] = with_declaration(self.signing.get(department, ()), declared)
